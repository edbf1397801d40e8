import type { Contract } from '../domain/contracts.ts';
import { SETTLEMENT_PRINTS, settlementSums } from '../domain/settlement-sums.ts';

/** Where a contract's result changes, and what it is below all of them. */
export interface SettlementSteps {
  readonly startsYes: boolean;
  readonly at: readonly number[];
}

/**
 * The settlement values, in units of the index, at which the result changes; undefined if a strike is
 * unknown. A contract that is settled by the mean itself changes between two rounded values, so its step may
 * be a fraction.
 */
export function settlementSteps(contract: Contract): SettlementSteps | undefined {
  const sums = settlementSums(contract);
  if (!sums) return undefined;
  // A rounded value of V is reached half a unit below it.
  const unitsAt = (sum: number): number => sum / SETTLEMENT_PRINTS + 0.5;
  return {
    startsYes: sums.from === Number.NEGATIVE_INFINITY,
    at: [sums.from, sums.to].filter(Number.isFinite).map(unitsAt),
  };
}
