import type { Contract } from '../domain/contracts.ts';
import { settlementSteps } from './settlement-steps.ts';

/**
 * Profit or loss of a position or an order at settlement, in $0.0001: if its contract ends in YES, and if in
 * NO.
 */
export interface Exposure {
  /** Undefined if the terms are unknown. The worse of the two results is then taken. */
  readonly contract: Contract | undefined;
  readonly yes: number;
  readonly no: number;
}

/**
 * Worst profit or loss ($0.0001) over all values of V, the settlement value. One V settles all contracts of
 * an asset's close, of every series. The total is a step function of V, so it is enough to look below the
 * first strike and at or above each strike. The result is positive if no value loses.
 */
export function worstOutcome(exposures: readonly Exposure[]): number {
  let base = 0;
  const jumps: { readonly units: number; readonly change: number }[] = [];
  for (const { contract, yes, no } of exposures) {
    const steps = contract && settlementSteps(contract);
    if (!steps) {
      base += Math.min(yes, no);
      continue;
    }
    base += steps.startsYes ? yes : no;
    let change = steps.startsYes ? no - yes : yes - no;
    for (const units of steps.at) {
      jumps.push({ units, change });
      change = -change;
    }
  }
  jumps.sort((a, b) => a.units - b.units);
  let total = base;
  let worst = base;
  jumps.forEach(({ units, change }, i) => {
    total += change;
    // Contracts with the same strike change together, so a total with only some of them changed does not
    // occur.
    if (jumps[i + 1]?.units !== units) worst = Math.min(worst, total);
  });
  return worst;
}
