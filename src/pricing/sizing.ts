import { type Count, count } from '../domain/money.ts';
import type { PricingSettings } from './settings.ts';

/** What the size of one order depends on. */
export interface SizingInput {
  /** Probability that the side bought pays one dollar, and what it costs with its fee, in dollars a contract. */
  readonly probability: number;
  readonly costDollars: number;
  /** Cash that Kelly divides, in dollars. */
  readonly bankrollDollars: number;
  /** Count already held of the side bought; negative where the other side is held. */
  readonly heldCount: Count;
  /** Count displayed at the price. */
  readonly displayedCount: Count;
}

/**
 * Count to buy: fractional Kelly for a binary that costs c and pays a dollar, f = (p − c)/(1 − c) of the bankroll (Kelly 1956), less what is held,
 * at most a share of the displayed count and the largest order, in whole lots. 0 without an edge, and for NaN anywhere.
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
