import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kalshi has sent something recently, if it is required. In microseconds. */
export const kalshiFresh: Check = (context) =>
  feedAge('kalshiFresh', 'kalshi', context, context.limits.kalshiMaxAgeMicros);
