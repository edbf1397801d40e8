import { MILLISECOND } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import type { HeldOrder } from './matching.ts';
import type { OrderParts } from './order-parts.ts';
import { readBody, readCount } from './order-request.ts';
import { checkTerms, closed, placedBody } from './order-terms.ts';
import type { KalshiOutput } from './port.ts';
import { jsonAnswer, refusals } from './refusal.ts';
import { type RouteQuery, restingAt, routed } from './routing.ts';

/** Changes of resting orders by V2 on parsed JSON; `query` is that of the path. */
export interface OrderChanges {
  readonly amend: (orderId: string, json: unknown, query: RouteQuery, out: KalshiOutput[]) => EmulatedAnswer;
  readonly decrease: (
    orderId: string,
    json: unknown,
    query: RouteQuery,
    out: KalshiOutput[],
  ) => EmulatedAnswer;
  readonly cancel: (orderId: string, query: RouteQuery, out: KalshiOutput[]) => EmulatedAnswer;
}

const named = ({ view }: HeldOrder) =>
  view.clientOrderId === '' ? {} : { client_order_id: view.clientOrderId };

/**
 * Amends, decreases and cancels (docs.kalshi.com/api-reference/orders). Each goes to one shard and one
 * subaccount (0 if none is named), and finds only the orders there. An amended order keeps its place only
 * for a smaller size at the same price. A pause of trading refuses amendments alone.
 */
export function orderChanges(parts: OrderParts): OrderChanges {
  const { matching, funds, now, clientIds } = parts;
  const millis = (): number => Math.floor(now() / MILLISECOND);
  const find = (
    orderId: string,
    where: Pick<RouteQuery, 'exchange_index' | 'market_ticker'>,
    subaccount: number,
  ): HeldOrder | EmulatedAnswer => {
    const shard = routed(matching, where);
    if (typeof shard === 'object') return shard;
    return restingAt(matching, orderId, { shard, subaccount }) ?? refusals.notFound();
  };

  return {
    amend: (orderId, json, { subaccount = 0 }, out) => {
      const read = readBody('AmendOrderV2Request', json);
      if ('refusal' in read) return read.refusal;
      const { ticker, side, price, count, exchange_index: exchangeIndex } = read.body;
      const held = find(orderId, { exchange_index: exchangeIndex, market_ticker: ticker }, subaccount);
      if ('kind' in held) return held;
      if (held.view.ticker !== ticker || held.view.side !== side)
        return refusals.invalidOrder('ticker and side must be those of the order');
      const terms = checkTerms(parts, { ticker, exchangeIndex, price, count });
      if ('kind' in terms) return terms;
      const remaining = terms.count - held.view.filled;
      if (remaining <= 0) return refusals.invalidOrder('count must be more than what is filled');
      const clientOrderId = read.body.updated_client_order_id ?? held.view.clientOrderId;
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
        return jsonAnswer(placedBody(held, matching.reduce(kept, remaining, out), parts));
      }
      matching.lift(held, out);
      return jsonAnswer(placedBody(held, matching.place(wanted, true, out), parts));
    },
    decrease: (orderId, json, { subaccount = 0 }, out) => {
      const read = readBody('DecreaseOrderV2Request', json);
      if ('refusal' in read) return read.refusal;
      const { reduce_by: by, reduce_to: to } = read.body;
      if ((by === undefined) === (to === undefined))
        return refusals.invalidParameters('exactly one of reduce_by and reduce_to is needed');
      const held = find(orderId, read.body, subaccount);
      if ('kind' in held) return held;
      const inactive = closed(parts, held.view.ticker);
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
        ...named(held),
        remaining_count: fixedPointText(after?.view.remaining ?? 0),
        ts_ms: millis(),
      });
    },
    cancel: (orderId, query, out) => {
      const held = find(orderId, query, query.subaccount ?? 0);
      if ('kind' in held) return held;
      const inactive = closed(parts, held.view.ticker);
      if (inactive) return inactive;
      matching.cancel(orderId, out);
      return jsonAnswer({
        order_id: orderId,
        ...named(held),
        reduced_by: fixedPointText(held.view.remaining),
        ts_ms: millis(),
      });
    },
  };
}
