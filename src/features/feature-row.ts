import type { Stamped } from '../domain/time.ts';

/** The features of `barFeatures`, in its order, as they stand when a minute closes. `at` is that close, the last instant the values know of. */
export interface FeatureRow extends Stamped {
  readonly kind: 'featureRow';
  /** One value a feature; NaN where its windows hold too little. */
  readonly values: Float64Array;
  /** True when no value is NaN. */
  readonly warm: boolean;
  /** Bars read since the session began. */
  readonly bars: number;
}
