import { DAY, MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { normalQuantile } from '../maths/normal-quantile.ts';

const YEAR = 365 * DAY;
const PRINTS = 60;

// A settlement value is the mean of the 60 prints stamped T−60 s … T−1 s. Of their common variance from the first print on, the mean keeps
// (1/60²)·Σ i² for i = 1 … 59 seconds' worth, 19.503 of them.
const AVERAGED_MICROS = ((59 * 60 * 119) / 6 / PRINTS ** 2) * SECOND;

/** What a binary contract's price is read against. */
export interface Implied {
  /** Probability that the settlement value lies above `thresholdUnits`, in (0, 1). */
  readonly probability: number;
  readonly thresholdUnits: number;
  readonly indexCents: number;
  /** Variance of the log error of the index. */
  readonly indexVariance: number;
  /** The index's own time. */
  readonly indexAt: Micros;
  readonly closeAt: Micros;
}

/**
 * The annualised volatility (of a year of 365 days; 1 is 100 %) at which a normal log move of the index gives `probability`; NaN where none does, where
 * price and moneyness contradict each other, and within the last minute, when prints may be in already.
 *
 * P = Φ(m/s − s/2) with m = ln(index/threshold) and s² the variance to settlement, so s²/2 + z·s − m = 0 with z = Φ⁻¹(P). The root meant is the one
 * near m/z; the other is so large that drift outweighs the distance, and so is any where z and m differ in sign.
 */
export function impliedVolatility({
  probability,
  thresholdUnits,
  indexCents,
  indexVariance,
  indexAt,
  closeAt,
}: Implied): number {
  const spanMicros = closeAt - indexAt - PRINTS * SECOND + AVERAGED_MICROS;
  if (!(closeAt - indexAt >= MINUTE)) return Number.NaN;
  const m = Math.log(indexCents / thresholdUnits);
  const z = normalQuantile(probability);
  if (!(m * z > 0)) return Number.NaN;
  // 2m/(z ± √) is √ − z or −z − √ without the cancellation.
  const s = (2 * m) / (z + Math.sign(z) * Math.sqrt(z * z + 2 * m));
  const variance = s * s - indexVariance;
  return variance > 0 ? Math.sqrt((variance * YEAR) / spanMicros) : Number.NaN;
}
