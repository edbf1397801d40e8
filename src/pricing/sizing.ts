import { type Count, count } from '../domain/money.ts';
import type { PricingSettings } from './settings.ts';

/** What the size of one order depends on. */
export interface SizingInput {
  /** Probability that the side bought pays one dollar, and its cost with the fee, in dollars per contract. */
  readonly probability: number;
  readonly costDollars: number;
  /** Cash that the Kelly fraction is a part of, in dollars. */
  readonly bankrollDollars: number;
  /** Count already held of the side to buy; negative if the other side is held. */
  readonly heldCount: Count;
  /** Count displayed at the price. */
  readonly displayedCount: Count;
}

/**
 * Count to buy. For a binary that costs c and pays a dollar, Kelly's fraction of the bankroll is f = (p −
 * c)/(1 − c) (Kelly 1956); a fixed part of it is used. What is held already is subtracted. The count is at
 * most a share of the displayed count and at most the largest order, in whole lots. It is 0 without an edge,
 * and if any number is NaN.
 */
export function sizeOf(input: SizingInput, settings: PricingSettings['sizing']): Count {
  const { probability, costDollars, bankrollDollars, heldCount, displayedCount } = input;
  const kelly = (probability - costDollars) / (1 - costDollars);
  if (!(costDollars > 0 && costDollars < 1 && kelly > 0 && probability <= 1 && bankrollDollars > 0))
    return count(0);
  const wanted = (100 * settings.kellyFraction * kelly * bankrollDollars) / costDollars - heldCount;
  const allowed = Math.min(wanted, displayedCount * settings.displayedShare, settings.maxOrderCount);
  const lots = Math.floor(allowed / settings.lotCount);
  return count(lots > 0 ? lots * settings.lotCount : 0);
}
