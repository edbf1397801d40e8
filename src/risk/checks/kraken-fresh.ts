import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kraken has spoken lately, if it is required. Microseconds. */
export const krakenFresh: Check = (context) =>
  feedAge('krakenFresh', 'kraken', context, context.limits.krakenMaxAgeMicros);
