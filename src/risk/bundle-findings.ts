import { atLeast, atMost, type CheckResult } from './finding.ts';

/** What the findings of a bundle depend on, in dollars and contracts. */
export interface BundleFacts {
  readonly legs: number;
  /** Contracts of each leg. */
  readonly contracts: number;
  /** What it leaves in the worst outcome, after fees. */
  readonly profitDollars: number;
}

/** What a bundle must leave, and how many legs it may have. */
export interface BundleLimits {
  readonly legRiskDollars: number;
  readonly profitMinDollars: number;
  readonly legsMax: number;
}

/**
 * What a bundle must pass as a set, beside the checks of each of its legs. A leg that is not filled leaves the
 * others as a bet, so each leg of each contract costs `legRiskDollars`, and the rest must reach a minimum.
 */
export const bundleFindings = (
  { legs, contracts, profitDollars }: BundleFacts,
  { legRiskDollars, profitMinDollars, legsMax }: BundleLimits,
): readonly CheckResult[] => [
  atLeast('bundleProfit', profitDollars - legs * contracts * legRiskDollars, profitMinDollars),
  atMost('bundleLegs', legs, legsMax),
];
