import type { SettlementSums } from '../domain/settlement-sums.ts';
import type { OpenMoments } from './close-moments.ts';
import { reach } from './settlement.ts';

/**
 * The outcomes of one close that matter: between two neighbouring strikes every settlement value pays alike.
 * `starts` holds the sum of prints at which each outcome begins, the first −∞, and `weights` its probability.
 */
export interface SettlementGrid {
  readonly starts: readonly number[];
  readonly weights: readonly number[];
}

/** A contract's sums, and the probability that it is believed to have. */
export interface Belief {
  readonly sums: SettlementSums;
  readonly probability: number;
}

/** No outcome is impossible: a strike far away still counts for the worst case. */
const LEAST_WEIGHT = 1e-12;

/** Sweeps over the beliefs, and the largest change at which they have settled. */
const MOST_SWEEPS = 200;
const SETTLED = 1e-9;

/** The outcomes that the strikes of `contracts` divide the settlement value into, with the law's probabilities. */
export function settlementGrid(moments: OpenMoments, contracts: readonly SettlementSums[]): SettlementGrid {
  const edges = new Set<number>();
  for (const { from, to } of contracts) {
    if (Number.isFinite(from)) edges.add(from);
    if (Number.isFinite(to)) edges.add(to);
  }
  const starts = [Number.NEGATIVE_INFINITY, ...[...edges].sort((a, b) => a - b)];
  const atLeast = starts.map((sum) => reach(moments, sum).probability);
  const weights = starts.map((_, k) =>
    Math.max(LEAST_WEIGHT, (atLeast[k] as number) - (atLeast[k + 1] ?? 0)),
  );
  return { starts, weights: normalised(weights) };
}

/** Which outcomes of the grid pay YES: 1 or 0 each. */
export const paysIn = ({ starts }: SettlementGrid, { from, to }: SettlementSums): readonly (0 | 1)[] =>
  starts.map((start) => (start >= from && start < to ? 1 : 0));

/** Probability of YES on the grid. */
export const weightOf = ({ weights }: SettlementGrid, pays: readonly (0 | 1)[]): number =>
  weights.reduce((sum, weight, k) => sum + weight * (pays[k] as number), 0);

/**
 * Moves the law as little as possible so that each contract has the probability that we believe after looking
 * at its quotes: the distribution nearest to the law in relative entropy (Csiszár 1975), by proportional
 * fitting, one belief after the other. Where the beliefs contradict each other no distribution has them all;
 * the last one then holds exactly. Beliefs of 0, 1 or NaN are left out.
 */
export function tilted(grid: SettlementGrid, beliefs: readonly Belief[]): SettlementGrid {
  const held = beliefs.flatMap(({ sums, probability }) => {
    const pays = paysIn(grid, sums);
    const both = pays.includes(1) && pays.includes(0);
    return both && probability > 0 && probability < 1 ? [{ pays, probability }] : [];
  });
  const weights = [...grid.weights];
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let furthest = 0;
    for (const { pays, probability } of held) {
      const yes = weightOf({ ...grid, weights }, pays);
      furthest = Math.max(furthest, Math.abs(yes - probability));
      const [onYes, onNo] = [probability / yes, (1 - probability) / (1 - yes)];
      pays.forEach((pay, k) => {
        weights[k] = Math.max(LEAST_WEIGHT, (weights[k] as number) * (pay === 1 ? onYes : onNo));
      });
    }
    if (furthest < SETTLED) break;
  }
  return { starts: grid.starts, weights: normalised(weights) };
}

function normalised(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
