import type { Cash, Count } from '../money.ts';
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
  /** Realised on the UTC day, earlier runs of the account included. */
  readonly dayDollars: number;
  /** Cash, and open positions at what they cost. */
  readonly equityDollars: number;
  /** Worst profit or loss of everything held and open, over all settlement values. */
  readonly worstDollars: number;
  readonly openPositions: number;
  readonly openOrders: number;
}

/**
 * The account takes over what the venue says it holds, at the start of a session or because the operator said
 * so.
 */
export interface AccountAdopted {
  readonly kind: 'adopted';
  readonly at: Micros;
  readonly cash: Cash;
  /** All positions, those of zero left out; NO is negative. */
  readonly positions: readonly { readonly ticker: string; readonly position: Count; readonly paid: Cash }[];
}

/** What one venue made of an order. */
export interface Executed {
  readonly filled: Count;
  /** Mean price of YES over what filled; null if nothing did. */
  readonly averageDollars: number | null;
  readonly feeDollars: number;
  /** From the decision to the order's end. */
  readonly tookMicros: number;
}

/** What paper and the real venue made of the same order. */
export interface Divergence {
  readonly kind: 'divergence';
  readonly at: Micros;
  readonly ticker: string;
  readonly clientOrderId: string;
  readonly paper: Executed;
  readonly venue: Executed;
}

/** An order leaves the desk: paper fills it, or the gateway sends it. */
export interface OrderSent {
  readonly kind: 'orderSent';
  readonly at: Micros;
  readonly order: ApprovedOrder;
}

/**
 * The desk wants an order to be cancelled. The order stays in its books until the venue tells of its end.
 */
export interface CancelAsked {
  readonly kind: 'cancelAsked';
  readonly at: Micros;
  readonly clientOrderId: string;
  readonly ticker: string;
  /** Why, as a sentence. */
  readonly why: string;
}

/**
 * What a venue or a file told of our orders, fills or results, and what cannot be by our own books. It stops
 * new orders on its contract until the operator resolves it.
 */
export interface Difference {
  readonly kind: 'difference';
  readonly at: Micros;
  /** The contract, or `account` for what concerns all of it, such as cash. */
  readonly ticker: string;
  /** Undefined where it is not about one order. */
  readonly clientOrderId: string | undefined;
  readonly about: 'fill' | 'order' | 'settlement' | 'position' | 'cash';
  /** True if it was entered all the same, because the rest of it can be. False if it changed nothing. */
  readonly entered: boolean;
  /** A sentence: what was told, the value, and what our books say. */
  readonly why: string;
}
