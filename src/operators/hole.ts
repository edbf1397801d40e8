import type { Micros, Stamped } from '../domain/time.ts';

/**
 * Bars are missing and were not filled in: from the bar that would begin at `at` up to the one that begins at
 * `until` (undefined while unknown).
 */
export interface Hole extends Stamped {
  readonly kind: 'hole';
  readonly until: Micros | undefined;
}
