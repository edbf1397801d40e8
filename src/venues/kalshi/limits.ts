import { z } from 'zod';
import type { BucketLimits } from '../../transport/token-bucket.ts';

/**
 * Read tokens per second, and the most that can be saved up, of the tier that an account begins with
 * (docs.kalshi.com/getting_started/rate_limits, 24 September 2026).
 */
export const BASIC_READ: BucketLimits = { ratePerSecond: 200, capacity: 200 };

/** No limit is published for calls without a key. We make two a second, to be polite. */
export const KEYLESS_READ: BucketLimits = { ratePerSecond: 20, capacity: 40 };

/** Tokens of most calls, including all that we make (`GET /account/endpoint_costs`, 25 September 2026). */
export const DEFAULT_COST = 10;

/** Tokens a second: one call in ten seconds. No tier has less. */
const LEAST_RATE = 1;

const bucket = z.object({ refill_rate: z.number().positive(), bucket_capacity: z.number().positive() });

/** `GET /account/limits`. */
const limitsBody = z.object({ usage_tier: z.string(), read: bucket, write: bucket });

/** The read bucket of a `GET /account/limits` body, undefined if it has another shape. */
export function readLimits(
  json: unknown,
): { readonly tier: string; readonly read: BucketLimits } | undefined {
  const { data } = limitsBody.safeParse(json);
  return (
    data && {
      tier: data.usage_tier,
      // A bucket that never fills would end REST for good.
      read: {
        ratePerSecond: Math.max(LEAST_RATE, data.read.refill_rate),
        capacity: data.read.bucket_capacity,
      },
    }
  );
}
