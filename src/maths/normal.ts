const INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

/** Density of the standard normal law. */
export const normalPdf = (x: number): number => INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * x * x);

/**
 * Probability that a standard normal is at most `x`, to 1e-15; NaN for NaN.
 * ½ + φ(x)·(x + x³/3 + x⁵/15 + …), whose terms all have one sign (Marsaglia 2004, "Evaluating the Normal Distribution", J. Stat. Software 11(4)).
 */
export function normalCdf(x: number): number {
  // Beyond 9 the tail is below 1e-18, and the series would add hundreds of terms to learn it.
  if (x > 9) return 1;
  if (x < -9) return 0;
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= square / odd;
    sum += term;
  }
  return Math.min(1, Math.max(0, 0.5 + sum * normalPdf(x)));
}
