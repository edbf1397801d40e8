import { type Micros, SECOND } from '../../../domain/time.ts';
import { NOTHING_OVERPAID } from '../../../venues/kalshi/fees.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import type { HeldOrder } from './matching.ts';
import type { OrderParts } from './order-parts.ts';
import { type CreateBody, readBody } from './order-request.ts';
import { checkTerms, placedBody } from './order-terms.ts';
import type { KalshiOutput } from './port.ts';
import { closable } from './position.ts';
import { jsonAnswer, refusals } from './refusal.ts';

/**
 * Creates orders by V2 on parsed JSON (docs.kalshi.com/api-reference/orders, `/portfolio/events/orders`): YES
 * prices, bids and asks, decimal strings. A `client_order_id` can never be used again, not even that of a
 * fill-or-kill order that was killed; such an order is not listed.
 */
export function kalshiOrderEntry(parts: OrderParts): (json: unknown, out: KalshiOutput[]) => EmulatedAnswer {
  const { accounts, groups, matching, funds, now, clientIds } = parts;
  let made = 0;

  const planOf = ({ view, prevention }: HeldOrder) =>
    matching.market(view.ticker)?.overlay.plan(view.side, view.ticks, view.remaining, prevention);
  const crossesNow = (held: HeldOrder): boolean => {
    const plan = planOf(held);
    return plan !== undefined && (plan.filled > 0 || plan.stopped || plan.ownCancelled.length > 0);
  };
  const expiryOf = (body: CreateBody): EmulatedAnswer | Micros | undefined => {
    if (body.expiration_time === undefined) return undefined;
    if (body.time_in_force !== 'good_till_canceled')
      return refusals.invalidOrder('expiration_time is only allowed with good_till_canceled');
    const at = body.expiration_time * SECOND;
    return at > now() ? at : refusals.invalidOrder('expiration_time is in the past');
  };

  return (json, out) => {
    const read = readBody('CreateOrderV2Request', json);
    if ('refusal' in read) return read.refusal;
    const { body } = read;
    const { ticker, price, subaccount = 0 } = body;
    const terms = checkTerms(parts, { ticker, exchangeIndex: body.exchange_index, price, count: body.count });
    if ('kind' in terms) return terms;
    const clientOrderId = body.client_order_id ?? '';
    if (clientOrderId !== '' && clientIds.has(clientOrderId)) return refusals.duplicate();
    const expiresAt = expiryOf(body);
    if (typeof expiresAt === 'object') return expiresAt;
    const group = body.order_group_id === undefined ? undefined : groups.get(body.order_group_id);
    if (body.order_group_id !== undefined) {
      // A group is of one shard and one subaccount, and orders of others cannot join it.
      if (group?.exchangeIndex !== terms.exchangeIndex || group.subaccount !== subaccount)
        return refusals.notFound();
      if (group.triggered) return refusals.groupTriggered();
    }

    const { position } = accounts.of(subaccount).position(ticker);
    const count = body.reduce_only ? closable(body.side, position, terms.count) : terms.count;
    const at = now();
    const before: HeldOrder = {
      view: {
        orderId: `0dde0000-0000-4000-8000-${(made + 1).toString(16).padStart(12, '0')}`,
        clientOrderId,
        ticker,
        exchangeIndex: terms.exchangeIndex,
        subaccount,
        side: body.side,
        ticks: terms.ticks,
        status: count > 0 ? 'resting' : 'canceled',
        initial: terms.count,
        filled: 0,
        remaining: count,
        takerCostMicroDollars: 0,
        makerCostMicroDollars: 0,
        takerFeesMicroDollars: 0,
        makerFeesMicroDollars: 0,
        createdAt: at,
        updatedAt: at,
        expiresAt,
        groupId: group?.id,
        cancelOnPause: body.cancel_order_on_pause ?? false,
      },
      prevention: body.self_trade_prevention_type,
      accumulator: NOTHING_OVERPAID,
    };
    if (body.post_only && crossesNow(before)) return refusals.invalidOrder('post only cross');
    if (!funds.affords(before)) return refusals.insufficient();
    if (clientOrderId !== '') clientIds.add(clientOrderId);
    if (body.time_in_force === 'fill_or_kill' && planOf(before)?.filled !== count)
      return refusals.unfillable();
    made++;
    const after = matching.place(before, body.time_in_force === 'good_till_canceled', out);
    return jsonAnswer(placedBody(before, after, parts), 201);
  };
}
