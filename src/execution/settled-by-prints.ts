import type { Contract } from '../domain/contracts.ts';
import type { Outcome } from '../portfolio/settle.ts';
import type { PrintWindow } from '../pricing/print-window.ts';
import { QUARTER_HOUR } from '../pricing/quarter-moments.ts';
import { probabilityOf } from '../pricing/settlement.ts';

/**
 * How a contract ended by the index's own sixty prints; undefined while one of them is missing, or the strike is unknown. A quarter-hour
 * contract whose floor was never published takes it from the prints of the quarter before.
 */
export function settledByPrints(
  contract: Contract,
  prints: PrintWindow,
): Pick<Outcome, 'result' | 'valueUnits'> | undefined {
  const valueUnits = prints.settledValueUnits(contract.closeAt);
  if (valueUnits === undefined) return undefined;
  const floorUnits =
    contract.floorUnits ??
    (contract.strikeType === 'greater_or_equal'
      ? prints.settledValueUnits(contract.closeAt - QUARTER_HOUR)
      : undefined);
  const price = probabilityOf(contract, {
    kind: 'settled',
    closeAt: contract.closeAt,
    valueUnits,
    floorUnits,
  });
  return price.kind === 'priced' ? { result: price.probability === 1 ? 'yes' : 'no', valueUnits } : undefined;
}
