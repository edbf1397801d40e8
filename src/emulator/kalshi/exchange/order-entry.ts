import { DOLLAR_TICKS } from '../../../domain/money.ts';
import { MILLISECOND, type Micros, SECOND } from '../../../domain/time.ts';
import { NOTHING_OVERPAID } from '../../../venues/kalshi/fees.ts';
import { onGrid } from '../../../venues/kalshi/tick-grid.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import type { KalshiAccount } from './account.ts';
import type { KalshiFunds } from './funds.ts';
import type { HeldOrder, KalshiMatching } from './matching.ts';
import type { OrderGroups } from './order-groups.ts';
import { type CreateBody, readBody, readCount, readPrice } from './order-request.ts';
import type { KalshiOutput } from './port.ts';
import { closable } from './position.ts';
import { jsonAnswer, refusals } from './refusal.ts';

/** Order entry V2 on parsed JSON bodies. */
export interface KalshiOrderEntry {
  readonly create: (json: unknown, out: KalshiOutput[]) => EmulatedAnswer;
  readonly amend: (orderId: string, json: unknown, out: KalshiOutput[]) => EmulatedAnswer;
  readonly decrease: (orderId: string, json: unknown, out: KalshiOutput[]) => EmulatedAnswer;
  readonly cancel: (orderId: string, out: KalshiOutput[]) => EmulatedAnswer;
  readonly cancelAll: (out: KalshiOutput[]) => EmulatedAnswer;
}

/** The parts that order entry needs. */
export interface OrderEntryParts {
  readonly account: KalshiAccount;
  readonly groups: OrderGroups;
  readonly matching: KalshiMatching;
  readonly funds: KalshiFunds;
  readonly now: () => Micros;
  readonly trading: () => boolean;
}

/** Writes "0.520000" as "0.5200": four decimals unless more are needed. */
const averageText = (micros: number): string => {
  const text = (micros / 1e6).toFixed(6);
  return text.endsWith('00') ? text.slice(0, -2) : text;
};

/** The fields about the fills of one call: the average price of YES, and the average fee of a contract. */
function averages(before: HeldOrder, after: HeldOrder): Readonly<Record<string, string>> {
  const count = after.view.filled - before.view.filled;
  if (count === 0) return {};
  const cost = after.view.takerCostMicroDollars - before.view.takerCostMicroDollars;
  const fee = after.view.takerFeesMicroDollars - before.view.takerFeesMicroDollars;
  const yes = after.view.side === 'bid' ? cost : DOLLAR_TICKS * count - cost;
  return {
    average_fill_price: averageText(Math.round((yes * 100) / count)),
    average_fee_paid: averageText(Math.round((fee * 100) / count)),
  };
}

/**
 * Order entry V2 (docs.kalshi.com/api-reference/orders, `/portfolio/events/orders`): YES prices, bids and
 * asks, decimal strings. Only subaccount 0 exists. A `client_order_id` can never be used again. An amended
 * order keeps its place only for a smaller size at the same price.
 */
