import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * All closes together lose no more than their limit at their worst values if the proposal fills, in dollars.
 */
export const totalLoss: Check = ({ account, limits }) =>
  atMost('totalLoss', -account.worstOfAll() / DOLLAR_TICKS, limits.totalLossMaxDollars);
