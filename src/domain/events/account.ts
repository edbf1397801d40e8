import type { Micros } from '../time.ts';
import type { ApprovedOrder } from './order.ts';

/**
 * The account after a change, in dollars, for dashboards and summaries. The portfolio keeps the exact
 * integers.
 */
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

/** An order leaves the desk: paper fills it, or the gateway sends it. */
export interface OrderSent {
  readonly kind: 'orderSent';
  readonly at: Micros;
  readonly order: ApprovedOrder;
}
