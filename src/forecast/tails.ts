import type { Tail } from '../domain/events/forecast.ts';

/** A fitted law of standardised moves over `seconds`. */
export interface TailKnot extends Tail {
  readonly seconds: number;
}

/**
 * Shortest span with a law of its own; shorter ones get this one's. Standardised moves over less than 11 s have ν below 2 and no unit variance,
 * so pricing abstains there.
 */
export const SHORTEST_TAIL_SECONDS = 15;

/**
 * The law of standardised moves by span: ν and scale go linearly in the logarithm of the span from knot to knot (in order of `seconds`),
 * and stay as they are beyond the last and before the first. NaN gives NaN.
 */
export function tailBySpan(knots: readonly TailKnot[]): (spanSeconds: number) => Tail {
  const first = knots[0];
  const last = knots[knots.length - 1];
  if (!first || !last) throw new Error('tails: needs a knot, was an empty list');
  const logs = knots.map(({ seconds }) => Math.log(seconds));
  return (spanSeconds) => {
    if (spanSeconds <= first.seconds) return { nu: first.nu, scale: first.scale };
    if (spanSeconds >= last.seconds) return { nu: last.nu, scale: last.scale };
    if (Number.isNaN(spanSeconds)) return { nu: Number.NaN, scale: Number.NaN };
    const right = knots.findIndex(({ seconds }) => seconds > spanSeconds);
    const [a, b] = [knots[right - 1] as TailKnot, knots[right] as TailKnot];
    const [from, to] = [logs[right - 1] as number, logs[right] as number];
    const share = (Math.log(spanSeconds) - from) / (to - from);
    return { nu: a.nu + share * (b.nu - a.nu), scale: a.scale + share * (b.scale - a.scale) };
  };
}
