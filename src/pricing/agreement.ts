import { DAY, type Micros } from '../domain/time.ts';

const YEAR = 365 * DAY;

/** How far two prices of one thing may lie apart. */
export interface Band {
  /** The least band, in basis points. */
  readonly basisPoints: number;
  /** The band is at least this many standard deviations. */
  readonly deviations: number;
}

/**
 * The largest log difference that two prices `apartMicros` apart in time may have: `deviations` standard
 * deviations of what is known of both, but at least `basisPoints`. `variance` is that of their stated errors,
 * `annualisedVolatility` explains what happened between them. NaN if any part is NaN.
 */
export const bandOf = (
  { basisPoints, deviations }: Band,
  variance: number,
  annualisedVolatility: number,
  apartMicros: Micros,
): number =>
  Math.max(
    basisPoints / 10_000,
    deviations * Math.sqrt(variance + (annualisedVolatility ** 2 * Math.abs(apartMicros)) / YEAR),
  );

/**
 * How many of `count` independent prices must agree before what they say is taken: more than half. One of two
 * is no majority, since nobody can tell which of them is wrong.
 */
export const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

/** The median of some numbers; the lower middle one if their number is even, NaN of none. */
export const lowerMedian = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
