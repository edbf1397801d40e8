import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import type { KalshiMatching } from './matching.ts';
import type { OrderGroup, OrderGroups } from './order-groups.ts';
import { readBody, readCount } from './order-request.ts';
import type { KalshiOutput } from './port.ts';
import { jsonAnswer, refusals } from './refusal.ts';
import type { RouteQuery } from './routing.ts';

/** Shard of a call about a group that names none, whatever the group's own. */
const DEFAULT_SHARD = 0;

/** One change of order groups: the method and the path below `/portfolio/order_groups`. */
export interface GroupCall {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: RouteQuery;
  readonly json: unknown;
}

/** The group that a call reaches: both the shard and the subaccount default to 0. */
export const groupAt = (groups: OrderGroups, id: string, query: RouteQuery): OrderGroup | undefined => {
  const group = groups.get(id);
  const { exchange_index: shard = DEFAULT_SHARD, subaccount = 0 } = query;
  return group?.exchangeIndex === shard && group.subaccount === subaccount ? group : undefined;
};

/** The limit of a body in 0.01 contracts, or the refusal. */
function limitOf(
  json: unknown,
):
  | { readonly limit: number; readonly shard: number | undefined; readonly subaccount: number | undefined }
  | { readonly refusal: EmulatedAnswer } {
  const read = readBody('CreateOrderGroupRequest', json);
  if ('refusal' in read) return read;
  const { contracts_limit: whole, contracts_limit_fp: text, exchange_index: shard, subaccount } = read.body;
  const limit = text === undefined ? (whole ?? 0) * 100 : readCount(text);
  if (!limit)
    return { refusal: refusals.invalidParameters('contracts_limit or contracts_limit_fp is needed') };
  return { limit, shard, subaccount };
}

/**
 * Changes of order groups (docs.kalshi.com/api-reference/order-groups). A limit that the rolling window has
 * reached already triggers the group at once. Undefined for another path.
 */
export function groupRoutes(
  groups: OrderGroups,
  matching: KalshiMatching,
  now: () => Micros,
): (call: GroupCall, out: KalshiOutput[]) => EmulatedAnswer | undefined {
  const cancelGroup = (id: string, out: KalshiOutput[]): void =>
    matching.cancelAll((view) => view.groupId === id, out);
  return ({ method, path: [id, action, ...rest], query, json }, out) => {
    if (id === undefined || rest.length > 0) return undefined;
    const at = now();
    if (method === 'POST' && id === 'create' && action === undefined) {
      const asked = limitOf(json);
      if ('refusal' in asked) return asked.refusal;
      const { limit, shard: exchangeIndex = DEFAULT_SHARD, subaccount = 0 } = asked;
      const made = groups.create({ limit, exchangeIndex, subaccount }, at, out);
      return jsonAnswer({ order_group_id: made.id, subaccount, exchange_index: exchangeIndex }, 201);
    }
    const removes = method === 'DELETE' && action === undefined;
    if (!removes && !(method === 'PUT' && ['trigger', 'reset', 'limit'].includes(action ?? '')))
      return undefined;
    if (!groupAt(groups, id, query)) return refusals.notFound();
    if (removes) {
      cancelGroup(id, out);
      groups.remove(id, at, out);
      return jsonAnswer({});
    }
    if (action === 'trigger') {
      groups.trigger(id, at, out);
      cancelGroup(id, out);
      return jsonAnswer({});
    }
    if (action === 'reset') {
      groups.reset(id, at, out);
      return jsonAnswer({});
    }
    const asked = limitOf(json);
    if ('refusal' in asked) return asked.refusal;
    if (groups.setLimit(id, asked.limit, at, out)) cancelGroup(id, out);
    return jsonAnswer({ contracts_limit_fp: fixedPointText(asked.limit) });
  };
}
