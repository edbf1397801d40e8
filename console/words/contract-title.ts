import type { ContractView } from '../../src/console/state.ts';
import { dollars, UNKNOWN } from './format.ts';

type Terms = Pick<ContractView, 'strikeType' | 'floorDollars' | 'capDollars'>;

const strike = (value: number | null): string =>
  value === null ? UNKNOWN : dollars(value, Number.isInteger(value) ? 0 : 2);

/** When a contract pays YES, in few signs: `≥ $90,250`, `$90,000 – $90,250`. */
export function contractTitle({ strikeType, floorDollars, capDollars }: Terms): string {
  if (strikeType === 'between') return `${strike(floorDollars)} – ${strike(capDollars)}`;
  if (strikeType === 'greater') return `> ${strike(floorDollars)}`;
  if (strikeType === 'less') return `< ${strike(capDollars)}`;
  if (strikeType === 'less_or_equal') return `≤ ${strike(capDollars)}`;
  return `≥ ${strike(floorDollars)}`;
}

/** The price that the outcome turns on: the only strike, or the middle of two; null without one. */
export function strikeDollars({ floorDollars, capDollars }: Terms): number | null {
  if (floorDollars !== null && capDollars !== null) return (floorDollars + capDollars) / 2;
  return floorDollars ?? capDollars;
}
