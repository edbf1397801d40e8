import type { Tail, TailKnot } from '../domain/events/forecast.ts';

const UNKNOWN: Tail = { nu: Number.NaN, scale: Number.NaN };

/**
 * The tail of standardised moves over a span. ν and scale are interpolated linearly in the logarithm of the
 * span from knot to knot (in order of `seconds`). Before the first knot and beyond the last they are
 * constant. NaN, or no knots, gives NaN.
 */
export function tailOf(knots: readonly TailKnot[], spanSeconds: number): Tail {
  const first = knots[0];
  const last = knots[knots.length - 1];
  if (!first || !last) return UNKNOWN;
  if (spanSeconds <= first.seconds) return { nu: first.nu, scale: first.scale };
  if (spanSeconds >= last.seconds) return { nu: last.nu, scale: last.scale };
  if (Number.isNaN(spanSeconds)) return UNKNOWN;
  const right = knots.findIndex(({ seconds }) => seconds > spanSeconds);
  const a = knots[right - 1];
  const b = knots[right];
  if (!a || !b) return UNKNOWN;
  const [from, to] = [Math.log(a.seconds), Math.log(b.seconds)];
  const share = (Math.log(spanSeconds) - from) / (to - from);
  return { nu: a.nu + share * (b.nu - a.nu), scale: a.scale + share * (b.scale - a.scale) };
}
