import type { Finding } from '../domain/events/decision.ts';
import type { CheckContext, FeedHealth } from './context.ts';
import { atMost } from './finding.ts';

/**
 * Age of a feed against its limit, in microseconds. A feed that is not required passes with 0; a required one that never spoke, or that
 * nobody reports on, is NaN and refuses.
 */
export function feedAge(
  check: string,
  feed: FeedHealth['feed'],
  { now, feeds }: CheckContext,
  limit: number,
): Finding {
  for (const health of feeds)
    if (health.feed === feed)
      return atMost(check, health.required ? now - (health.receivedAt ?? Number.NaN) : 0, limit);
  return atMost(check, Number.NaN, limit);
}
