import type { Asset } from '../domain/asset.ts';
import { dollarsOfUnits } from '../domain/contracts.ts';
import type { ContractChanged } from '../domain/events/market.ts';
import type { ContractListed } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { QUARTER_HOUR } from './quarter-moments.ts';

/** What the minute before a quarter of an hour settled at, in dollars. */
export interface SettledValue {
  readonly closeAt: Micros;
  readonly dollars: number;
}

const valueAt = (closeAt: Micros, dollars: number): SettledValue | undefined =>
  closeAt % QUARTER_HOUR === 0 && dollars > 0 ? { closeAt, dollars } : undefined;

/**
 * The settlement value that an event of a contract tells, if it tells one: the floor of a quarter-hour
 * contract is what the quarter before it settled at (`docs/decisions/0034`), and REST publishes the value of
 * a contract that has ended. Undefined for a contract of another asset.
 */
export function settledValueOf(
  event: ContractChanged | ContractListed,
  { name, series }: Pick<Asset, 'name' | 'series'>,
): SettledValue | undefined {
  const { asset, indexDecimals, closeAt, openAt, strikeType, floorUnits } = event.contract;
  if (asset !== name) return undefined;
  if (event.kind === 'contractListed')
    return event.valueUnits === undefined
      ? undefined
      : valueAt(closeAt, dollarsOfUnits(event.valueUnits, indexDecimals));
  const isQuarter = event.contract.series === series.quarterHour && closeAt - openAt === QUARTER_HOUR;
  return isQuarter && strikeType === 'greater_or_equal' && floorUnits !== undefined
    ? valueAt(openAt, dollarsOfUnits(floorUnits, indexDecimals))
    : undefined;
}
