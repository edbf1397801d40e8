import type { Known } from '../known.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Micros } from '../time.ts';
import type { Finding } from './decision.ts';

/**
 * What the quotes of one close say of its settlement value, all strikes together. Volatilities are shares a
 * year of 365 days. `low` and `high` are what the quotes allow; null where they set no bound.
 */
export interface LadderRead {
  readonly kind: 'ladder';
  readonly at: Micros;
  readonly asset: string;
  readonly closeAt: Micros;
  /** Contracts past one strike that have a price. */
  readonly strikes: number;
  readonly volatility: Known;
  readonly volatilityLow: Known;
  readonly volatilityHigh: Known;
  /** The forecast's own, in the same measure. */
  readonly forecastVolatility: Known;
  /** Log of the ratio of the deviation above the centre to that below it. */
  readonly skew: Known;
  readonly skewLow: Known;
  readonly skewHigh: Known;
  /** From −1, all depth wants a lower value, to 1. */
  readonly depthImbalance: Known;
  /** Whether one distribution of the settlement law's shape lies within all quotes. */
  readonly agrees: boolean;
}

/** One order of a bundle: `bid` buys YES, `ask` buys NO; a YES price. */
export interface SeenLeg {
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
}

/**
 * Quotes of one close contradict each other after fees: `legs`, bought together, pay more than they cost
 * whatever the index does. `found` when they begin to, `gone` when they no longer do, with the prices and the
 * count of its beginning. `refused`: a check of a leg refused it (`failing`). When its orders have ended:
 * `bought` whole, `missed` whole, or `broken`, with `count` as what was filled of every leg.
 */
export interface BundleSeen {
  readonly kind: 'bundle';
  readonly at: Micros;
  readonly asset: string;
  readonly closeAt: Micros;
  readonly state: 'found' | 'gone' | 'refused' | 'bought' | 'missed' | 'broken';
  /** Event time since it was found. */
  readonly lastedMicros: Micros;
  readonly legs: readonly SeenLeg[];
  /** Count of every leg. */
  readonly count: Count;
  /** What all legs cost with fees, and the least that they pay, in dollars. */
  readonly costDollars: number;
  readonly payoffDollars: number;
  /** What a set must pass beside the checks of its legs. */
  readonly findings: readonly Finding[];
  /** Names of the findings that refuse it. */
  readonly failing: readonly string[];
}
