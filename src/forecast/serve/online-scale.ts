import { DAY, type Micros } from '../../domain/time.ts';

/** What a scale is made of. */
export interface OnlineScaleOptions {
  /** Log of the scale before anything was seen here: the one fitted beside the model. */
  readonly priorLog: number;
  /** Completed forecasts that the prior counts for. */
  readonly priorWeight: number;
  /** Completed forecasts older than this many days are forgotten. */
  readonly spanDays: number;
}

/**
 * The constant that makes a variance forecast right on average, as it stands by what has come true so far.
 */
export interface OnlineScale {
  /** Enters a forecast whose window has ended: `completedAt` never goes back. */
  readonly complete: (completedAt: Micros, logForecast: number, logRealised: number) => void;
  /** Log of the scale. */
  readonly log: () => number;
}

/**
 * A realised variance is taken to be at most this many times its forecast: one crash must not set the scale
 * for a month.
 */
const MOST_RATIO = 50;

/**
 * Mean of realised variance over forecast, which is the scale that QLIKE likes best, over the last days of
 * completed targets, shrunk to a prior. A day is forgotten whole, so that reading and entering are O(1).
 */
export function onlineScale({ priorLog, priorWeight, spanDays }: OnlineScaleOptions): OnlineScale {
  const sums = new Float64Array(spanDays);
  const counts = new Float64Array(spanDays);
  let today = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;

  const turnTo = (day: number): void => {
    for (let next = Math.max(today + 1, day - spanDays + 1); next <= day; next++) {
      const slot = ((next % spanDays) + spanDays) % spanDays;
      sums[slot] = 0;
      counts[slot] = 0;
    }
    today = day;
    sum = sums.reduce((total, each) => total + each, 0);
    count = counts.reduce((total, each) => total + each, 0);
  };
  return {
    complete: (completedAt, logForecast, logRealised) => {
      const ratio = Math.min(MOST_RATIO, Math.exp(logRealised - logForecast));
      if (Number.isNaN(ratio)) return;
      const day = Math.floor(completedAt / DAY);
      if (day > today) turnTo(day);
      const slot = ((day % spanDays) + spanDays) % spanDays;
      sums[slot] = (sums[slot] as number) + ratio;
      counts[slot] = (counts[slot] as number) + 1;
      sum += ratio;
      count += 1;
    },
    log: () =>
      priorWeight + count > 0
        ? Math.log((priorWeight * Math.exp(priorLog) + sum) / (priorWeight + count))
        : priorLog,
  };
}
