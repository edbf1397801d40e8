import { type Cash, cash } from '../domain/money.ts';
import { costOf } from './cost.ts';
import { type Close, exposuresOf } from './exposures.ts';
import type { OpenOrder, Portfolio } from './portfolio.ts';
import { worstOutcome } from './worst-outcome.ts';

const reservedOf = (orders: ReadonlyMap<string, OpenOrder>): Cash => {
  let total = 0;
  for (const { order, remaining, feeBound } of orders.values())
    total += costOf(order.side, order.limitTicks, remaining) + feeBound;
  return cash(total);
};

/**
 * Updates the derived numbers of a portfolio after holdings or orders of the given closes have changed. This
 * is done at each change, because changes are rare while the numbers are read at every evaluation.
 */
export function reckon(portfolio: Portfolio, ...closes: readonly Close[]): Portfolio {
  const { holdings, orders } = portfolio;
  const worstByClose = new Map(portfolio.worstByClose);
  for (const close of closes) {
    const ofAsset = new Map(worstByClose.get(close.asset));
    const exposures = exposuresOf(holdings, orders, close);
    if (exposures.length > 0) ofAsset.set(close.closeAt, cash(worstOutcome(exposures)));
    else ofAsset.delete(close.closeAt);
    if (ofAsset.size > 0) worstByClose.set(close.asset, ofAsset);
    else worstByClose.delete(close.asset);
  }
  let worst = 0;
  for (const ofAsset of worstByClose.values()) for (const value of ofAsset.values()) worst += value;
  return { ...portfolio, reserved: reservedOf(orders), worstByClose, worst: cash(worst) };
}
