import { normalCdf, normalPdf } from './normal.ts';

/**
 * The x at or below which a standard normal falls with probability `p`: −∞ at 0, +∞ at 1, NaN outside. As exact as `normalCdf`, which knows 1e-15.
 * A rational guess of the tail, good to 5e-4 (Abramowitz, Stegun 1964, 26.2.23), then Halley's steps, each of which cubes the error.
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
