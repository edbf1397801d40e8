import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The UTC day cannot end below its limit: what is realised so far and the worst of everything still open, the proposal included, in
 * dollars. What may be won does not count, what has been won today does. */
export const dayLoss: Check = ({ account, limits }) => {
  const worst = account.dayPnl + Math.min(0, account.worstOfAll());
  return atMost('dayLoss', -worst / DOLLAR_TICKS, limits.dayLossMaxDollars);
};
