import type { Contract } from '../domain/contracts.ts';
import type { Order } from '../domain/events/order.ts';
import { type Cash, count } from '../domain/money.ts';
import { MINUTE } from '../domain/time.ts';
import type { Portfolio } from './portfolio.ts';
import { reckon } from './reckon.ts';

/**
 * Adds an order that is about to be sent. From now on it counts as in flight, and its cost is reserved.
 * `feeBound` is an upper bound of the fee of the whole order. Throws RangeError for a client order id that is
 * already open, since ids are never used twice.
 */
export function applyOrder(
  portfolio: Portfolio,
  order: Order,
  contract: Contract,
  feeBound: Cash,
): Portfolio {
  const { clientOrderId, ticker, at } = order;
  if (portfolio.orders.has(clientOrderId))
    throw new RangeError(`applyOrder: client order id must be new, was ${clientOrderId}`);
  return reckon(
    {
      ...portfolio,
      orders: new Map(portfolio.orders).set(clientOrderId, {
        order,
        contract,
        state: 'inFlight',
        filled: count(0),
        remaining: order.count,
        feeBound,
      }),
      orderTimes: [...portfolio.orderTimes.filter((time) => time > at - MINUTE), at],
      lastOrderAt: new Map(portfolio.lastOrderAt).set(ticker, at),
      ordersPlaced: portfolio.ordersPlaced + 1,
    },
    contract,
  );
}
