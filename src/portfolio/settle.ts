import type { Settlement } from '../domain/events/order.ts';
import { cash, count } from '../domain/money.ts';
import { closeOf } from './exposures.ts';
import { payoutOf } from './payout.ts';
import type { Portfolio } from './portfolio.ts';
import { realise } from './realise.ts';
import { reckon } from './reckon.ts';

/** How a contract ended, and the source of that result. */
export type Outcome = Pick<Settlement, 'ticker' | 'at' | 'result' | 'valueUnits' | 'valueDollars' | 'source'>;

/**
 * The account after a settlement. `settlement` is undefined if the same one is already booked. A contract
 * that we never traded gives a settlement of zeros each time.
 */
export interface Settled {
  readonly portfolio: Portfolio;
  readonly settlement: Settlement | undefined;
}

const ordersOn = (portfolio: Portfolio, ticker: string): boolean =>
  [...portfolio.orders.values()].some(({ order }) => order.ticker === ticker);

/**
 * Pays out a contract and forgets its orders. The same result a second time changes nothing. A result that
 * contradicts the booked one (yes by the index, then no by the venue) gives a settlement of the difference,
 * so that cash stays the starting cash plus the sum of `pnl`.
 */
export function settle(portfolio: Portfolio, outcome: Outcome): Settled {
  const { ticker, at, result } = outcome;
  const booked = portfolio.settled.get(ticker);
  if (booked?.result === result) return { portfolio, settlement: undefined };

  const held = portfolio.holdings.get(ticker);
  const position = booked?.position ?? held?.position ?? count(0);
  const received = payoutOf(position, result) - (booked ? payoutOf(position, booked.result) : 0);
  const pnlNow = received - (held?.paid ?? 0);
  const settlement: Settlement = {
    kind: 'settlement',
    ...outcome,
    position,
    cash: cash(received),
    pnl: cash((held?.realised ?? 0) + pnlNow),
  };

  if (!booked && !held && !ordersOn(portfolio, ticker)) return { portfolio, settlement };

  const holdings = new Map(portfolio.holdings);
  holdings.delete(ticker);
  const orders = new Map(portfolio.orders);
  const closes = [closeOf(held?.contract)];
  for (const [id, open] of portfolio.orders)
    if (open.order.ticker === ticker) {
      orders.delete(id);
      closes.push(open.contract);
    }
  const lastOrderAt = new Map(portfolio.lastOrderAt);
  lastOrderAt.delete(ticker);
  const settled = new Map(portfolio.settled).set(ticker, {
    result,
    position,
    valueUnits: outcome.valueUnits,
  });
  const realisedByDay = realise(portfolio.realisedByDay, at, pnlNow);
  return {
    settlement,
    portfolio: reckon(
      {
        ...portfolio,
        cash: cash(portfolio.cash + received),
        holdings,
        orders,
        settled,
        realisedByDay,
        lastOrderAt,
      },
      ...closes,
    ),
  };
}
