import { type Cash, type Count, cash } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';
import type { Portfolio } from './portfolio.ts';
import { dayOf } from './realise.ts';

/** The account for people: console, telemetry, summaries. Cash in $0.0001. */
export interface AccountView {
  readonly at: Micros;
  readonly cash: Cash;
  /** Cash less what open orders may take. */
  readonly available: Cash;
  readonly reserved: Cash;
  /** What open positions cost, fees included. */
  readonly invested: Cash;
  /** Realised profit or loss of the UTC day. */
  readonly dayPnl: Cash;
  /** Worst profit or loss of everything held and open, summed over the closes. */
  readonly worst: Cash;
  readonly ordersOpen: number;
  readonly ordersPlaced: number;
  readonly positions: readonly { readonly ticker: string; readonly position: Count; readonly paid: Cash }[];
}

/** Sums up a portfolio as of `now`. */
export function accountView(portfolio: Portfolio, now: Micros): AccountView {
  const positions = [...portfolio.holdings.values()]
    .filter(({ position }) => position !== 0)
    .map(({ ticker, position, paid }) => ({ ticker, position, paid }));
  return {
    at: now,
    cash: portfolio.cash,
    available: cash(portfolio.cash - portfolio.reserved),
    reserved: portfolio.reserved,
    invested: cash(positions.reduce((sum, { paid }) => sum + paid, 0)),
    dayPnl: portfolio.realisedByDay.get(dayOf(now)) ?? cash(0),
    worst: portfolio.worst,
    ordersOpen: portfolio.orders.size,
    ordersPlaced: portfolio.ordersPlaced,
    positions,
  };
}
