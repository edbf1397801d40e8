/** The latest one-second prints of the index, in integer cents. */
export interface IndexPrints {
  /** `second` is the source's second since the epoch. */
  readonly record: (second: number, cents: number) => void;
  /** Sum of the prints stamped `first` … `end` − 1, in cents. Throws when one is not held. */
  readonly sum: (first: number, end: number) => number;
  /** The settlement value in cents of a contract that closes at `closeSecond`. */
  readonly settlementCents: (closeSecond: number) => number;
}

/** Covers a quarter of an hour and its own last minute. */
const HELD = 1_024;

/**
 * Holds prints for 1,024 seconds. The settlement value is the mean of the 60 prints stamped T−60 s … T−1 s, rounded half up,
 * in integers: as the rules of KXBTC15M say and as recorded closes confirm.
 */
export function indexPrints(): IndexPrints {
  const seconds = new Float64Array(HELD).fill(-1);
  const cents = new Float64Array(HELD);
  const sum = (first: number, end: number): number => {
    let total = 0;
    for (let second = first; second < end; second++) {
      if (seconds[second % HELD] !== second)
        throw new RangeError(`index-prints: no print is held for second, was ${second}`);
      total += cents[second % HELD] as number;
    }
    return total;
  };
  return {
    record: (second, value) => {
      seconds[second % HELD] = second;
      cents[second % HELD] = value;
    },
    sum,
    settlementCents: (closeSecond) => Math.floor((2 * sum(closeSecond - 60, closeSecond) + 60) / 120),
  };
}
