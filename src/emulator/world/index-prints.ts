/** The latest one-second prints of one index, in its own integer units. */
export interface IndexPrints {
  /** `second` is the source's second since the epoch. */
  readonly record: (second: number, units: number) => void;
  /** Sum of the prints stamped `first` … `end` − 1. Throws if one of them is missing. */
  readonly sum: (first: number, end: number) => number;
  /** The settlement value of a contract that closes at `closeSecond`. */
  readonly settlementUnits: (closeSecond: number) => number;
}

/** Seconds of prints that are kept: a quarter-hour and the minute before it. */
const HELD = 1_024;

/**
 * Holds prints for 1,024 seconds. The settlement value is the mean of the 60 prints stamped T−60 s … T−1 s,
 * rounded half up, in integers. The rules of the crypto series state this, and recorded closes confirm it.
 */
export function indexPrints(): IndexPrints {
  const seconds = new Float64Array(HELD).fill(-1);
  const units = new Float64Array(HELD);
  const sum = (first: number, end: number): number => {
    let total = 0;
    for (let second = first; second < end; second++) {
      if (seconds[second % HELD] !== second)
        throw new RangeError(`index-prints: no print is held for second, was ${second}`);
      total += units[second % HELD] as number;
    }
    return total;
  };
  return {
    record: (second, value) => {
      seconds[second % HELD] = second;
      units[second % HELD] = value;
    },
    sum,
    settlementUnits: (closeSecond) => Math.floor((2 * sum(closeSecond - 60, closeSecond) + 60) / 120),
  };
}
