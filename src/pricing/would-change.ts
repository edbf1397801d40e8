import type { Contract } from '../domain/contracts.ts';
import type { Proposal, WouldChange } from '../domain/events/decision.ts';
import { count, DOLLAR_TICKS, type PriceTicks } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';
import { ceilToGrid, floorToGrid } from '../venues/kalshi/tick-grid.ts';
import { type CloseMoments, scaleVolatility } from './close-moments.ts';
import { edgeOf, type FeePerContract, fairOf } from './edge.ts';
import type { PricingSettings } from './settings.ts';
import { probabilityOf } from './settlement.ts';

/** What an edge must exceed, in dollars; the limits of the risk checks carry these names. */
export interface EdgeLimits {
  readonly edgeMinDollars: number;
  readonly edgeErrorMultiple: number;
}

/** Least edge, in dollars, for a probability with that standard error. */
export const requiredEdge = (probabilityError: number, limits: EdgeLimits): number =>
  limits.edgeErrorMultiple * probabilityError + limits.edgeMinDollars;

/** What `wouldChange` needs. */
export interface WouldChangeInput {
  readonly contract: Contract;
  readonly proposal: Proposal;
  readonly moments: CloseMoments;
  /** The market's probability in the proposal's blend. */
  readonly market: number;
  readonly feePerContract: FeePerContract;
  readonly limits: EdgeLimits;
  /** Earliest time at which the checks that depend on time alone would pass. */
  readonly at: Micros | undefined;
}

/**
 * Finds what would turn a refused proposal into an order: a price, a volatility, a time. It prices the
 * contract a few dozen times.
 */
export function wouldChange(input: WouldChangeInput, settings: PricingSettings['edge']): WouldChange {
  return {
    priceTicks: breakEvenTicks(input),
    volatilityFactor: volatilityFactor(input, settings),
    at: input.at,
  };
}

/**
 * The YES price nearest to the proposal at which its side would be worth trading, on the tick grid and with
 * the present probability. For `bid` any lower price is also good enough, for `ask` any higher one. Undefined
 * if no price is good enough.
 */
export function breakEvenTicks(
  input: Omit<WouldChangeInput, 'moments' | 'market' | 'at'>,
): PriceTicks | undefined {
  const { contract, proposal, feePerContract, limits } = input;
  const { side, probability, probabilityError } = proposal;
  const required = requiredEdge(probabilityError, limits);
  const size = count(Math.max(100, proposal.count));
  const pays = (ticks: number): boolean => {
    const price = ticks as PriceTicks;
    return edgeOf(side, probability, price, feePerContract(side, price, size)) >= required;
  };
  // Price plus fee rises with the price, so one bisection between a good price and a bad one is enough.
  let paying = side === 'bid' ? 1 : DOLLAR_TICKS - 1;
  let refusing = side === 'bid' ? DOLLAR_TICKS - 1 : 1;
  if (!pays(paying)) return undefined;
  while (Math.abs(refusing - paying) > 1) {
    const middle = Math.round((paying + refusing) / 2);
    if (pays(middle)) paying = middle;
    else refusing = middle;
  }
  return side === 'bid' ? floorToGrid(contract.tickBands, paying) : ceilToGrid(contract.tickBands, paying);
}

/** Factors tried on each side of one, and how far they go. */
const FURTHEST_FACTOR = 4;
const FACTOR_STEP = 1.1;

/**
 * The factor on the forecast's standard deviation, nearest to one, at which the proposal's side would be
 * worth trading at its price. It lies between a quarter and four; undefined if none is enough. It is searched
 * on a grid, because the edge of a range contract rises and falls, and then bisected to a thousandth.
 */
export function volatilityFactor(
  { contract, proposal, moments, market, limits }: WouldChangeInput,
  settings: PricingSettings['edge'],
): number | undefined {
  if (moments.kind !== 'open') return undefined;
  const { side, limitTicks, feeDollars } = proposal;
  const pays = (factor: number): boolean => {
    const fair = fairOf(probabilityOf(contract, scaleVolatility(moments, factor)), market, settings);
    return (
      edgeOf(side, fair.probability, limitTicks, feeDollars) >= requiredEdge(fair.probabilityError, limits)
    );
  };
  if (pays(1)) return 1;
  for (let step = FACTOR_STEP; step <= FURTHEST_FACTOR; step *= FACTOR_STEP) {
    for (const factor of [step, 1 / step]) {
      if (!pays(factor)) continue;
      let [paying, refusing] = [factor, factor > 1 ? factor / FACTOR_STEP : factor * FACTOR_STEP];
      while (Math.abs(paying - refusing) > 1e-3) {
        const middle = (paying + refusing) / 2;
        if (pays(middle)) paying = middle;
        else refusing = middle;
      }
      return paying;
    }
  }
  return undefined;
}
