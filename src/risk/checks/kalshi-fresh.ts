import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kalshi has spoken lately, if it is required. Microseconds. */
export const kalshiFresh: Check = (context) =>
  feedAge('kalshiFresh', 'kalshi', context, context.limits.kalshiMaxAgeMicros);
