import type { PricingSettings } from './settings.ts';

/** Running mean and variance of one venue's log difference to the index: index = price·e^mean. */
export interface BasisTracker {
  readonly add: (logDifference: number) => void;
  /** Mean 0 and no variance until enough differences were seen. */
  readonly read: () => { readonly mean: number; readonly variance: number | undefined };
  readonly reset: () => void;
}

const UNKNOWN = { mean: 0, variance: undefined };

/**
 * Exponentially weighted mean and variance. They are plain averages until `basisPrints` differences have been
 * seen, so that the first difference has no lasting weight (West 1979, "Updating mean and variance
 * estimates", in its exponential form). A difference that is not finite is ignored.
 */
export function basisTracker({
  basisPrints,
  basisMinPrints,
}: Pick<PricingSettings['twin'], 'basisPrints' | 'basisMinPrints'>): BasisTracker {
  let seen = 0;
  let mean = 0;
  let variance = 0;
  return {
    add: (logDifference) => {
      if (!Number.isFinite(logDifference)) return;
      seen++;
      const weight = Math.max(1 / basisPrints, 1 / seen);
      const surprise = logDifference - mean;
      mean += weight * surprise;
      variance = (1 - weight) * (variance + weight * surprise ** 2);
    },
    read: () => (seen < basisMinPrints ? UNKNOWN : { mean, variance }),
    reset: () => {
      seen = 0;
      mean = 0;
      variance = 0;
    },
  };
}
