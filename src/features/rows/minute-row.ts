import type { FeatureRow } from '../../domain/events/features.ts';
import { known } from '../../domain/known.ts';
import type { Stamped } from '../../domain/time.ts';

/**
 * The input of models when a minute closes: the working form of a `featureRow`. `at` is that close; the
 * values depend on nothing later.
 */
export interface MinuteRow extends Stamped {
  readonly kind: 'minuteRow';
  /** Name of the asset. */
  readonly asset: string;
  /** The features of `barFeatures`, in its order; NaN where a window holds too little. */
  readonly values: Float64Array;
  /** The features of `treeSet`, in its order; NaN where a window holds too little; trees accept NaN. */
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

/** The event that the graph publishes for a row. */
export const featureRowOf = ({
  asset,
  at,
  receivedAt,
  values,
  inputs,
  warm,
  bars,
}: MinuteRow): FeatureRow => ({
  kind: 'featureRow',
  asset,
  at,
  receivedAt,
  values: Array.from(values, known),
  inputs: Array.from(inputs, known),
  warm,
  bars,
});
