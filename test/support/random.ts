// Jest looks globals up through its sandbox, fifty times slower than a module's own names.
const { imul, log: ln, sqrt } = Math;

/** A stream of pseudo-random numbers from a seed: xoshiro128** (Blackman and Vigna, prng.di.unimi.it), seeded by SplitMix32. */
export interface Random {
  /** Uniform on (0, 1). */
  readonly uniform: () => number;
  /** Standard normal, by Marsaglia's polar method. */
  readonly normal: () => number;
  /** Student-t with any real ν > 0: a normal over the root of a chi-squared by its degrees. */
  readonly studentT: (nu: number) => number;
}

/** A generator that gives the same numbers for the same seed. */
export function random(seed: number): Random {
  let mixed = seed >>> 0;
  const mix = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = mixed;
    z = imul(z ^ (z >>> 16), 0x85ebca6b);
    z = imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const next = (): number => {
    const scrambled = imul(b, 5);
    const result = imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => (next() + 0.5) / 4294967296;

  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = sqrt((-2 * ln(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };

  // Marsaglia and Tsang 2000, "A simple method for generating gamma variables"; shapes below one are boosted by a power of a uniform.
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d1 = shape - 1 / 3;
    const c1 = 1 / sqrt(9 * d1);
    for (;;) {
      const x = normal();
      const v = (1 + c1 * x) ** 3;
      if (v > 0 && ln(uniform()) < 0.5 * x * x + d1 - d1 * v + d1 * ln(v)) return d1 * v;
    }
  };
  const studentT = (nu: number): number => normal() / sqrt((2 * gamma(nu / 2)) / nu);
  return { uniform, normal, studentT };
}
