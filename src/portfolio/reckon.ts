import { type Cash, cash } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';
import { costOf } from './cost.ts';
import { exposuresOf } from './exposures.ts';
import type { OpenOrder, Portfolio } from './portfolio.ts';
import { worstOutcome } from './worst-outcome.ts';

const reservedOf = (orders: ReadonlyMap<string, OpenOrder>): Cash => {
  let total = 0;
  for (const { order, remaining, feeBound } of orders.values())
    total += costOf(order.side, order.limitTicks, remaining) + feeBound;
  return cash(total);
};

/**
 * A portfolio with its derived numbers brought up to date after holdings or orders of the closes named have changed. Done on every
 * change, which is rare, so that reading is cheap on every evaluation, which is not.
 */
export function reckon(portfolio: Portfolio, ...closes: readonly Micros[]): Portfolio {
  const { holdings, orders } = portfolio;
  const worstByClose = new Map(portfolio.worstByClose);
  for (const closeAt of closes) {
    const exposures = exposuresOf(holdings, orders, closeAt);
    if (exposures.length > 0) worstByClose.set(closeAt, cash(worstOutcome(exposures)));
    else worstByClose.delete(closeAt);
  }
  let worst = 0;
  for (const value of worstByClose.values()) worst += value;
  return { ...portfolio, reserved: reservedOf(orders), worstByClose, worst: cash(worst) };
}
