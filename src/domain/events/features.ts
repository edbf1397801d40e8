import type { Stamped } from '../time.ts';

/**
 * Features of an asset's one-minute bars as they stand when a minute closes. `at` is that close: the values
 * use nothing later. A value is null while its window holds too few bars.
 */
export interface FeatureRow extends Stamped {
  readonly kind: 'featureRow';
  /** Name of the asset. */
  readonly asset: string;
  /** The `backbone` set of `voltage features`, in its order. */
  readonly values: readonly (number | null)[];
  /** The `bars` set, then the `memory` set. */
  readonly inputs: readonly (number | null)[];
  /** True when all of `values` are known: there will be a forecast. */
  readonly warm: boolean;
  /** Bars read since the session began. */
  readonly bars: number;
}

/**
 * The `ticks` set, in its order, as it stands when a minute closes by our clock. `at` is that close: the
 * values use only what was received before it.
 */
export interface TickRow extends Stamped {
  readonly kind: 'tickRow';
  /** Name of the asset. */
  readonly asset: string;
  /** One value a feature; null where it is not known. */
  readonly values: readonly (number | null)[];
}
