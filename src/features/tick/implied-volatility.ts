import { DAY, MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { normalQuantile } from '../../maths/normal.ts';

const YEAR = 365 * DAY;
const PRINTS = 60;

// A settlement value is the mean of the 60 prints stamped T−60 s … T−1 s. After the first print, the variance
// of their mean is (1/60²)·Σ i² for i = 1 … 59, or 19.503 seconds' worth of the index's variance.
const AVERAGED_MICROS = ((59 * 60 * 119) / 6 / PRINTS ** 2) * SECOND;

/** The inputs of an implied volatility. */
export interface Implied {
  /** Probability that the settlement value lies above `thresholdUnits`, in (0, 1). */
  readonly probability: number;
  readonly thresholdUnits: number;
  readonly indexUnits: number;
  /** Variance of the log error of the index. */
  readonly indexVariance: number;
  /** The index's own time. */
  readonly indexAt: Micros;
  readonly closeAt: Micros;
}

/**
 * The annualised volatility (of a year of 365 days; 1 is 100 %) at which a normal log move of the index gives
 * `probability`. NaN if there is none, if price and moneyness contradict each other, and within the last
 * minute, when some prints may already be known.
 *
 * P = Φ(m/s − s/2) with m = ln(index/threshold) and s² the variance to settlement, so s²/2 + z·s − m = 0 with
 * z = Φ⁻¹(P). The wanted root is the one near m/z. The other root is so large that drift outweighs the
 * distance; the same holds for any root where z and m differ in sign.
 */
export function impliedVolatility({
  probability,
  thresholdUnits,
  indexUnits,
  indexVariance,
  indexAt,
  closeAt,
}: Implied): number {
  const spanMicros = closeAt - indexAt - PRINTS * SECOND + AVERAGED_MICROS;
  if (!(closeAt - indexAt >= MINUTE)) return Number.NaN;
  const m = Math.log(indexUnits / thresholdUnits);
  const z = normalQuantile(probability);
  if (!(m * z > 0)) return Number.NaN;
  // 2m/(z ± √) is √ − z or −z − √ without the cancellation.
  const s = (2 * m) / (z + Math.sign(z) * Math.sqrt(z * z + 2 * m));
  const variance = s * s - indexVariance;
  return variance > 0 ? Math.sqrt((variance * YEAR) / spanMicros) : Number.NaN;
}
