import { DAY, type Micros } from '../domain/time.ts';

/** Where a feature lay in training: edges of its deciles and of its outermost 0.1 %. */
export interface FeatureRange {
  readonly low: number;
  readonly high: number;
  readonly deciles: readonly number[];
}

/** How far features have gone from where the models were trained. Shares are of the features that have a range. */
export interface DriftReading {
  /** Outside all but 0.1 % of training, at this origin. */
  readonly outside: number;
  /** Population stability index above the limit, over the last days. 0 until a week was seen: a part of a week is no sample of one. */
  readonly drifted: number;
}

/** Watches features by name order; state is its own. */
export interface Drift {
  readonly read: (at: Micros, values: ArrayLike<number>) => DriftReading;
}

const DAYS = 7;
const BINS = 10;
const FEWEST = 7 * 200;
const SMALLEST_SHARE = 1e-4;

/**
 * Population stability index Σ(p−q)·ln(p/q) of each feature over the training deciles, for the last seven days of origins, a day forgotten whole. Undefined ranges
 * (the calendar) are not watched; NaN values are left out.
 */
export function featureDrift(ranges: readonly (FeatureRange | undefined)[], limit: number): Drift {
  const watched = ranges.flatMap((range, i) => (range ? [{ range, i }] : []));
  const counts = new Float64Array(DAYS * watched.length * BINS);
  const seen = new Float64Array(DAYS);
  let today = Number.NEGATIVE_INFINITY;

  const turnTo = (day: number): void => {
    for (let next = Math.max(today + 1, day - DAYS + 1); next <= day; next++) {
      const slot = ((next % DAYS) + DAYS) % DAYS;
      counts.fill(0, slot * watched.length * BINS, (slot + 1) * watched.length * BINS);
      seen[slot] = 0;
    }
    today = day;
  };
  const stability = (k: number): number => {
    let total = 0;
    const bins = Array.from({ length: BINS }, (_, bin) => {
      let sum = 0;
      for (let slot = 0; slot < DAYS; slot++)
        sum += counts[(slot * watched.length + k) * BINS + bin] as number;
      total += sum;
      return sum;
    });
    if (total === 0) return 0;
    return bins.reduce((sum, count) => {
      const p = Math.max(SMALLEST_SHARE, count / total);
      return sum + (p - 1 / BINS) * Math.log(p * BINS);
    }, 0);
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
        const cell = (slot * watched.length + k) * BINS + (above < 0 ? BINS - 1 : above);
        counts[cell] = (counts[cell] as number) + 1;
      }
      seen[slot] = (seen[slot] as number) + 1;
      const origins = seen.reduce((sum, count) => sum + count, 0);
      const drifted =
        origins < FEWEST || watched.length === 0
          ? 0
          : watched.filter((_, k) => stability(k) > limit).length / watched.length;
      return { outside: watched.length === 0 ? 0 : out / watched.length, drifted };
    },
  };
}
