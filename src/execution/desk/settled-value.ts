import { type Contract, dollarsOfUnits } from '../../domain/contracts.ts';
import type { Settlement } from '../../domain/events/order.ts';

/** A settlement value in units of the contract's index, and in dollars where the contract is known. */
export const settledValue = (
  valueUnits: number | undefined,
  contract: Pick<Contract, 'indexDecimals'> | undefined,
): Pick<Settlement, 'valueUnits' | 'valueDollars'> => ({
  valueUnits,
  valueDollars:
    valueUnits === undefined || !contract ? undefined : dollarsOfUnits(valueUnits, contract.indexDecimals),
});
