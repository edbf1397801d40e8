import type { VariancePath } from '../../domain/events/forecast.ts';
import { HOUR, MINUTE, type Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../features/minute/new-york.ts';

/** Cumulative variance of the log index `minutes` after the forecast. */
export interface VarianceKnot {
  readonly minutes: number;
  readonly variance: number;
}

/** Length of a path. The longest contract that is priced closes in two hours. */
const REACH_MICROS = 3 * HOUR;
const REACH_MINUTES = REACH_MICROS / MINUTE;

/** No stretch between knots may have less than this share of the mean level. */
const LEAST_SHARE = 0.1;

/**
 * Variance path from `at` that passes through every knot (rising `minutes`) and follows the season between
 * them. `profile` is the relative variance by minute of New York's week. Knots that fall, or leave less than
 * a tenth of the mean level between them, are pooled (isotonic regression). Past the last knot the path
 * follows the season at its mean level. The variance is 0 before `at`; the path ends three hours after it.
 */
export function variancePath(
  at: Micros,
  knots: readonly VarianceKnot[],
  profile: Float64Array,
): VariancePath {
  // Seasonal time: base[m] is the profile's integral over the m minutes from `at`.
  const base = new Float64Array(REACH_MINUTES + 1);
  const first = newYorkMinuteOfWeek(at);
  // One lookup is enough unless daylight saving changes within the path.
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
  const cumulative = new Float64Array(REACH_MINUTES + 1);
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
  return { fromAt: at, cumulative: Array.from(cumulative), until: at + REACH_MICROS, at, factor: 1 };
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
