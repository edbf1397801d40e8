import { DAY, HOUR, type Micros } from '../../domain/time.ts';
import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/**
 * Kalshi pauses every Thursday 03:00–05:00 New York (docs.kalshi.com, exchange schedule): 07:00–09:00 UTC in
 * summer, an hour later in winter. We stop for both, so that no calendar is needed. Day 0 of the epoch was a
 * Thursday.
 */
const inWeeklyPause = (now: Micros): boolean => {
  const intoWeek = now % (7 * DAY);
  return intoWeek >= 7 * HOUR && intoWeek < 10 * HOUR;
};

/**
 * The exchange matches orders. If it has not published its state, the clock decides whether it is in its
 * weekly pause. Observed: 1 if paused, NaN without a time.
 */
export const exchangeOpen: Check = ({ now, exchangeTrading }) => {
  const paused = exchangeTrading === undefined ? inWeeklyPause(now) : !exchangeTrading;
  return atMost('exchangeOpen', Number.isFinite(now) ? Number(paused) : Number.NaN, 0);
};
