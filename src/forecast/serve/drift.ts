import { DAY, type Micros } from '../../domain/time.ts';

/** The range of a feature in training: the edges of its deciles and of its outermost 0.1 %. */
export interface FeatureRange {
  readonly low: number;
  readonly high: number;
  readonly deciles: readonly number[];
}

/** How far the features have moved from those of training. Shares are of the features that have a range. */
export interface DriftReading {
  /** Share of features outside all but 0.1 % of training, at this origin. */
  readonly outside: number;
  /**
   * Share of features with a population stability index above the limit, over the last days. 0 until a full
   * week was seen, since a part of a week does not represent it.
   */
  readonly drifted: number;
}

/** Watches features in the order of their names, with its own state. */
export interface Drift {
  readonly read: (at: Micros, values: ArrayLike<number>) => DriftReading;
}

const DAYS = 7;
const BINS = 10;
const FEWEST = 7 * 200;
const SMALLEST_SHARE = 1e-4;

/**
 * Population stability index Σ(p−q)·ln(p/q) of each feature over the training deciles, over the last seven
 * days of origins; days are dropped as a whole. Features with an undefined range (the calendar) are not
 * watched; NaN values are left out.
 */
export function featureDrift(ranges: readonly (FeatureRange | undefined)[], limit: number): Drift {
  const watched = ranges.flatMap((range, i) => (range ? [{ range, i }] : []));
  const cells = watched.length * BINS;
  const counts = new Float64Array(DAYS * cells);
  const seen = new Float64Array(DAYS);
  // Sums over the days above, updated with each change: summing them at every origin would take longer than
  // the trees.
  const totals = new Float64Array(cells);
  let origins = 0;
  let today = Number.NEGATIVE_INFINITY;

  const turnTo = (day: number): void => {
    for (let next = Math.max(today + 1, day - DAYS + 1); next <= day; next++) {
      const slot = ((next % DAYS) + DAYS) % DAYS;
      const forgotten = counts.subarray(slot * cells, (slot + 1) * cells);
      for (let cell = 0; cell < cells; cell++)
        totals[cell] = (totals[cell] as number) - (forgotten[cell] as number);
      forgotten.fill(0);
      origins -= seen[slot] as number;
      seen[slot] = 0;
    }
    today = day;
  };
  const stability = (k: number): number => {
    const bins = totals.subarray(k * BINS, (k + 1) * BINS);
    let total = 0;
    for (let bin = 0; bin < BINS; bin++) total += bins[bin] as number;
    if (total === 0) return 0;
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const p = Math.max(SMALLEST_SHARE, (bins[bin] as number) / total);
      sum += (p - 1 / BINS) * Math.log(p * BINS);
    }
    return sum;
  };
  return {
    read: (at, values) => {
      const day = Math.floor(at / DAY);
      if (day > today) turnTo(day);
      const slot = ((day % DAYS) + DAYS) % DAYS;
      let out = 0;
      for (let k = 0; k < watched.length; k++) {
        const { range, i } = watched[k] as (typeof watched)[number];
        const value = values[i] as number;
        if (Number.isNaN(value)) continue;
        if (value < range.low || value > range.high) out++;
        const above = range.deciles.findIndex((edge) => value < edge);
        const cell = k * BINS + (above < 0 ? BINS - 1 : above);
        counts[slot * cells + cell] = (counts[slot * cells + cell] as number) + 1;
        totals[cell] = (totals[cell] as number) + 1;
      }
      seen[slot] = (seen[slot] as number) + 1;
      origins++;
      const drifted =
        origins < FEWEST || watched.length === 0
          ? 0
          : watched.filter((_, k) => stability(k) > limit).length / watched.length;
      return { outside: watched.length === 0 ? 0 : out / watched.length, drifted };
    },
  };
}
