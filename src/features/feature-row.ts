import type { Stamped } from '../domain/time.ts';

/** The features of `barFeatures`, in its order, as they stand when a minute closes. `at` is that close, the last instant the values know of. */
export interface FeatureRow extends Stamped {
  readonly kind: 'featureRow';
  /** One value a feature; NaN where its windows hold too little. */
  readonly values: Float64Array;
  /** The features of `treeSet`, in its order; NaN where a window holds too little, which trees can do with. */
  readonly inputs: Float64Array;
  /** The last `CONTEXT_MINUTES` minutes by `CHANNELS`, oldest first. */
  readonly window: Float32Array;
  /** Minutes of the window that have a return. */
  readonly windowReturns: number;
  /** True when no value is NaN; `inputs` may have some. */
  readonly warm: boolean;
  /** Bars read since the session began. */
  readonly bars: number;
}
