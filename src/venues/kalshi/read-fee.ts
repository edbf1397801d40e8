import type { FeeTerms } from '../../domain/contracts.ts';
import { decimal } from './decimal.ts';
import { MULTIPLIER_DECIMALS } from './fees.ts';

const KINDS: ReadonlySet<string> = new Set<FeeTerms['kind']>([
  'quadratic',
  'quadratic_with_maker_fees',
  'quadratic_with_combo_maker_fees',
]);
const isKind = (kind: string): kind is FeeTerms['kind'] => KINDS.has(kind);

/**
 * The largest multiplier that is accepted. With it a fee is many times what a contract can pay, so a larger
 * one must be a mistake.
 */
const MOST_MULTIPLIER = 1_000;

/**
 * Reads fee terms of a series or an event as Kalshi writes them (docs.kalshi.com, series object). The result
 * is `unknown` for a kind or a multiplier that we cannot compute: the contract is then still priced but not
 * traded. The terms are not rejected, because then the old ones would stay in force.
 */
export function readFee(type: string, multiplier: string | number): FeeTerms | 'unknown' {
  if (!isKind(type)) return 'unknown';
  const parts = decimal(multiplier, MULTIPLIER_DECIMALS);
  const value = (parts ?? Number.NaN) / 10 ** MULTIPLIER_DECIMALS;
  return value >= 0 && value <= MOST_MULTIPLIER ? { kind: type, multiplier: value } : 'unknown';
}
