import type { Contract } from '../../../domain/contracts.ts';
import { type Micros, SECOND } from '../../../domain/time.ts';
import type { IndexPrints } from '../../world/index-prints.ts';

/** The law of the settlement value that makers use: a location and a deviation, in units of the index. */
export interface SettlementLaw {
  readonly meanUnits: number;
  readonly deviationUnits: number;
}

const WINDOW = 60;
/** At constant variance the mean of the prints T−60 … T−1 has the variance of τ − 40.497 s of the index. */
const LOST_SECONDS = 40.497;

/**
 * Student's t with 4 degrees of freedom scaled to unit variance: fat tails in closed form (Shaw, J. Comp.
 * Finance 9(4), 2006).
 */
function unitT4(z: number): number {
  const t = z * Math.SQRT2;
  const q = 1 + (t * t) / 4;
  return 0.5 + 0.375 * (t / Math.sqrt(q)) * (1 - (t * t) / (12 * q));
}

/**
 * The settlement value's law at `at`, given the index now and the variance per second of its logarithm. In
 * the last minute the published prints are known, and only the rest can move.
 */
export function settlementLaw(
  closeAt: Micros,
  at: Micros,
  spotUnits: number,
  varianceRate: number,
  prints: IndexPrints,
): SettlementLaw {
  const seconds = (closeAt - at) / SECOND;
  if (seconds > WINDOW)
    return {
      meanUnits: spotUnits,
      deviationUnits: spotUnits * Math.sqrt(varianceRate * (seconds - LOST_SECONDS)),
    };
  const closeSecond = closeAt / SECOND;
  const done = Math.min(closeSecond, Math.floor(at / SECOND) + 1);
  const left = closeSecond - done;
  const seen = prints.sum(closeSecond - WINDOW, done);
  // Σ over the k-th last print of (2k − 1) seconds of variance, where the first print is less than a second
  // away.
  const variance = varianceRate * ((left * (left + 1) * (2 * left + 1)) / 6);
  return {
    meanUnits: (seen + left * spotUnits) / WINDOW,
    deviationUnits: (spotUnits * Math.sqrt(variance)) / WINDOW,
  };
}

/**
 * Probability of YES under `law`, rounding to the unit included. A quarter-hour whose floor is unknown gives
 * NaN.
 */
export function fairProbability(contract: Contract, { meanUnits, deviationUnits }: SettlementLaw): number {
  const below = (edgeUnits: number) => {
    const distance = edgeUnits - meanUnits;
    if (deviationUnits <= 0) return distance > 0 ? 1 : 0;
    return unitT4(distance / deviationUnits);
  };
  const { strikeType, floorUnits = Number.NaN, capUnits = Number.NaN } = contract;
  switch (strikeType) {
    case 'greater':
      return 1 - below(floorUnits + 0.5);
    case 'greater_or_equal':
      return 1 - below(floorUnits - 0.5);
    case 'less':
      return below(capUnits - 0.5);
    case 'less_or_equal':
      return below(capUnits + 0.5);
    case 'between':
      return below(capUnits + 0.5) - below(floorUnits - 0.5);
  }
}
