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

/**
 * What a venue or a file told of our orders, fills or results, and what cannot be by our own books. It stops
 * new orders on its contract until the operator resolves it.
 */
export interface Difference {
  readonly kind: 'difference';
  readonly at: Micros;
  readonly ticker: string;
  /** Undefined for a settlement. */
  readonly clientOrderId: string | undefined;
  readonly about: 'fill' | 'order' | 'settlement';
  /** True if it was entered all the same, because the rest of it can be. False if it changed nothing. */
  readonly entered: boolean;
  /** A sentence: what was told, the value, and what our books say. */
  readonly why: string;
}
