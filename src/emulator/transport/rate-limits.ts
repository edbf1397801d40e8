import type { EmulatedRequest } from './emulated-venue.ts';

/** Token buckets of one account, separate for reads and writes. */
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

const itemsOf = (body: string): number => {
  try {
    const { orders } = JSON.parse(body) as { readonly orders?: unknown };
    return Array.isArray(orders) ? Math.max(1, orders.length) : 1;
  } catch {
    // A body that is not JSON is refused later, and costs one call.
    return 1;
  }
};
const costOf = ({ method, path, body }: EmulatedRequest): number => {
  const [bare = ''] = path.split('?', 1);
  const cost = PATTERNS.find((row) => row.method === method && row.pattern.test(bare))?.cost ?? USUAL;
  return bare.endsWith('/batched') ? cost * itemsOf(body) : cost;
};

/** The body of `GET /account/endpoint_costs`. */
export const endpointCosts = (): Readonly<Record<string, unknown>> => ({
  default_cost: USUAL,
  endpoint_costs: COSTS,
});

/** Continuous refill by wall time; buckets begin full. */
export function rateLimits(wallMillis: () => number): RateLimits {
  const levels = { read: READ.bucket_capacity, write: WRITE.bucket_capacity };
  let at = wallMillis();
  return {
    take: (request) => {
      const now = wallMillis();
      const seconds = Math.max(0, now - at) / 1000;
      at = now;
      levels.read = Math.min(READ.bucket_capacity, levels.read + seconds * READ.refill_rate);
      levels.write = Math.min(WRITE.bucket_capacity, levels.write + seconds * WRITE.refill_rate);
      const bucket = request.method === 'GET' ? 'read' : 'write';
      const cost = costOf(request);
      if (levels[bucket] < cost) return false;
      levels[bucket] -= cost;
      return true;
    },
    described: () => ({ grants: [], read: READ, write: WRITE, usage_tier: 'basic' }),
  };
}
