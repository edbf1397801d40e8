import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Cash covers the whole proposal as well as all open orders: p·C for YES or (1−p)·C for NO, and the fee. No
 * netting is assumed. Observed: what would be left, in dollars.
 */
export const collateral: Check = ({ account, limits }) =>
  atLeast('collateral', (account.available - account.cost) / DOLLAR_TICKS, limits.cashMinDollars);
