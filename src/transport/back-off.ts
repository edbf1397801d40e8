import type { BackOff } from './link.ts';

/** Numbers of an exponential back-off; delays in milliseconds. */
export interface BackOffNumbers {
  /** The first attempts, this many, wait only `fastMs`. */
  readonly fastTries: number;
  readonly fastMs: number;
  readonly baseMs: number;
  readonly factor: number;
  readonly leastMs: number;
  readonly mostMs: number;
  readonly jitterMs: number;
  readonly stableMs: number;
  readonly budget: BackOff['budget'];
}

/**
 * The delay is short at first, then `baseMs` × `factor`^n within [`leastMs`, `mostMs`]. Up to `jitterMs` is
 * added to each.
 */
export const backOff = (numbers: BackOffNumbers): BackOff => ({
  stableMs: numbers.stableMs,
  budget: numbers.budget,
  delayMs: (attempt, random) => {
    const { fastTries, fastMs, baseMs, factor, leastMs, mostMs, jitterMs } = numbers;
    const wait =
      attempt <= fastTries
        ? fastMs
        : Math.min(mostMs, Math.max(leastMs, baseMs * factor ** (attempt - fastTries - 1)));
    return wait + jitterMs * random;
  },
});
