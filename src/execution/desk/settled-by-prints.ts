import type { Contract } from '../../domain/contracts.ts';
import { SETTLEMENT_PRINTS } from '../../domain/settlement-sums.ts';
import { SECOND } from '../../domain/time.ts';
import type { Outcome } from '../../portfolio/settle.ts';
import type { PrintWindow } from '../../pricing/print-window.ts';
import { QUARTER_HOUR } from '../../pricing/quarter-moments.ts';
import { probabilityOf } from '../../pricing/settlement.ts';
import { settledValue } from './settled-value.ts';

/**
 * The result of a contract by the index's own sixty prints; undefined while a print is missing or the strike
 * is unknown. If the floor of a quarter-hour contract was never published, it is computed from the prints of
 * the quarter before.
 */
export function settledByPrints(
  contract: Contract,
  prints: PrintWindow,
): Pick<Outcome, 'result' | 'valueUnits' | 'valueDollars'> | undefined {
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
    sumUnits: prints.sum(contract.closeAt - SETTLEMENT_PRINTS * SECOND, contract.closeAt).units,
    floorUnits,
  });
  if (price.kind !== 'priced') return undefined;
  return {
    result: price.probability === 1 ? 'yes' : 'no',
    ...settledValue(valueUnits, contract),
  };
}
