import type { Check } from '../context.ts';
import { feedAge } from '../feed-age.ts';

/** A print of the index came recently, if the index is required. In microseconds. */
export const indexFresh: Check = (context) =>
  feedAge('indexFresh', 'index', context, context.limits.indexMaxAgeMicros);
