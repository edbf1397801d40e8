import type { Contract } from '../domain/contracts.ts';

/** Where a contract's result changes, and what it is below all of them. */
export interface SettlementSteps {
  readonly startsYes: boolean;
  readonly at: readonly number[];
}

/**
 * The settlement values, in units of the index, at which the result changes; undefined if a strike is
 * unknown.
 */
export function settlementSteps({ strikeType, floorUnits, capUnits }: Contract): SettlementSteps | undefined {
  const known = (units: number | undefined): units is number => units !== undefined && Number.isFinite(units);
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
