import { z } from 'zod';
import type { BucketLimits } from '../../transport/token-bucket.ts';

/** Read tokens a second and at most, of the tier that an account begins with (docs.kalshi.com/getting_started/rate_limits, 24 September 2026). */
export const BASIC_READ: BucketLimits = { ratePerSecond: 200, capacity: 200 };

/** Without a key no limit is published; two calls a second are what is asked of a venue that says nothing. */
export const KEYLESS_READ: BucketLimits = { ratePerSecond: 20, capacity: 40 };

/** Tokens of a call, those that we make among them (`GET /account/endpoint_costs`, 25 September 2026). */
export const DEFAULT_COST = 10;

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
      read: { ratePerSecond: data.read.refill_rate, capacity: data.read.bucket_capacity },
    }
  );
}
