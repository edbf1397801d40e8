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
 * The index that settles contracts, in dollars, or our stand-in for it. `variance` is the variance of the log error of `value`
 * against the true index at `at`: 0 for a BRTI print.
 */
export interface IndexValue extends Stamped {
  readonly kind: 'index';
  readonly value: number;
  readonly source: 'brti' | 'twin';
  readonly variance: number;
}
