import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** The index has been printed lately, if it is required. Microseconds. */
export const indexFresh: Check = (context) =>
  feedAge('indexFresh', 'index', context, context.limits.indexMaxAgeMicros);
