import { studentFit } from '../maths/student-fit.ts';
import { SHORTEST_TAIL_SECONDS, type TailKnot } from './tails.ts';

/** Spans at which the law of standardised moves is fitted, in minutes. */
export const TAIL_MINUTES = [1, 2, 5, 15, 30, 60, 120] as const;

/** Below a minute bars say nothing. Prints give ν 3.3 at 60 s and 2 at 11 s, so ν falls by this much a unit of log span (design, section 5). */
const NU_SLOPE = (3.3 - 2) / Math.log(60 / 11);
const LEAST_NU = 2.05;

/** Moves divided by their forecast deviations, by span in the order of `TAIL_MINUTES`. */
export type StandardisedMoves = readonly (readonly number[])[];

/**
 * ν and scale by maximum likelihood at each span, and a knot at 15 s that follows the slope of ν seen in prints. That knot's scale keeps
 * the median of |move| as it is at one minute: for ν near 2 the variance of the law says nothing, its middle does.
 */
export function fitTails(moves: StandardisedMoves): readonly TailKnot[] {
  const knots = TAIL_MINUTES.map((minutes, i) => ({ seconds: minutes * 60, ...studentFit(moves[i] ?? []) }));
  const [minute] = knots;
  if (!minute) return knots;
  const nu = Math.max(LEAST_NU, minute.nu - NU_SLOPE * Math.log(minute.seconds / SHORTEST_TAIL_SECONDS));
  const scale = (minute.scale * medianSize(minute.nu)) / medianSize(nu);
  return [{ seconds: SHORTEST_TAIL_SECONDS, nu, scale }, ...knots];
}

// Median of |t_ν|: exact at ν = 2 (√(2/3)), the normal's 0.6745 and its first-order term elsewhere (Abramowitz, Stegun 26.7.5), good to 1 %.
const medianSize = (nu: number): number => {
  const z = 0.674_489_75;
  return z + (z ** 3 + z) / (4 * nu) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * nu * nu);
};
