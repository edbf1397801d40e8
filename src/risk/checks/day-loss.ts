import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * The UTC day cannot end below its limit. Observed: what is realised today plus the worst outcome of
 * everything still open, the proposal included, in dollars. Wins of today count; wins that are only possible
 * do not.
 */
export const dayLoss: Check = ({ account, limits }) => {
  const worst = account.dayPnl + Math.min(0, account.worstOfAll());
  return atMost('dayLoss', -worst / DOLLAR_TICKS, limits.dayLossMaxDollars);
};
