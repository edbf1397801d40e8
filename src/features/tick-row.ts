import type { Stamped } from '../domain/time.ts';

/** The features of `tickSet`, in its order, as they stand when a minute closes by our clock. `at` is that close: nothing received at it or later is in them. */
export interface TickRow extends Stamped {
  readonly kind: 'tickRow';
  /** One value a feature; NaN where it is not known. */
  readonly values: Float64Array;
}
