import { MINUTE, type Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import { orderChanges } from './order-changes.ts';
import { kalshiOrderEntry } from './order-entry.ts';
import type { OrderParts } from './order-parts.ts';
import { readBody } from './order-request.ts';
import type { KalshiOrderView, KalshiOutput } from './port.ts';
import { jsonAnswer } from './refusal.ts';
import type { RouteQuery } from './routing.ts';

/** One order call: the method and the path below `/portfolio/events/orders`. */
export interface OrderCall {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: RouteQuery;
  readonly json: unknown;
}

/** Order entry by path, and what goes wrong with it on command. */
export interface OrderRoutes {
  /** Undefined for another path. */
  readonly call: (call: OrderCall, out: KalshiOutput[]) => EmulatedAnswer | undefined;
  /** The next `count` answers to amend and cancel describe another of the member's orders, if he has one. */
  readonly misdescribe: (count: number) => void;
  /** While it is on, a cancel-all also kills what is placed in the minute after it. */
  readonly tail: (on: boolean) => void;
  /** Kills what was placed in the minute after a cancel-all. */
  readonly tick: (out: KalshiOutput[]) => void;
}

/** A cancel-all that is not over: what it kills, and until when. */
interface Tail {
  readonly subaccount: number | undefined;
  readonly until: Micros;
}

type Json = Readonly<Record<string, unknown>>;

/** The V2 calls of `/portfolio/events/orders`. An item of a batch is routed by its own fields. */
export function orderRoutes(parts: OrderParts): OrderRoutes {
  const { matching, now } = parts;
  const create = kalshiOrderEntry(parts);
  const { amend, decrease, cancel } = orderChanges(parts);
  let wrong = 0;
  let tailing = false;
  let tails: readonly Tail[] = [];

  const of =
    (subaccount: number | undefined) =>
    (view: KalshiOrderView): boolean =>
      subaccount === undefined || view.subaccount === subaccount;
  /** The known defect of the exchange (changelog of 21 May 2026): the answer is about another order. */
  const maybeWrong = (orderId: string, answer: EmulatedAnswer): EmulatedAnswer => {
    if (wrong === 0 || answer.status >= 400) return answer;
    const other = matching.orders().findLast(({ view }) => view.orderId !== orderId)?.view;
    if (!other) return answer;
    wrong--;
    const body = JSON.parse(answer.body) as Json;
    const count = fixedPointText(other.remaining);
    return jsonAnswer(
      {
        ...body,
        order_id: other.orderId,
        client_order_id: other.clientOrderId,
        ...('reduced_by' in body && { reduced_by: count }),
        ...('remaining_count' in body && { remaining_count: count }),
        ...('fill_count' in body && { fill_count: fixedPointText(other.filled) }),
      },
      answer.status,
    );
  };
  const cancelOne = (orderId: string, query: RouteQuery, out: KalshiOutput[]): EmulatedAnswer =>
    maybeWrong(orderId, cancel(orderId, query, out));
  /** The query routes a cancel; ccxt 4.5.83 sends the same parameters as a body. */
  const cancelById = (orderId: string, query: RouteQuery, json: unknown, out: KalshiOutput[]) => {
    const read = readBody('CancelOrderV2Request', json);
    return 'refusal' in read ? read.refusal : cancelOne(orderId, { ...read.body, ...query }, out);
  };
  const cancelItem = (item: unknown, out: KalshiOutput[]): EmulatedAnswer => {
    const read = readBody('BatchCancelOrdersV2RequestOrder', item);
    return 'refusal' in read ? read.refusal : cancelOne(read.body.order_id, read.body, out);
  };
  const batch = (json: unknown, each: (item: unknown) => EmulatedAnswer, status: number): EmulatedAnswer => {
    const body = readBody('BatchRequest', json);
    if ('refusal' in body) return body.refusal;
    const orders = body.body.orders.map((item) => {
      const answer = each(item);
      const result = JSON.parse(answer.body) as Json;
      if (answer.status < 400) return result;
      const { client_order_id: clientOrderId, order_id: orderId } = (item ?? {}) as Json;
      return {
        ...(orderId !== undefined && { order_id: orderId, reduced_by: '0.00' }),
        ...(clientOrderId !== undefined && { client_order_id: clientOrderId }),
        error: result['error'] ?? result,
      };
    });
    return jsonAnswer({ orders }, status);
  };
  const cancelAll = ({ subaccount }: RouteQuery, out: KalshiOutput[]): EmulatedAnswer => {
    matching.cancelAll(of(subaccount), out);
    if (tailing) tails = [...tails, { subaccount, until: now() + MINUTE }];
    return { kind: 'answer', status: 204, body: '' };
  };

  return {
    misdescribe: (count) => {
      wrong += count;
    },
    tail: (on) => {
      tailing = on;
    },
    tick: (out) => {
      if (tails.length === 0) return;
      for (const { subaccount } of tails) matching.cancelAll(of(subaccount), out);
      tails = tails.filter(({ until }) => until > now());
    },
    call: ({ method, path: [id, action, ...rest], query, json }, out) => {
      if (rest.length > 0) return undefined;
      if (id === undefined) {
        if (method === 'POST') return create(json, out);
        return method === 'DELETE' ? cancelAll(query, out) : undefined;
      }
      if (id === 'batched') {
        if (action !== undefined) return undefined;
        if (method === 'POST') return batch(json, (item) => create(item, out), 201);
        return method === 'DELETE' ? batch(json, (item) => cancelItem(item, out), 200) : undefined;
      }
      if (method === 'DELETE') return action === undefined ? cancelById(id, query, json, out) : undefined;
      if (method !== 'POST') return undefined;
      if (action === 'amend') return maybeWrong(id, amend(id, json, query, out));
      return action === 'decrease' ? decrease(id, json, query, out) : undefined;
    },
  };
}