export function kalshiOrderEntry({
  account,
  groups,
  matching,
  funds,
  now,
  trading,
}: OrderEntryParts): KalshiOrderEntry {
  const clientIds = new Set<string>();
  let made = 0;

  const millis = (): number => Math.floor(now() / MILLISECOND);
  const tradable = (ticker: string): EmulatedAnswer | undefined => {
    const market = matching.market(ticker);
    if (!market) return refusals.notFound();
    const { openAt, closeAt } = market.contract();
    if (now() >= closeAt || now() < openAt || !market.started()) return refusals.marketInactive();
    return undefined;
  };
  const checkTerms = (
    ticker: string,
    exchangeIndex: number | undefined,
    price: string,
    count: string,
  ): EmulatedAnswer | { readonly ticks: number; readonly count: number; readonly exchangeIndex: number } => {
    const refusal = tradable(ticker);
    if (refusal) return refusal;
    if (!trading()) return refusals.paused();
    const contract = matching.market(ticker)?.contract();
    if (!contract) return refusals.notFound();
    if (exchangeIndex !== undefined && exchangeIndex !== -1 && exchangeIndex !== contract.exchangeIndex)
      return refusals.invalidParameters(`exchange_index: ${ticker} is on ${contract.exchangeIndex}`);
    const ticks = readPrice(price);
    if (ticks === undefined || !onGrid(contract.tickBands, ticks)) return refusals.invalidPrice();
    const wanted = readCount(count);
    if (wanted === undefined) return refusals.invalidOrder('count must be positive, in steps of 0.01');
    return { ticks, count: wanted, exchangeIndex: contract.exchangeIndex };
  };
  const created = (before: HeldOrder, after: HeldOrder): Readonly<Record<string, unknown>> => ({
    ...averages(before, after),
    ...(after.view.clientOrderId !== '' && { client_order_id: after.view.clientOrderId }),
    fill_count: fixedPointText(after.view.filled),
    order_id: after.view.orderId,
    remaining_count: fixedPointText(after.view.remaining),
    ts_ms: millis(),
  });
  const crossesNow = (held: HeldOrder): boolean => {
    const { ticker, side, ticks, remaining } = held.view;
    const plan = matching.market(ticker)?.overlay.plan(side, ticks, remaining, held.prevention);
    return plan !== undefined && (plan.filled > 0 || plan.stopped || plan.ownCancelled.length > 0);
  };
  const expiryOf = (body: CreateBody): EmulatedAnswer | Micros | undefined => {
    if (body.expiration_time === undefined) return undefined;
    if (body.time_in_force !== 'good_till_canceled')
      return refusals.invalidOrder('expiration_time is only allowed with good_till_canceled');
    const at = body.expiration_time * SECOND;
    return at > now() ? at : refusals.invalidOrder('expiration_time is in the past');
  };

  const create = (json: unknown, out: KalshiOutput[]): EmulatedAnswer => {
    const read = readBody('CreateOrderV2Request', json);
    if ('refusal' in read) return read.refusal;
    const { body } = read;
    const terms = checkTerms(body.ticker, body.exchange_index, body.price, body.count);
    if ('kind' in terms) return terms;
    const clientOrderId = body.client_order_id ?? '';
    if (clientOrderId !== '' && clientIds.has(clientOrderId)) return refusals.duplicate();
    const expiresAt = expiryOf(body);
    if (typeof expiresAt === 'object') return expiresAt;
    const group = body.order_group_id === undefined ? undefined : groups.get(body.order_group_id);
    if (body.order_group_id !== undefined && !group) return refusals.notFound();
    if (group?.triggered) return refusals.groupTriggered();

    const { position } = account.position(body.ticker);
    const count = body.reduce_only ? closable(body.side, position, terms.count) : terms.count;
    const at = now();
    const before: HeldOrder = {
      view: {
        orderId: `0dde0000-0000-4000-8000-${(made + 1).toString(16).padStart(12, '0')}`,
        clientOrderId,
        ticker: body.ticker,
        exchangeIndex: terms.exchangeIndex,
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
    if (body.time_in_force === 'fill_or_kill') {
      const plan = matching
        .market(body.ticker)
        ?.overlay.plan(body.side, terms.ticks, count, before.prevention);
      if (plan?.filled !== count) return refusals.unfillable();
    }
    made++;
    if (clientOrderId !== '') clientIds.add(clientOrderId);
    const after = matching.place(before, body.time_in_force === 'good_till_canceled', out);
    return jsonAnswer(created(before, after), 201);
  };

  return {
    create,
    amend: (orderId, json, out) => {
      const read = readBody('AmendOrderV2Request', json);
      if ('refusal' in read) return read.refusal;
      const { body } = read;
      const held = matching.order(orderId);
      if (held?.view.status !== 'resting') return refusals.notFound();
      if (held.view.ticker !== body.ticker || held.view.side !== body.side)
        return refusals.invalidOrder('ticker and side must be those of the order');
      const terms = checkTerms(body.ticker, body.exchange_index, body.price, body.count);
      if ('kind' in terms) return terms;
      const remaining = terms.count - held.view.filled;
      if (remaining <= 0) return refusals.invalidOrder('count must be more than what is filled');
      const clientOrderId = body.updated_client_order_id ?? held.view.clientOrderId;
      if (clientOrderId !== held.view.clientOrderId && clientIds.has(clientOrderId))
        return refusals.duplicate();
      const keepsPlace = terms.ticks === held.view.ticks && remaining <= held.view.remaining;
      const wanted: HeldOrder = {
        ...held,
        view: { ...held.view, clientOrderId, ticks: terms.ticks, initial: terms.count, remaining },
      };
      if (!keepsPlace && !funds.affords(wanted)) return refusals.insufficient();
      clientIds.add(clientOrderId);
      if (keepsPlace) {
        const kept = { ...wanted, view: { ...wanted.view, remaining: held.view.remaining } };
        return jsonAnswer(created(held, matching.reduce(kept, remaining, out)));
      }
      matching.lift(held, out);
      return jsonAnswer(created(held, matching.place(wanted, true, out)));
    },
    decrease: (orderId, json, out) => {
      const read = readBody('DecreaseOrderV2Request', json);
      if ('refusal' in read) return read.refusal;
      const { reduce_by: by, reduce_to: to } = read.body;
      if ((by === undefined) === (to === undefined))
        return refusals.invalidParameters('exactly one of reduce_by and reduce_to is needed');
      const held = matching.order(orderId);
      if (held?.view.status !== 'resting') return refusals.notFound();
      const inactive = tradable(held.view.ticker);
      if (inactive) return inactive;
      const amount = to === '0' || to === '0.00' ? 0 : readCount(by ?? to ?? '');
      if (amount === undefined)
        return refusals.invalidParameters('reduce_by and reduce_to are decimal strings in steps of 0.01');
      const remaining = Math.max(0, by === undefined ? amount : held.view.remaining - amount);
      if (remaining > held.view.remaining)
        return refusals.invalidOrder('reduce_to must not be more than what remains');
      const after = remaining === 0 ? matching.cancel(orderId, out) : matching.reduce(held, remaining, out);
      return jsonAnswer({
        order_id: orderId,
        ...(held.view.clientOrderId !== '' && { client_order_id: held.view.clientOrderId }),
        remaining_count: fixedPointText(after?.view.remaining ?? 0),
        ts_ms: millis(),
      });
    },
    cancel: (orderId, out) => {
      const held = matching.order(orderId);
      if (held?.view.status !== 'resting') return refusals.notFound();
      const inactive = tradable(held.view.ticker);
      if (inactive) return inactive;
      matching.cancel(orderId, out);
      return jsonAnswer({
        order_id: orderId,
        ...(held.view.clientOrderId !== '' && { client_order_id: held.view.clientOrderId }),
        reduced_by: fixedPointText(held.view.remaining),
        ts_ms: millis(),
      });
    },
    cancelAll: (out) => {
      for (const { view } of matching.resting()) matching.cancel(view.orderId, out);
      return { kind: 'answer', status: 204, body: '' };
    },
  };
}
