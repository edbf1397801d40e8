import { z } from 'zod';
import type { BucketLimits } from '../../transport/token-bucket.ts';

/**
 * Read tokens per second, and the most that can be saved up, of the tier that an account begins with
 * (docs.kalshi.com/getting_started/rate_limits, 24 September 2026).
 */
export const BASIC_READ: BucketLimits = { ratePerSecond: 200, capacity: 200 };

/** No limit is published for calls without a key. We make two a second, to be polite. */
export const KEYLESS_READ: BucketLimits = { ratePerSecond: 20, capacity: 40 };

/** Write tokens of that tier, of each shard. */
export const BASIC_WRITE: BucketLimits = { ratePerSecond: 100, capacity: 100 };

/** Tokens of most calls, including all that we read (`GET /account/endpoint_costs`, 25 September 2026). */
export const DEFAULT_COST = 10;

/** Tokens of a cancel, and of each order in a batch of cancels (the same list). */
export const CANCEL_COST = 2;

/** Tokens a second: one call in ten seconds. No tier has less. */
const LEAST_RATE = 1;

const bucket = z.object({ refill_rate: z.number().positive(), bucket_capacity: z.number().positive() });

/** `GET /account/limits`. */
const limitsBody = z.object({ usage_tier: z.string(), read: bucket, write: bucket });

const limitsOf = ({ refill_rate, bucket_capacity }: z.infer<typeof bucket>): BucketLimits => ({
  // A bucket that never fills would end REST for good.
  ratePerSecond: Math.max(LEAST_RATE, refill_rate),
  capacity: bucket_capacity,
});

/**
 * The buckets of a `GET /account/limits` body, undefined if it has another shape. Each shard has its own
 * writes.
 */
export function readLimits(
  json: unknown,
): { readonly tier: string; readonly read: BucketLimits; readonly write: BucketLimits } | undefined {
  const { data } = limitsBody.safeParse(json);
  return data && { tier: data.usage_tier, read: limitsOf(data.read), write: limitsOf(data.write) };
}
