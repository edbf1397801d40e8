import type { FeeTerms } from '../../domain/contracts.ts';
import { decimal } from './decimal.ts';

const KINDS: ReadonlySet<string> = new Set<FeeTerms['kind']>([
  'quadratic',
  'quadratic_with_maker_fees',
  'quadratic_with_combo_maker_fees',
]);
const isKind = (kind: string): kind is FeeTerms['kind'] => KINDS.has(kind);

/** Fee terms of a series or an event as Kalshi spells them (docs.kalshi.com, series object), or why we cannot reckon with them. */
export function readFee(type: string, multiplier: string | number): FeeTerms | string {
  if (!isKind(type)) return `fee type ${type} is not one we can reckon with`;
  const millionths = decimal(multiplier, 6);
  if (millionths === undefined || millionths < 0)
    return `the fee multiplier must be a number, was ${multiplier}`;
  return { kind: type, multiplier: millionths / 1e6 };
}
