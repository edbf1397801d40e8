import { type Close, exposuresOf } from './exposures.ts';
import type { Portfolio } from './portfolio.ts';
import { settlementSteps } from './settlement-steps.ts';
import type { Exposure } from './worst-outcome.ts';

/** The profit or loss ($0.0001) of one close at every settlement value, ready for one exposure more. */
export interface PayoffLadder {
  /** The worst over all settlement values, as `worstOutcome` of the exposures. */
  readonly worst: number;
  /** The worst with one exposure more, as `worstOutcome` of the exposures and that one. */
  readonly worstWith: (added: Exposure) => number;
}

/** How many of the ascending `units` are below `limit`, or at it as well. */
const below = (units: readonly number[], limit: number, orAt = false): number => {
  let from = 0;
  let to = units.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const at = units[middle] as number;
    if (at < limit || (orAt && at === limit)) from = middle + 1;
    else to = middle;
  }
  return from;
};

/**
 * The total of the exposures on each stretch between two settlement values at which it changes, with the least
 * total up to and from each. One exposure more changes its result at one or two values, so the worst with it
 * is found by halving and not by adding all up again: a desk asks this for each of a thousand contracts.
 */
export function payoffLadder(exposures: readonly Exposure[]): PayoffLadder {
  let base = 0;
  const changes = new Map<number, number>();
  for (const { contract, yes, no } of exposures) {
    const steps = contract && settlementSteps(contract);
    if (!steps) {
      base += Math.min(yes, no);
      continue;
    }
    base += steps.startsYes ? yes : no;
    let change = steps.startsYes ? no - yes : yes - no;
    for (const units of steps.at) {
      changes.set(units, (changes.get(units) ?? 0) + change);
      change = -change;
    }
  }
  const units = [...changes.keys()].sort((a, b) => a - b);
  const totals = [base];
  for (const at of units) totals.push((totals.at(-1) as number) + (changes.get(at) as number));
  const upTo = [...totals];
  for (let i = 1; i < upTo.length; i++) upTo[i] = Math.min(upTo[i - 1] as number, upTo[i] as number);
  const from = [...totals];
  for (let i = from.length - 2; i >= 0; i--) from[i] = Math.min(from[i] as number, from[i + 1] as number);
  const worst = from[0] as number;

  /** The least total of the values in [start, end). */
  const within = (start: number, end: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = below(units, start, true); i <= below(units, end); i++)
      least = Math.min(least, totals[i] as number);
    return least;
  };
  return {
    worst,
    worstWith: ({ contract, yes, no }) => {
      const steps = contract && settlementSteps(contract);
      if (!steps) return worst + Math.min(yes, no);
      const [outer, inner] = steps.startsYes ? [yes, no] : [no, yes];
      const [start, end] = steps.at as readonly [number, number?];
      const before = (upTo[below(units, start)] as number) + outer;
      if (end === undefined) return Math.min(before, (from[below(units, start, true)] as number) + inner);
      return Math.min(before, within(start, end) + inner, (from[below(units, end, true)] as number) + outer);
    },
  };
}

const kept = new WeakMap<Portfolio, Map<string, Map<number, PayoffLadder>>>();

/** The ladder of one close of a portfolio. It is built at the first call, as a portfolio never changes. */
export function ladderOf(portfolio: Portfolio, close: Close): PayoffLadder {
  let byAsset = kept.get(portfolio);
  if (!byAsset) {
    byAsset = new Map();
    kept.set(portfolio, byAsset);
  }
  let byTime = byAsset.get(close.asset);
  if (!byTime) {
    byTime = new Map();
    byAsset.set(close.asset, byTime);
  }
  let ladder = byTime.get(close.closeAt);
  if (!ladder) {
    ladder = payoffLadder(exposuresOf(portfolio.holdings, portfolio.orders, close));
    byTime.set(close.closeAt, ladder);
  }
  return ladder;
}
