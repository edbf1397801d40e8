/**
 * Trailing sums over several spans of minutes; each minute either has a value with the minutes it covers, or
 * has none.
 */
export interface RollingSums {
  /** Adds the next minute. `covers` is how many minutes the value covers, 0 for a minute without a value. */
  readonly push: (value: number, covers: number) => void;
  /** Sum of the values of the last `spans[index]` minutes. */
  readonly sum: (index: number) => number;
  /** Minutes that the sum covers. */
  readonly covered: (index: number) => number;
  readonly reset: () => void;
}

/**
 * How values are stored: as integers of `quantum`, limited to ±`largest`. The sum of a week of largest values
 * must be a safe integer, or nearly.
 */
export interface Grain {
  /** Step of the stored integers, so that a value leaving a window subtracts exactly what it added. */
  readonly quantum: number;
  readonly largest: number;
}

/**
 * For log returns, their squares and similar values. The square of a move of 28 % in a minute reaches the
 * largest value.
 */
const MOVES: Grain = { quantum: 1e-15, largest: 0.08 };

/** Trailing sums over `spans` minutes, O(spans) a minute and free of drift. */
export function rollingSums(spans: readonly number[], { quantum, largest }: Grain = MOVES): RollingSums {
  const length = Math.max(...spans);
  const values = new Float64Array(length);
  const covers = new Uint8Array(length);
  const sums = new Float64Array(spans.length);
  const covered = new Float64Array(spans.length);
  const starts = Int32Array.from(spans, (span) => length - span);
  let head = 0;
  return {
    push: (value, coversMinutes) => {
      const entered =
        coversMinutes > 0 ? Math.round(Math.max(-largest, Math.min(value, largest)) / quantum) : 0;
      for (let i = 0; i < sums.length; i++) {
        const leaving = (head + (starts[i] as number)) % length;
        sums[i] = (sums[i] as number) + entered - (values[leaving] as number);
        covered[i] = (covered[i] as number) + coversMinutes - (covers[leaving] as number);
      }
      values[head] = entered;
      covers[head] = coversMinutes;
      head = (head + 1) % length;
    },
    sum: (index) => (sums[index] as number) * quantum,
    covered: (index) => covered[index] as number,
    reset: () => {
      values.fill(0);
      covers.fill(0);
      sums.fill(0);
      covered.fill(0);
      head = 0;
    },
  };
}
