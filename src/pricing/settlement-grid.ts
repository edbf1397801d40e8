import type { SettlementSums } from '../domain/settlement-sums.ts';
import type { OpenMoments } from './close-moments.ts';
import { reach } from './settlement.ts';

/**
 * The outcomes of one close that matter: between two neighbouring strikes every settlement value pays alike.
 * `starts` holds the sum of prints at which each outcome begins, ascending, the first −∞, and `weights` its
 * probability.
 */
export interface SettlementGrid {
  readonly starts: readonly number[];
  readonly weights: Float64Array;
}

/** A contract's sums, and the probability that it is believed to have. */
export interface Belief {
  readonly sums: SettlementSums;
  readonly probability: number;
}

/** Outcomes next to each other: those from the place `from` up to, and not with, `to`. */
export interface Outcomes {
  readonly from: number;
  readonly to: number;
}

/** No outcome is impossible: a strike far away still counts for the worst case. */
const LEAST_WEIGHT = 1e-12;

/** Sweeps over the beliefs, and the largest change at which they have settled. */
const MOST_SWEEPS = 200;
const SETTLED = 1e-9;

/** Where the outcomes begin into which the strikes of `contracts` divide the settlement value. */
export function startsOf(contracts: readonly SettlementSums[]): readonly number[] {
  const edges = new Set<number>();
  for (const { from, to } of contracts) {
    if (Number.isFinite(from)) edges.add(from);
    if (Number.isFinite(to)) edges.add(to);
  }
  return [Number.NEGATIVE_INFINITY, ...[...edges].sort((a, b) => a - b)];
}

/** The outcomes that the strikes of `contracts` divide the settlement value into, with the law's probabilities. */
export function settlementGrid(
  moments: OpenMoments,
  contracts: readonly SettlementSums[],
  starts = startsOf(contracts),
): SettlementGrid {
  const atLeast = starts.map((sum) => reach(moments, sum).probability);
  const weights = Float64Array.from(starts, (_, k) =>
    Math.max(LEAST_WEIGHT, (atLeast[k] as number) - (atLeast[k + 1] ?? 0)),
  );
  return { starts, weights: normalised(weights) };
}

/** How many of the ascending `starts` are below `sum`. */
function below(starts: readonly number[], sum: number): number {
  let from = 0;
  let to = starts.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((starts[middle] as number) < sum) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Which outcomes of the grid pay YES; none where `to` is not above `from`. */
export function paysIn({ starts }: SettlementGrid, { from, to }: SettlementSums): Outcomes {
  return { from: below(starts, from), to: below(starts, to) };
}

/** Probability of YES on the grid. */
export function weightOf({ weights }: SettlementGrid, { from, to }: Outcomes): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += weights[k] as number;
  return sum;
}

/**
 * Moves the law as little as possible so that each contract has the probability that we believe after looking
 * at its quotes: the distribution nearest to the law in relative entropy (Csiszár 1975), by proportional
 * fitting, one belief after the other. Where the beliefs contradict each other no distribution has them all;
 * the last one then holds exactly. Beliefs of 0, 1 or NaN are left out.
 */
export function tilted(grid: SettlementGrid, beliefs: readonly Belief[]): SettlementGrid {
  const outcomes = grid.starts.length;
  const held = beliefs.flatMap(({ sums, probability }) => {
    const { from, to } = paysIn(grid, sums);
    return from < to && to - from < outcomes && probability > 0 && probability < 1
      ? [{ from, to, probability }]
      : [];
  });
  const weights = Float64Array.from(grid.weights);
  const scale = (from: number, to: number, by: number): void => {
    for (let k = from; k < to; k++) weights[k] = Math.max(LEAST_WEIGHT, (weights[k] as number) * by);
  };
  const moved: SettlementGrid = { starts: grid.starts, weights };
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let furthest = 0;
    for (const belief of held) {
      const { from, to, probability } = belief;
      const yes = weightOf(moved, belief);
      furthest = Math.max(furthest, Math.abs(yes - probability));
      const onNo = (1 - probability) / (1 - yes);
      scale(0, from, onNo);
      scale(from, to, probability / yes);
      scale(to, outcomes, onNo);
    }
    if (furthest < SETTLED) break;
  }
  return { starts: grid.starts, weights: normalised(weights) };
}

function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
