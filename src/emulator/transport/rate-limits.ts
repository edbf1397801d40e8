import type { EmulatedRequest } from './emulated-venue.ts';

/** Token buckets of one account: one for reads, and one for the writes of each shard. */
export interface RateLimits {
  /** False if the bucket has too few tokens. A batch costs as much as its orders would one by one. */
  readonly take: (request: EmulatedRequest) => boolean;
  /** The body of `GET /account/limits`. */
  readonly described: () => Readonly<Record<string, unknown>>;
}

/** The Basic tier (docs.kalshi.com/getting_started/rate_limits, September 2026). */
const READ = { refill_rate: 200, bucket_capacity: 600 };
const WRITE = { refill_rate: 100, bucket_capacity: 100 };
const USUAL = 10;

/** The emulated calls with an unusual cost (`GET /account/endpoint_costs`, 25 September 2026). */
const COSTS: readonly { readonly method: string; readonly path: string; readonly cost: number }[] = [
  { method: 'DELETE', path: '/trade-api/v2/portfolio/events/orders', cost: 2 },
  { method: 'DELETE', path: '/trade-api/v2/portfolio/events/orders/batched', cost: 2 },
  { method: 'DELETE', path: '/trade-api/v2/portfolio/events/orders/:order_id', cost: 2 },
  { method: 'GET', path: '/trade-api/v2/portfolio/orders/:order_id', cost: 2 },
];
const PATTERNS = COSTS.map(({ method, path, cost }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`),
  cost,
}));

type Json = Readonly<Record<string, unknown>>;

const parsed = (body: string): Json => {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Json) : {};
  } catch {
    // A body that is not JSON is refused later, and costs one call.
    return {};
  }
};
const costOf = ({ method, path }: EmulatedRequest): number => {
  const [bare = ''] = path.split('?', 1);
  return PATTERNS.find((row) => row.method === method && row.pattern.test(bare))?.cost ?? USUAL;
};

/**
 * The shard that bills a write: the one that is named, or 0 if neither a shard nor a market is. Undefined is
 * all of them: for a write that is routed by a market's ticker, and for a cancel-all.
 */
function shardOf(terms: Json, routes: boolean): number | undefined {
  const named = terms['exchange_index'];
  const index = typeof named === 'string' ? Number(named) : named;
  if (typeof index === 'number' && index >= 0) return index;
  const byTicker = terms['market_ticker'] !== undefined || terms['ticker'] !== undefined || index === -1;
  return routes && !byTicker ? 0 : undefined;
}

/** What each bucket of writes is billed by one request. */
function billed(request: EmulatedRequest, shards: readonly number[]): ReadonlyMap<number, number> {
  const { method, path, body } = request;
  const { pathname, searchParams } = new URL(path, 'http://kalshi');
  const cost = costOf(request);
  const json = parsed(body);
  const { orders } = json;
  const items =
    pathname.endsWith('/batched') && Array.isArray(orders) && orders.length > 0
      ? orders.map((item) => (typeof item === 'object' && item !== null ? (item as Json) : {}))
      : [{ ...json, ...Object.fromEntries(searchParams) }];
  // A create names its market always, and a cancel-all goes everywhere.
  const everywhere = pathname.endsWith('/orders') || (method === 'POST' && pathname.endsWith('/batched'));
  const bill = new Map<number, number>();
  for (const item of items) {
    const shard = shardOf(item, !everywhere);
    // A shard that does not exist refuses later, and is billed as if it were not named.
    for (const each of shard !== undefined && shards.includes(shard) ? [shard] : shards)
      bill.set(each, (bill.get(each) ?? 0) + cost);
  }
  return bill;
}

/** The body of `GET /account/endpoint_costs`. */
export const endpointCosts = (): Readonly<Record<string, unknown>> => ({
  default_cost: USUAL,
  endpoint_costs: COSTS,
});

/**
 * Continuous refill by wall time; buckets begin full. Each of `shards` has its own bucket of writes, of the
 * same size. A write that names its `exchange_index` takes from that one, and one that is routed by its
 * market's ticker from all.
 */
export function rateLimits(wallMillis: () => number, shards: readonly number[] = [0]): RateLimits {
  const own = [...new Set(shards)];
  let reads = READ.bucket_capacity;
  const writes = new Map(own.map((shard) => [shard, WRITE.bucket_capacity]));
  let at = wallMillis();
  return {
    take: (request) => {
      const now = wallMillis();
      const seconds = Math.max(0, now - at) / 1000;
      at = now;
      reads = Math.min(READ.bucket_capacity, reads + seconds * READ.refill_rate);
      for (const [shard, level] of writes)
        writes.set(shard, Math.min(WRITE.bucket_capacity, level + seconds * WRITE.refill_rate));
      if (request.method === 'GET') {
        const cost = costOf(request);
        if (reads < cost) return false;
        reads -= cost;
        return true;
      }
      const bill = billed(request, own);
      for (const [shard, cost] of bill) if ((writes.get(shard) ?? 0) < cost) return false;
      for (const [shard, cost] of bill) writes.set(shard, (writes.get(shard) ?? 0) - cost);
      return true;
    },
    described: () => ({ grants: [], read: READ, write: WRITE, usage_tier: 'basic' }),
  };
}
