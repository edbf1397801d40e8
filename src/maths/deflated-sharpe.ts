import { type Known, known } from '../domain/known.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** Moments of a series of profits, one a block of time. */
export interface SharpeMoments {
  /** Mean over standard deviation of one block; null for fewer than two blocks, or where they do not differ. */
  readonly sharpe: Known;
  readonly blocks: number;
  readonly skewness: number;
  /** 3 for a normal law. */
  readonly kurtosis: number;
}

/** Profits that differ by less than this, in dollars, are equal but for rounding. */
const LEAST = 1e-9;

/** The Sharpe ratio of a series and what its error depends on. */
export function sharpeMoments(profits: readonly number[]): SharpeMoments {
  const n = profits.length;
  const mean = profits.reduce((sum, value) => sum + value, 0) / n;
  const moment = (power: number): number =>
    profits.reduce((sum, value) => sum + (value - mean) ** power, 0) / n;
  const variance = moment(2);
  if (n < 2 || !(variance > LEAST ** 2)) return { sharpe: null, blocks: n, skewness: 0, kurtosis: 3 };
  return {
    sharpe: known(mean / Math.sqrt((variance * n) / (n - 1))),
    blocks: n,
    skewness: moment(3) / variance ** 1.5,
    kurtosis: moment(4) / variance ** 2,
  };
}

const EULER = 0.5772156649015329;

/**
 * The best Sharpe ratio that `trials` trials without any skill show on average, if their ratios have this standard
 * deviation: the expected maximum of normal numbers (Bailey and López de Prado 2014, "The deflated Sharpe ratio").
 */
export const luckOf = (trials: number, deviation: number): number =>
  trials < 2
    ? 0
    : deviation *
      ((1 - EULER) * normalQuantile(1 - 1 / trials) + EULER * normalQuantile(1 - 1 / (trials * Math.E)));

/**
 * The deflated Sharpe ratio: the probability that the true ratio is above what luck gives the best of so many trials.
 * Null where it cannot be said: fewer than three blocks, or profits that do not differ. `deviation` is that of the
 * trials' ratios; by default that of a ratio of nothing, one over the root of the blocks less one.
 */
export function deflatedSharpe(
  { sharpe, blocks, skewness, kurtosis }: SharpeMoments,
  trials: number,
  deviation = 1 / Math.sqrt(blocks - 1),
): Known {
  if (sharpe === null || blocks < 3) return null;
  const error = Math.sqrt(1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2);
  return known(normalCdf(((sharpe - luckOf(trials, deviation)) * Math.sqrt(blocks - 1)) / error));
}
