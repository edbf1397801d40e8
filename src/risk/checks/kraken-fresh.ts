import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kraken has sent something recently, if it is required. In microseconds. */
export const krakenFresh: Check = (context) =>
  feedAge('krakenFresh', 'kraken', context, context.limits.krakenMaxAgeMicros);
