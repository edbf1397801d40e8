import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The worst settlement value of this close loses no more than its limit if the proposal fills, in dollars.
 */
export const closeLoss: Check = ({ account, limits }) =>
  atMost('closeLoss', -account.worstOfClose() / DOLLAR_TICKS, limits.closeLossMaxDollars);
