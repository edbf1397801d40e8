import { DAY, MINUTE, type Micros } from '../domain/time.ts';
import { newYorkMinuteOfWeek } from '../features/minute/new-york.ts';
import { barFeatures } from '../features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../forecast/backbone/horizons.ts';
import { type Origins, originFrom } from '../forecast/backbone/origins.ts';
import { type NormalEquations, normalEquations } from '../maths/least-squares.ts';

/** Lags of realised variance in minutes: 15 min, 1 h, 4 h, 1 d, 7 d. */
const LAGS = [15, 60, 240, 1_440, 10_080] as const;
const HALF_HOURS = 48;
const SEASONS = 2 * HALF_HOURS;
const WEEKEND_FROM = 5 * 1_440;
/** Large enough that a season without data can be solved, too small to change the others. */
const RIDGE = 1e-6;
/** Time between two fits of the coefficients. While there are too few data, a fit is tried each day. */
const REFIT = 30 * DAY;

const COLUMNS = LAGS.map((minutes) => barFeatures.findIndex(({ name }) => name === `variance${minutes}`));

const seasonOf = (at: Micros): number => {
  const minute = newYorkMinuteOfWeek(at);
  return Math.floor((minute % 1_440) / 30) + (minute >= WEEKEND_FROM ? HALF_HOURS : 0);
};

/**
 * The baseline that a model must beat: least squares of log realised variance over `HORIZON_MINUTES[horizon]`
 * on its own lags over 15 min, 1 h, 4 h, 1 d and 7 d (Corsi 2009, in logs) and 96 seasons (half-hours of New
 * York's day, separate for weekdays and weekends), refitted every 30 days on all targets completed by then.
 * Returns a log forecast for each origin in [`from`, `to`) by index; NaN before the first fit.
 */
export function harSeasonForecasts(
  origins: Origins,
  horizon: number,
  from: number,
  to: number,
): Float64Array {
  const minutes = HORIZON_MINUTES[horizon] as number;
  const width = barFeatures.length;
  const dense = new Float64Array(LAGS.length + 1);
  const readAt = (i: number): void => {
    for (const [c, column] of COLUMNS.entries())
      dense[c] = (origins.values[i * width + column] as number) + 16;
    dense[LAGS.length] = 1;
  };
  const equations: NormalEquations = normalEquations(LAGS.length + 1, SEASONS);
  let fitted = 0;
  const fitUntil = (before: Micros): ReturnType<NormalEquations['solve']> | undefined => {
    const end = originFrom(origins, before - minutes * MINUTE + 1);
    for (; fitted < end; fitted++) {
      readAt(fitted);
      const target = origins.logVariance[fitted * HORIZON_MINUTES.length + horizon] as number;
      equations.add(dense, seasonOf(origins.at[fitted] as number), target);
    }
    return equations.rows() > 10 * SEASONS ? equations.solve({ dense: RIDGE, group: RIDGE }) : undefined;
  };

  const forecasts = new Float64Array(to - from).fill(Number.NaN);
  let model: ReturnType<typeof fitUntil>;
  let fitAt = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const at = origins.at[i] as number;
    if (at >= fitAt) {
      model = fitUntil(at);
      fitAt = at + (model ? REFIT : DAY);
    }
    if (!model) continue;
    readAt(i);
    let sum = model.groups[seasonOf(at)] as number;
    for (let c = 0; c <= LAGS.length; c++) sum += (model.dense[c] as number) * (dense[c] as number);
    forecasts[i - from] = sum;
  }
  return forecasts;
}
