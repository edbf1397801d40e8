import { barFeatures } from '../features/sets/bar-features.ts';
import type { Origins } from '../forecast/backbone/origins.ts';
import { type LinearBaseline, linearForecasts } from './linear-baseline.ts';

/** Lags of realised variance in minutes: 15 min, 1 h, 4 h, 1 d, 7 d. */
const LAGS = [15, 60, 240, 1_440, 10_080] as const;
const HALF_HOURS = 48;
const WEEKEND_FROM = 5 * 1_440;

const BASELINE: LinearBaseline = {
  columns: LAGS.map((minutes) => barFeatures.findIndex(({ name }) => name === `variance${minutes}`)),
  season: {
    count: 2 * HALF_HOURS,
    of: (minute) => Math.floor((minute % 1_440) / 30) + (minute >= WEEKEND_FROM ? HALF_HOURS : 0),
  },
};

/**
 * The baseline that a model must beat: least squares (`linearForecasts`) of log realised variance on its own
 * lags over 15 min, 1 h, 4 h, 1 d and 7 d (Corsi 2009, in logs) and 96 seasons (half-hours of New York's day,
 * separate for weekdays and weekends).
 */
export const harSeasonForecasts = (
  origins: Origins,
  horizon: number,
  from: number,
  to: number,
): Float64Array => linearForecasts(BASELINE, origins, horizon, from, to);
