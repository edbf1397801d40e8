import type { EmulatedAnswer, EmulatedTimes } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import { kalshiAccount } from './account.ts';
import { kalshiFunds } from './funds.ts';
import { kalshiMatching } from './matching.ts';
import { kalshiOrderEntry } from './order-entry.ts';
import { orderGroups } from './order-groups.ts';
import { readBody, readCount, readJson } from './order-request.ts';
import type { KalshiExchange, KalshiOutput } from './port.ts';
import { kalshiPortfolioRest } from './portfolio-rest.ts';
import { jsonAnswer, refusals } from './refusal.ts';

const ROOT = '/trade-api/v2';
/** $10,000 of play money, in $0.000001. */
const OPENING = 10_000_000_000;
/** Shard of an order group whose request names none, as on the exchange. */
const DEFAULT_SHARD = 0;

/** The initial state of the exchange. */
export interface ExchangeOptions {
  /** The member's money in $0.000001. */
  readonly opening?: number;
  /** Shard under which the account's only balance is listed. */
  readonly homeShard: number;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Kalshi's exchange for one member: order entry V2, order groups and portfolio, matched against the generated
 * makers. It needs the venue's times. Its state is a function of the actions of the makers and the member.
 */
export function kalshiExchange(
  { now }: EmulatedTimes,
  { opening = OPENING, homeShard }: ExchangeOptions,
): KalshiExchange {
  let trading = true;
  /** True while a pause has begun but its orders are not yet cancelled. */
  let pausing = false;
  const account = kalshiAccount(opening);
  const groups = orderGroups();
  const matching = kalshiMatching(account, groups, now);
  const funds = kalshiFunds(account, matching);
  const entry = kalshiOrderEntry({ account, groups, matching, funds, now, trading: () => trading });
  const read = kalshiPortfolioRest({ account, groups, matching, now, collateralHeld: funds.held, homeShard });

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
  const cancelGroup = (id: string, out: KalshiOutput[]): void => {
    for (const { view } of matching.resting()) if (view.groupId === id) matching.cancel(view.orderId, out);
  };
  const group = (
    method: string,
    id: string,
    action: string | undefined,
    json: unknown,
    out: KalshiOutput[],
  ): EmulatedAnswer | undefined => {
    const at = now();
    if (method === 'POST' && id === 'create') {
      const body = readBody('CreateOrderGroupRequest', json);
      if ('refusal' in body) return body.refusal;
      const { contracts_limit: whole, contracts_limit_fp: text, exchange_index: shard } = body.body;
      const limit = text === undefined ? (whole ?? 0) * 100 : readCount(text);
      if (!limit) return refusals.invalidParameters('contracts_limit or contracts_limit_fp is needed');
      const made = groups.create(limit, shard ?? DEFAULT_SHARD, at, out);
      return jsonAnswer({ order_group_id: made.id, subaccount: 0, exchange_index: made.exchangeIndex }, 201);
    }
    if (!groups.get(id)) return refusals.notFound();
    if (method === 'DELETE') {
      cancelGroup(id, out);
      groups.remove(id, at, out);
      return jsonAnswer({});
    }
    if (method !== 'PUT') return undefined;
    switch (action) {
      case 'trigger':
        groups.trigger(id, at, out);
        cancelGroup(id, out);
        return jsonAnswer({});
      case 'reset':
        groups.reset(id, at, out);
        return jsonAnswer({});
      case 'limit': {
        const body = readBody('CreateOrderGroupRequest', json);
        if ('refusal' in body) return body.refusal;
        const { contracts_limit: whole, contracts_limit_fp: text } = body.body;
        const limit = text === undefined ? (whole ?? 0) * 100 : readCount(text);
        if (!limit) return refusals.invalidParameters('contracts_limit or contracts_limit_fp is needed');
        groups.setLimit(id, limit, at, out);
        return jsonAnswer({ contracts_limit_fp: fixedPointText(limit) });
      }
      default:
        return undefined;
    }
  };
  const orders = (
    method: string,
    id: string | undefined,
    action: string | undefined,
    json: unknown,
    out: KalshiOutput[],
  ): EmulatedAnswer | undefined => {
    if (id === undefined) {
      if (method === 'POST') return entry.create(json, out);
      return method === 'DELETE' ? entry.cancelAll(out) : undefined;
    }
    if (id === 'batched') {
      if (method === 'POST') return batch(json, (item) => entry.create(item, out), 201);
      if (method !== 'DELETE') return undefined;
      return batch(json, (item) => entry.cancel(String((item as Json | null)?.['order_id']), out), 200);
    }
    if (method === 'DELETE') return entry.cancel(id, out);
    if (method !== 'POST') return undefined;
    if (action === 'amend') return entry.amend(id, json, out);
    return action === 'decrease' ? entry.decrease(id, json, out) : undefined;
  };

  return {
    market: (emission) => {
      const out: KalshiOutput[] = [];
      matching.hear(emission, out);
      return out;
    },
    http: ({ method, path, body }, out) => {
      const below = path.slice(ROOT.length);
      if (method === 'GET') return read(below);
      const [room, name, id, action, last] = (below.split('?', 1)[0] ?? '').slice(1).split('/');
      if (room !== 'portfolio') return undefined;
      const json = readJson(body);
      if ('refusal' in json) return json.refusal;
      if (name === 'order_groups' && id !== undefined) return group(method, id, action, json.json, out);
      if (name === 'events' && id === 'orders') return orders(method, action, last, json.json, out);
      return undefined;
    },
    tick: (out) => {
      const at = now();
      for (const { view } of matching.resting()) {
        const closeAt = matching.market(view.ticker)?.contract().closeAt ?? at;
        const expired = view.expiresAt !== undefined && view.expiresAt <= at;
        if (expired || closeAt <= at || (pausing && view.cancelOnPause)) matching.cancel(view.orderId, out);
      }
      pausing = false;
    },
    setTrading: (next) => {
      if (trading && !next) pausing = true;
      trading = next;
    },
  };
}
