import type { EmulatedRequest } from './emulated-venue.ts';

/** Kinds of REST calls that a fault may be limited to. */
export const CALLS = [
  'create',
  'batchCreate',
  'amend',
  'decrease',
  'cancel',
  'batchCancel',
  'cancelAll',
  'groups',
  'read',
] as const;

/** A kind of REST call. */
export type Call = (typeof CALLS)[number];

const ORDERS = /^\/trade-api\/v2\/portfolio\/events\/orders(?:\/([^/]+))?(?:\/([^/]+))?$/;

/** The kind of a request to Kalshi; every GET is a read. Undefined for another change. */
export function callOf({ method, path }: Pick<EmulatedRequest, 'method' | 'path'>): Call | undefined {
  if (method === 'GET') return 'read';
  const [bare = ''] = path.split('?', 1);
  if (bare.startsWith('/trade-api/v2/portfolio/order_groups/')) return 'groups';
  const match = ORDERS.exec(bare);
  if (!match) return undefined;
  const [, id, action] = match;
  const deletes = method === 'DELETE';
  if (id === undefined) return deletes ? 'cancelAll' : 'create';
  if (id === 'batched') return deletes ? 'batchCancel' : 'batchCreate';
  if (deletes) return 'cancel';
  return action === 'amend' || action === 'decrease' ? action : undefined;
}
