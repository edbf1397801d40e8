import type { VariancePath } from '../domain/events/forecast.ts';
import { HOUR, MINUTE, type Micros } from '../domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../features/new-york.ts';

/** Cumulative variance of the log index `minutes` after the forecast. */
export interface VarianceKnot {
  readonly minutes: number;
  readonly variance: number;
}

/** How far a path reaches: the longest contract that is priced closes in two hours. */
const REACH_MICROS = 3 * HOUR;
const REACH_MINUTES = REACH_MICROS / MINUTE;

/** No stretch between knots may have less than this share of the mean level. */
const LEAST_SHARE = 0.1;

/**
 * Variance from `at` on that hits every knot (rising `minutes`) and follows the season between them: `profile` is relative variance by minute of
 * New York's week. Knots that fall, or leave less than a tenth of the mean level between them, are pooled (isotonic regression). Past the last
 * knot the season goes on at the mean level of the whole. Nothing happens before `at`; the path ends three hours after it.
 * `between` costs two array reads an end and is linear inside a minute.
 */
export function variancePath(
  at: Micros,
  knots: readonly VarianceKnot[],
  profile: Float64Array,
): VariancePath {
  // Seasonal time: base[m] is the profile's integral over the m minutes from `at`.
  const base = new Float64Array(REACH_MINUTES + 1);
  const first = newYorkMinuteOfWeek(at);
  // One lookup will do unless the clocks change on the way.
  const steady = newYorkMinuteOfWeek(at + REACH_MICROS) === (first + REACH_MINUTES) % WEEK_MINUTES;
  for (let m = 0; m < REACH_MINUTES; m++) {
    const minute = steady ? (first + m) % WEEK_MINUTES : newYorkMinuteOfWeek(at + m * MINUTE);
    base[m + 1] = (base[m] as number) + (profile[minute] as number);
  }
  const last = knots[knots.length - 1];
  if (
    !last ||
    !knots.every(
      ({ minutes, variance }) => Number.isInteger(minutes) && minutes <= REACH_MINUTES && variance > 0,
    )
  )
    throw new RangeError(
      `variancePath: knots must be positive and within three hours, was ${JSON.stringify(knots)}`,
    );

  const least = (LEAST_SHARE * last.variance) / (base[last.minutes] as number);
  const rising = isotonic(knots.map(({ minutes, variance }) => variance - least * (base[minutes] as number)));
  const cumulative = new Float64Array(REACH_MINUTES + 2);
  let from = 0;
  for (const [k, { minutes: to }] of knots.entries()) {
    const start = cumulative[from] as number;
    const end = Math.max(0, rising[k] as number) + least * (base[to] as number);
    const level = (end - start) / ((base[to] as number) - (base[from] as number));
    for (let m = from + 1; m < to; m++)
      cumulative[m] = start + level * ((base[m] as number) - (base[from] as number));
    cumulative[to] = end;
    from = to;
  }
  const level = (cumulative[from] as number) / (base[from] as number);
  for (let m = from + 1; m <= REACH_MINUTES; m++) cumulative[m] = level * (base[m] as number);
  cumulative[REACH_MINUTES + 1] = cumulative[REACH_MINUTES] as number;

  const until = at + REACH_MICROS;
  const upTo = (instant: Micros): number => {
    const minutes = (instant - at) / MINUTE;
    if (!(minutes > 0)) return 0;
    const whole = Math.floor(minutes);
    const start = cumulative[whole] as number;
    return start + (minutes - whole) * ((cumulative[whole + 1] as number) - start);
  };
  return {
    between: (start, end) => (start <= end && end <= until ? upTo(end) - upTo(start) : Number.NaN),
    until,
  };
}

/** The nearest non-decreasing sequence in least squares: pool adjacent violators. */
function isotonic(values: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const value of values) {
    let pool = { sum: value, count: 1 };
    for (
      let before = pools.at(-1);
      before && before.sum / before.count > pool.sum / pool.count;
      before = pools.at(-1)
    ) {
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
