import { studentQuantile } from './student-quantile.ts';
import { uniformAt } from './uniform-at.ts';

/** Draws behind each interval. */
export const BLOCK_DRAWS = 400;

const OUTSIDE = 0.025;
const FEWEST_BLOCKS = 3;
const NORMAL_REACH = 1.959964;

/**
 * The weights of a block under every draw, exponential with mean one (Rubin 1981, "The Bayesian bootstrap", Ann.
 * Statist. 9): the same for the same block, whenever they are asked for.
 */
export const blockWeights = (block: number): Float64Array =>
  Float64Array.from({ length: BLOCK_DRAWS }, (_, draw) => -Math.log(uniformAt(block, draw)));

/**
 * The interval of 95 % of a mean from its draws; undefined below three blocks. Resampled means of few blocks lie too
 * near to each other, so they are spread by two factors that hold for the mean of few normal numbers: its
 * variance under exponential weights, and Student's t.
 */
export function intervalOfDraws(
  mean: number,
  drawn: Float64Array,
  blocks: number,
): readonly [low: number, high: number] | undefined {
  if (blocks < FEWEST_BLOCKS) return undefined;
  const sorted = Float64Array.from(drawn).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  const spread =
    Math.sqrt((blocks + 1) / (blocks - 1)) * (studentQuantile(blocks - 1, 1 - OUTSIDE) / NORMAL_REACH);
  return [mean + spread * (at(OUTSIDE) - mean), mean + spread * (at(1 - OUTSIDE) - mean)];
}

/** What happened within one block, added up. */
export interface BlockSum {
  readonly block: number;
  readonly sum: number;
}

/** A total over blocks with its interval of 95 %; null below three blocks. */
export interface BlockTotal {
  readonly total: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly blocks: number;
}

/** The running total after each block, in the order given, each with the interval of the blocks until then. */
export function runningTotals(blocks: readonly BlockSum[]): readonly BlockTotal[] {
  const weighted = new Float64Array(BLOCK_DRAWS);
  const weight = new Float64Array(BLOCK_DRAWS);
  let total = 0;
  return blocks.map(({ block, sum }, i) => {
    total += sum;
    const weights = blockWeights(block);
    for (let draw = 0; draw < BLOCK_DRAWS; draw++) {
      weighted[draw] = (weighted[draw] as number) + (weights[draw] as number) * sum;
      weight[draw] = (weight[draw] as number) + (weights[draw] as number);
    }
    const seen = i + 1;
    const drawn = weighted.map((value, draw) => value / (weight[draw] as number));
    const [low, high] = intervalOfDraws(total / seen, drawn, seen) ?? [null, null];
    return {
      total,
      low: low === null ? null : low * seen,
      high: high === null ? null : high * seen,
      blocks: seen,
    };
  });
}
