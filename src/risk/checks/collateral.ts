import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** Cash covers the proposal in full: YES p·C or NO (1−p)·C, and the fee, beside what open orders may take; no netting is assumed. Observed:
 * what would be left, in dollars. */
export const collateral: Check = ({ account, limits }) =>
  atLeast('collateral', (account.available - account.cost) / DOLLAR_TICKS, limits.cashMinDollars);
