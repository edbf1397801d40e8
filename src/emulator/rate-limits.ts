/** Token buckets of one account, reading and writing apart. */
export interface RateLimits {
  /** False if the bucket has too little. */
  readonly take: (method: string, path: string) => boolean;
  /** The body of `GET /account/limits`. */
  readonly described: () => Readonly<Record<string, unknown>>;
}

/** The Basic tier (docs.kalshi.com/getting_started/rate_limits, September 2026). */
const READ = { refill_rate: 200, bucket_capacity: 600 };
const WRITE = { refill_rate: 100, bucket_capacity: 100 };
const USUAL = 10;
const CANCEL = 2;

const costOf = (method: string, path: string): number =>
  method === 'DELETE' || /^\/portfolio\/orders\/[^/]+$/.test(path) ? CANCEL : USUAL;

/** Continuous refill by wall time; buckets begin full. */
export function rateLimits(wallMillis: () => number): RateLimits {
  const levels = { read: READ.bucket_capacity, write: WRITE.bucket_capacity };
  let at = wallMillis();
  return {
    take: (method, path) => {
      const now = wallMillis();
      const seconds = Math.max(0, now - at) / 1000;
      at = now;
      levels.read = Math.min(READ.bucket_capacity, levels.read + seconds * READ.refill_rate);
      levels.write = Math.min(WRITE.bucket_capacity, levels.write + seconds * WRITE.refill_rate);
      const bucket = method === 'GET' ? 'read' : 'write';
      const cost = costOf(method, path);
      if (levels[bucket] < cost) return false;
      levels[bucket] -= cost;
      return true;
    },
    described: () => ({ grants: [], read: READ, write: WRITE, usage_tier: 'basic' }),
  };
}
