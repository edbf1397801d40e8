import { studentT } from './student-t.ts';

/**
 * The quantile of a Student-t law at probability `p` in (0, 1), to 1e-9 of its size; NaN for a ν that is not
 * positive, or another `p`. The bracket is doubled until it holds the quantile, and then halved.
 */
export function studentQuantile(nu: number, p: number): number {
  if (!(p > 0 && p < 1 && nu > 0)) return Number.NaN;
  if (p < 0.5) return -studentQuantile(nu, 1 - p);
  const { cdf } = studentT(nu);
  let low = 0;
  let high = 1;
  while (cdf(high) < p && high < Number.MAX_VALUE / 4) {
    low = high;
    high *= 2;
  }
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
