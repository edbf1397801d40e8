import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kraken's book has sent something recently, if it is required. In microseconds. */
export const krakenBookFresh: Check = (context) =>
  feedAge('krakenBookFresh', 'krakenBook', context, context.limits.krakenBookMaxAgeMicros);
