import type { CheckContext, FeedHealth } from './context.ts';
import { atMost, type CheckResult } from './finding.ts';

/**
 * Age of a feed against its limit, in microseconds. A feed that is not required passes with age 0. A required
 * feed that has sent nothing, or is not listed, has age NaN and refuses.
 */
export function feedAge(
  check: string,
  feed: FeedHealth['feed'],
  { now, feeds }: CheckContext,
  limit: number,
): CheckResult {
  for (const health of feeds)
    if (health.feed === feed)
      return atMost(check, health.required ? now - (health.receivedAt ?? Number.NaN) : 0, limit);
  return atMost(check, Number.NaN, limit);
}
