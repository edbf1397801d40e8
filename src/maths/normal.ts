const INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

/** Density of the standard normal law. */
export const normalPdf = (x: number): number => INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * x * x);

/**
 * Probability that a standard normal is at most `x`, to 1e-15; NaN for NaN. ½ + φ(x)·(x + x³/3 + x⁵/15 + …),
 * whose terms all have one sign (Marsaglia 2004, "Evaluating the Normal Distribution", J. Stat. Software
 * 11(4)).
 */
export function normalCdf(x: number): number {
  // Beyond 9 the tail is below 1e-18, and the series would need hundreds of terms.
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

/**
 * The quantile of the standard normal law at probability `p`: −∞ at 0, +∞ at 1, NaN outside [0, 1]. It is as
 * exact as `normalCdf`, to 1e-15. A rational approximation of the tail, good to 5e-4 (Abramowitz, Stegun
 * 1964, 26.2.23), is refined by Halley's steps, each of which cubes the error.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 2; step++) {
    const miss = (normalCdf(x) - p) / normalPdf(x);
    x -= miss / (1 + 0.5 * x * miss);
  }
  return x;
}
