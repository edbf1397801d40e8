import type { Settings } from '../../config/settings.ts';
import { ok, skipped, type Verdict } from './verdict.ts';

/** Whether the configuration states the hard limits that `voltage live` needs. */
export function checkLiveLimits(live: Settings['execution']['live']): Verdict {
  if (live === undefined)
    return skipped(
      'execution.live is not set',
      'only voltage live needs it: state orderContractsMax, openOrdersMax, ordersPerMinuteMax, dollarsPerDayMax, dayLossMaxDollars and drawdownMaxDollars',
    );
  const { orderContractsMax, openOrdersMax, ordersPerMinuteMax, dollarsPerDayMax } = live;
  const { dayLossMaxDollars, drawdownMaxDollars } = live;
  return ok(
    `at most ${orderContractsMax} contracts an order, ${openOrdersMax} orders open, ${ordersPerMinuteMax} a minute, $${dollarsPerDayMax} a day; halts at a loss of $${dayLossMaxDollars} in a day or $${drawdownMaxDollars} below the peak`,
  );
}
