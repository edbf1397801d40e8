import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** Kraken's order book has spoken lately, if it is required. Microseconds. */
export const krakenBookFresh: Check = (context) =>
  feedAge('krakenBookFresh', 'krakenBook', context, context.limits.krakenBookMaxAgeMicros);
