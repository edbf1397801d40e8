import type { Contract } from '../contracts.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Stamped } from '../time.ts';

/** Read-only view of one Kalshi book in YES prices. It is the live book itself: read it now, do not keep what it said. */
export interface ContractBookView {
  readonly ticker: string;
  /** False until a snapshot and after a sequence hole. The venue empties a book at close: it stays live, with neither side. */
  readonly live: boolean;
  /** Undefined where the side is empty. */
  readonly bidTicks: PriceTicks | undefined;
  readonly askTicks: PriceTicks | undefined;
  /** Displayed count at the best price; 0 where the side is empty. */
  readonly bidCount: Count;
  readonly askCount: Count;
  readonly crossed: boolean;
  /** Displayed count at a price; 0 where there is none. */
  readonly countAt: (side: 'bid' | 'ask', ticks: PriceTicks) => Count;
  /** Visits levels best first until `visit` returns false. */
  readonly walk: (side: 'bid' | 'ask', visit: (ticks: PriceTicks, count: Count) => boolean) => void;
}

/** A book changed. Emitted once a frame and ticker; `topChanged` tells whether the best prices or their counts moved. */
export interface ContractBookChanged extends Stamped {
  readonly kind: 'contractBook';
  readonly ticker: string;
  readonly book: ContractBookView;
  readonly topChanged: boolean;
  /** The delta that caused it, for fill models; undefined after a snapshot or a gap. */
  readonly delta:
    | { readonly side: 'bid' | 'ask'; readonly priceTicks: PriceTicks; readonly change: Count }
    | undefined;
}

/** A contract became known or changed its terms or state. */
export interface ContractChanged extends Stamped {
  readonly kind: 'contract';
  readonly contract: Contract;
  readonly state: 'active' | 'inactive' | 'closed' | 'determined' | 'settled';
  /** The venue's own result once determined. */
  readonly result: 'yes' | 'no' | undefined;
}

/** Best bid and ask of a spot venue in dollars and base units, with the microprice. */
export interface SpotTop extends Stamped {
  readonly kind: 'spotTop';
  readonly venue: 'kraken';
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidQuantity: number;
  readonly askQuantity: number;
}

/**
 * Read-only view of one spot book in integer ticks. It is the live book itself: read it now, do not keep what it said. A book that is void (before
 * its snapshot, after a hole) has no levels.
 */
export interface SpotBookView {
  /** Ticks of one dollar, and of one unit of the base currency. */
  readonly priceScale: number;
  readonly quantityScale: number;
  /** Best price and quantity in ticks; NaN where the side is empty. */
  readonly bidTicks: () => number;
  readonly askTicks: () => number;
  readonly bidQuantityTicks: () => number;
  readonly askQuantityTicks: () => number;
  /** Sum of the quantities of levels `from` (0 is the best) up to `to`, not included, in ticks; levels that are not there add nothing. */
  readonly depthTicks: (side: 'bid' | 'ask', from: number, to: number) => number;
}

/**
 * What became of one Kraken book message: its checksum held, it did not (a gap follows), or the book was void and the message waited in
 * vain for a snapshot. `book` is what the message left.
 */
export interface KrakenBookChecked extends Stamped {
  readonly kind: 'krakenBookChecked';
  readonly symbol: string;
  readonly verdict: 'passed' | 'failed' | 'ignored';
  readonly book: SpotBookView;
}

/**
 * The index that settles contracts, in dollars, or our stand-in for it. `variance` is the variance of the log error of `value`
 * against the true index at `at`: 0 for a BRTI print.
 */
export interface IndexValue extends Stamped {
  readonly kind: 'index';
  readonly value: number;
  readonly source: 'brti' | 'twin';
  readonly variance: number;
}
