import type { Contract } from '../domain/contracts.ts';

/** What a position or an order is worth at settlement, as profit or loss in $0.0001, if its contract ends in YES and in NO. */
export interface Exposure {
  /** Undefined when the terms are unknown: the worse of the two ends is then taken. */
  readonly contract: Contract | undefined;
  readonly yes: number;
  readonly no: number;
}

/** Where the result changes as the settlement value V, in integer cents, rises; undefined when a strike is unknown. */
function stepsOf({ strikeType, floorUnits, capUnits }: Contract) {
  const known = (cents: number | undefined): cents is number => cents !== undefined && Number.isFinite(cents);
  switch (strikeType) {
    case 'greater':
      return known(floorUnits) ? { startsYes: false, at: [floorUnits + 1] } : undefined;
    case 'greater_or_equal':
      return known(floorUnits) ? { startsYes: false, at: [floorUnits] } : undefined;
    case 'less':
      return known(capUnits) ? { startsYes: true, at: [capUnits] } : undefined;
    case 'less_or_equal':
      return known(capUnits) ? { startsYes: true, at: [capUnits + 1] } : undefined;
    case 'between':
      return known(floorUnits) && known(capUnits) && floorUnits <= capUnits
        ? { startsYes: false, at: [floorUnits, capUnits + 1] }
        : undefined;
  }
}

/**
 * Worst profit or loss ($0.0001) over the one value V that settles all contracts of a close, quarter-hour, hourly and range alike.
 * The total is a step function of V, so it is enough to look before the first strike and after each. Positive when no value loses.
 */
export function worstOutcome(exposures: readonly Exposure[]): number {
  let base = 0;
  const jumps: { readonly cents: number; readonly change: number }[] = [];
  for (const { contract, yes, no } of exposures) {
    const steps = contract && stepsOf(contract);
    if (!steps) {
      base += Math.min(yes, no);
      continue;
    }
    base += steps.startsYes ? yes : no;
    let change = steps.startsYes ? no - yes : yes - no;
    for (const cents of steps.at) {
      jumps.push({ cents, change });
      change = -change;
    }
  }
  jumps.sort((a, b) => a.cents - b.cents);
  let total = base;
  let worst = base;
  jumps.forEach(({ cents, change }, i) => {
    total += change;
    // Contracts that share a strike change together: there is no value between them.
    if (jumps[i + 1]?.cents !== cents) worst = Math.min(worst, total);
  });
  return worst;
}
