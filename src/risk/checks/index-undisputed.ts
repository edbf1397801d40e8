import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * No print of the index newer than the one believed is held back. While one is, nobody knows whether the
 * index has jumped. Observed: 1 if one is held.
 */
export const indexUndisputed: Check = ({ indexDisputed }) =>
  atMost('indexUndisputed', indexDisputed ? 1 : 0, 0);
