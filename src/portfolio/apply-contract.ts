import type { Contract } from '../domain/contracts.ts';
import { type Close, closeOf } from './exposures.ts';
import type { OpenOrder, Portfolio } from './portfolio.ts';
import { reckon } from './reckon.ts';

/**
 * Applies new terms of a contract that we hold or have orders on, such as a strike that became known or a
 * close that moved.
 */
export function applyContract(portfolio: Portfolio, contract: Contract): Portfolio {
  const { ticker } = contract;
  const held = portfolio.holdings.get(ticker);
  const closes: Close[] = held ? [closeOf(held.contract)] : [];
  let orders: Map<string, OpenOrder> | undefined;
  for (const [id, open] of portfolio.orders)
    if (open.order.ticker === ticker) {
      closes.push(open.contract);
      orders ??= new Map(portfolio.orders);
      orders.set(id, { ...open, contract });
    }
  if (closes.length === 0) return portfolio;
  const holdings = held ? new Map(portfolio.holdings).set(ticker, { ...held, contract }) : portfolio.holdings;
  return reckon({ ...portfolio, holdings, orders: orders ?? portfolio.orders }, ...closes, contract);
}
