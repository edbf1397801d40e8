import { barFeatures } from '../features/sets/bar-features.ts';
import type { Origins } from '../forecast/backbone/origins.ts';
import { type LinearBaseline, linearForecasts } from './linear-baseline.ts';

const DAY_MINUTES = 1_440;
const SLOTS = DAY_MINUTES / 5;
const WEEKEND_FROM = 5 * DAY_MINUTES;

const BASELINE: LinearBaseline = {
  columns: barFeatures.flatMap(({ name }, column) =>
    /^(variance|coarse|parkinson|garmanKlass|bipower)\d+$/.test(name) ? [column] : [],
  ),
  season: { count: 168, of: (minute) => Math.floor(minute / 60) },
  fine: {
    count: 2 * SLOTS,
    of: (minute) => Math.floor((minute % DAY_MINUTES) / 5) + (minute >= WEEKEND_FROM ? SLOTS : 0),
  },
};

/**
 * A strong linear baseline (`linearForecasts`): log realised variance on ten lags of it (from moves of one and
 * of five minutes), the ranges and bipower variation, with a constant for each hour of the week and what is
 * left in each five minutes of the day, weekends apart.
 */
export const harStrongForecasts = (
  origins: Origins,
  horizon: number,
  from: number,
  to: number,
): Float64Array => linearForecasts(BASELINE, origins, horizon, from, to);
