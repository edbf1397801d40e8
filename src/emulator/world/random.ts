/**
 * A seeded source of random numbers. Every draw depends only on the seed and on how many numbers were drawn
 * before.
 */
export interface Random {
  /** In (0, 1), 32 bits. */
  readonly uniform: () => number;
  /** Mean 0, deviation 1. */
  readonly normal: () => number;
  /** Mean 1. */
  readonly exponential: () => number;
  readonly poisson: (mean: number) => number;
  /** Student's t with `nu` degrees of freedom, not scaled to unit variance. */
  readonly studentT: (nu: number) => number;
  /** An integer in [0, bound). */
  readonly below: (bound: number) => number;
  /** Another source, which depends only on this one's seed and `name`, not on the numbers drawn. */
  readonly split: (name: string) => Random;
}

const { exp, imul, log, sqrt } = Math;

// FNV-1a over UTF-16 units, then the finaliser of MurmurHash3, once a word of state.
const word = (text: string, salt: number): number => {
  let h = 0x811c9dc5 ^ salt;
  for (let i = 0; i < text.length; i++) h = imul(h ^ text.charCodeAt(i), 0x01000193);
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
};

const POISSON_CHUNK = 30;

/**
 * The source of `seed`. Generator: sfc32 of C. Doty-Humphrey (PractRand). Normals by Marsaglia's polar
 * method, Poisson by Knuth's product, Student's t by Bailey's polar method (Math. Comp. 62, 1994).
 */
export function randomOf(seed: string): Random {
  let a = word(seed, 0x9e3779b9);
  let b = word(seed, 0x243f6a88);
  let c = word(seed, 0xb7e15162);
  let counter = 1;
  let spare: number | undefined;

  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  // The first outputs still resemble the seed.
  for (let i = 0; i < 15; i++) next();

  const uniform = () => (next() + 0.5) / 0x1_0000_0000;
  const poissonOf = (mean: number): number => {
    const floor = exp(-mean);
    let product = uniform();
    let events = 0;
    while (product > floor) {
      product *= uniform();
      events++;
    }
    return events;
  };

  return {
    uniform,
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const w = u * u + v * v;
        if (w >= 1) continue;
        const factor = sqrt((-2 * log(w)) / w);
        spare = v * factor;
        return u * factor;
      }
    },
    exponential: () => -log(uniform()),
    poisson: (mean) => {
      let events = 0;
      let left = mean;
      for (; left > POISSON_CHUNK; left -= POISSON_CHUNK) events += poissonOf(POISSON_CHUNK);
      return left > 0 ? events + poissonOf(left) : events;
    },
    studentT: (nu) => {
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const w = u * u + v * v;
        if (w < 1) return u * sqrt((nu * (w ** (-2 / nu) - 1)) / w);
      }
    },
    below: (bound) => Math.floor(uniform() * bound),
    split: (name) => randomOf(`${seed}/${name}`),
  };
}
