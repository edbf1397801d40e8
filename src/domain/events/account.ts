import type { Micros } from '../time.ts';
import type { Order } from './order.ts';

/** The account after it changed, in dollars, for dashboards and summaries; the integers behind it are the portfolio's. */
export interface AccountChanged {
  readonly kind: 'account';
  readonly at: Micros;
  readonly cashDollars: number;
  readonly reservedDollars: number;
  /** Realised since the run began, after fees; a contract counts when it settles. */
  readonly realisedDollars: number;
  readonly feesDollars: number;
  /** Worst profit or loss of everything held and open, over all settlement values. */
  readonly worstDollars: number;
  readonly openPositions: number;
  readonly openOrders: number;
}

/** An order goes to the gateway. */
export interface OrderSent {
  readonly kind: 'orderSent';
  readonly at: Micros;
  readonly order: Order;
}
