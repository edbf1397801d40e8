import type { TailKnot } from '../../domain/events/forecast.ts';
import { studentFit } from '../../maths/student-fit.ts';

/**
 * Shortest span with its own law; shorter spans use this one. Standardised moves over less than 11 s have ν
 * below 2 and no unit variance, so pricing abstains there.
 */
const SHORTEST_TAIL_SECONDS = 15;

/** Spans at which the law of standardised moves is fitted, in minutes. */
export const TAIL_MINUTES = [1, 2, 5, 15, 30, 60, 120] as const;

/**
 * Bars show nothing below a minute. Prints give ν 3.3 at 60 s and 2 at 11 s, so ν falls by this much for each
 * unit of log span (design, section 5).
 */
const NU_SLOPE = (3.3 - 2) / Math.log(60 / 11);
const LEAST_NU = 2.05;

/** Moves divided by their forecast deviations, by span in the order of `TAIL_MINUTES`. */
export type StandardisedMoves = readonly (readonly number[])[];

/**
 * ν and scale by maximum likelihood at each span, and a knot at 15 s that follows the slope of ν seen in
 * prints. That knot's scale keeps the median of |move| as it is at one minute: for ν near 2 the variance of
 * the law has no use, so its median is kept.
 */
export function fitTails(moves: StandardisedMoves): readonly TailKnot[] {
  const knots = TAIL_MINUTES.map((minutes, i) => ({ seconds: minutes * 60, ...studentFit(moves[i] ?? []) }));
  const [minute] = knots;
  if (!minute) return knots;
  const nu = Math.max(LEAST_NU, minute.nu - NU_SLOPE * Math.log(minute.seconds / SHORTEST_TAIL_SECONDS));
  const scale = (minute.scale * medianSize(minute.nu)) / medianSize(nu);
  return [{ seconds: SHORTEST_TAIL_SECONDS, nu, scale }, ...knots];
}

// Median of |t_ν|: exact at ν = 2 (√(2/3)), the normal's 0.6745 and its first-order term elsewhere
// (Abramowitz, Stegun 26.7.5), good to 1 %.
const medianSize = (nu: number): number => {
  const z = 0.674_489_75;
  return z + (z ** 3 + z) / (4 * nu) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * nu * nu);
};
