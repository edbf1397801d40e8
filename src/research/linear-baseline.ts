import { DAY, MINUTE, type Micros } from '../domain/time.ts';
import { newYorkMinuteOfWeek } from '../features/minute/new-york.ts';
import { barFeatures } from '../features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../forecast/backbone/horizons.ts';
import { type Origins, originFrom } from '../forecast/backbone/origins.ts';
import { type LinearModel, normalEquations } from '../maths/least-squares.ts';

/** A partition of New York's week: `of` gives the part that a minute of the week lies in. */
export interface WeekParts {
  readonly count: number;
  readonly of: (minuteOfWeek: number) => number;
}

/** What a linear baseline reads. */
export interface LinearBaseline {
  /** Columns of `barFeatures`, logs of variance all of them. */
  readonly columns: readonly number[];
  /** Parts of the week that have a constant each in the least squares. */
  readonly season: WeekParts;
  /** Finer parts, whose mean of what the least squares leave is added. */
  readonly fine?: WeekParts;
}

interface Fitted extends LinearModel {
  readonly fine: Float64Array | undefined;
}

/** Large enough that a part without data can be solved, too small to change the others. */
const RIDGE = 1e-6;
/** The mean of a fine part counts as if so many zeros stood beside it. */
const FINE_PRIOR = 30;
/** Time between two fits of the coefficients. While there are too few data, a fit is tried each day. */
const REFIT = 30 * DAY;
/** Keeps the logarithms near zero, where the ridge does not matter. */
const LEVEL = 16;

/**
 * Least squares of log realised variance over `HORIZON_MINUTES[horizon]` on the baseline's columns and
 * seasons, refitted every 30 days on all targets completed by then. Returns a log forecast for each origin in
 * [`from`, `to`) by index; NaN before the first fit.
 */
export function linearForecasts(
  { columns, season, fine }: LinearBaseline,
  origins: Origins,
  horizon: number,
  from: number,
  to: number,
): Float64Array {
  const minutes = HORIZON_MINUTES[horizon] as number;
  const width = barFeatures.length;
  const size = columns.length + 1;
  const dense = new Float64Array(size);
  /** Reads the columns of an origin, and gives its minute of the week. */
  const readAt = (i: number): number => {
    for (const [c, column] of columns.entries())
      dense[c] = (origins.values[i * width + column] as number) + LEVEL;
    dense[size - 1] = 1;
    return newYorkMinuteOfWeek(origins.at[i] as number);
  };
  const targetOf = (i: number): number => origins.logVariance[i * HORIZON_MINUTES.length + horizon] as number;
  const predicted = (model: LinearModel, minute: number): number => {
    let sum = model.groups[season.of(minute)] as number;
    for (let c = 0; c < size; c++) sum += (model.dense[c] as number) * (dense[c] as number);
    return sum;
  };
  const leftBy = (model: LinearModel, end: number, { count, of }: WeekParts): Float64Array => {
    const sums = new Float64Array(count);
    const counts = new Float64Array(count).fill(FINE_PRIOR);
    for (let i = 0; i < end; i++) {
      const minute = readAt(i);
      const part = of(minute);
      sums[part] = (sums[part] as number) + targetOf(i) - predicted(model, minute);
      counts[part] = (counts[part] as number) + 1;
    }
    return sums.map((sum, part) => sum / (counts[part] as number));
  };
  const equations = normalEquations(size, season.count);
  let fitted = 0;
  const fitUntil = (before: Micros): Fitted | undefined => {
    const end = originFrom(origins, before - minutes * MINUTE + 1);
    for (; fitted < end; fitted++) {
      const minute = readAt(fitted);
      equations.add(dense, season.of(minute), targetOf(fitted));
    }
    if (equations.rows() <= 10 * season.count) return undefined;
    const model = equations.solve({ dense: RIDGE, group: RIDGE });
    return { ...model, fine: fine && leftBy(model, end, fine) };
  };

  const forecasts = new Float64Array(to - from).fill(Number.NaN);
  let model: Fitted | undefined;
  let fitAt = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const at = origins.at[i] as number;
    if (at >= fitAt) {
      model = fitUntil(at);
      fitAt = at + (model ? REFIT : DAY);
    }
    if (!model) continue;
    const minute = readAt(i);
    forecasts[i - from] = predicted(model, minute) + (fine ? (model.fine?.[fine.of(minute)] ?? 0) : 0);
  }
  return forecasts;
}
