import type { Contract } from '../contracts.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Stamped } from '../time.ts';
import type { SpotVenue } from '../venues.ts';

/** The top of one Kalshi book, in YES prices. */
export interface ContractTop {
  readonly ticker: string;
  /**
   * False until the first snapshot, and after a hole in the sequence until the next one. The venue empties a
   * book at the close; such a book stays live without levels.
   */
  readonly live: boolean;
  /** Undefined where the side is empty. */
  readonly bidTicks: PriceTicks | undefined;
  readonly askTicks: PriceTicks | undefined;
  /** Displayed count at the best price; 0 where the side is empty. */
  readonly bidCount: Count;
  readonly askCount: Count;
  /** The best bid is at or above the best ask. */
  readonly crossed: boolean;
}

/**
 * Read-only view of a whole Kalshi book. It is the live book itself and changes later, so read it at once and
 * do not keep it.
 */
export interface ContractBookView extends ContractTop {
  /** Displayed count at a price; 0 where there is none. */
  readonly countAt: (side: 'bid' | 'ask', ticks: PriceTicks) => Count;
  /** Visits levels best first until `visit` returns false. */
  readonly walk: (side: 'bid' | 'ask', visit: (ticks: PriceTicks, count: Count) => boolean) => void;
}

/**
 * How a book changed. `delta`: one level changed by a signed count. `snapshot`: all levels were replaced;
 * they are listed best first, price and count alternating. `void`: the book became void and has no levels.
 */
export type BookChange =
  | {
      readonly kind: 'delta';
      readonly side: 'bid' | 'ask';
      readonly priceTicks: PriceTicks;
      readonly change: Count;
    }
  | { readonly kind: 'snapshot'; readonly bids: readonly number[]; readonly asks: readonly number[] }
  | { readonly kind: 'void' };

/**
 * A book changed. There is at most one such event per frame and ticker. A reader that applies every `change`
 * in order of `version` has the whole book. `topChanged` is true if the best prices or their counts changed.
 */
export interface ContractBookChanged extends Stamped {
  readonly kind: 'contractBook';
  readonly ticker: string;
  /**
   * Counts the changes of this ticker's book from 1. It begins at 1 again if the book was dropped in between.
   */
  readonly version: number;
  readonly top: ContractTop;
  readonly topChanged: boolean;
  readonly change: BookChange;
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
  readonly venue: SpotVenue;
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly bidQuantity: number;
  readonly askQuantity: number;
}

/**
 * The result of one message of a spot book. `passed`: its checksum was right. `failed`: it was wrong, and a
 * gap follows. `ignored`: the book was void and still waits for a snapshot. `bids` and `asks` are the best
 * ten levels after the message, best first: price and quantity in ticks, alternating. A void book has none.
 */
export interface KrakenBookChecked extends Stamped {
  readonly kind: 'krakenBookChecked';
  readonly venue: SpotVenue;
  readonly symbol: string;
  readonly verdict: 'passed' | 'failed' | 'ignored';
  /** Counts the changes of this book in this run: two events of one version carry the same book. */
  readonly version: number;
  /** Ticks of one dollar, and of one unit of the base currency; 0 while they are not known. */
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** Compares the top of book in Kalshi's ticker message with the one rebuilt from deltas. */
export interface TickerComparison extends Stamped {
  readonly kind: 'tickerComparison';
  readonly ticker: string;
  /** Both best prices are equal. */
  readonly exact: boolean;
  /** Both best prices are within $0.01. */
  readonly withinCent: boolean;
}

/**
 * The index that settles contracts, in dollars, or our stand-in for it. `variance` is the variance of the log
 * error of `value` against the true index at `at`: 0 for a print of the index itself.
 */
export interface IndexValue extends Stamped {
  readonly kind: 'index';
  /** Name of the asset whose index it is. */
  readonly asset: string;
  readonly value: number;
  readonly source: 'prints' | 'twin';
  readonly variance: number;
}

/**
 * A price that others do not support. `held`: nothing is built on it for now. `confirmed`: others came to it,
 * so it is used after all. `dropped`: it was held too long and is not used. `source` is the index, whose
 * prints are told one by one, or a spot venue, which is told when it becomes doubtful and when it is clear
 * again. `at` and `receivedAt` are those of the price.
 */
export interface PriceDoubt extends Stamped {
  readonly kind: 'priceDoubt';
  /** Name of the asset. */
  readonly asset: string;
  readonly source: 'index' | SpotVenue;
  readonly state: 'held' | 'confirmed' | 'dropped';
  /** The price, in dollars. */
  readonly value: number;
  /** A sentence: the price, what it was held against, and what became of it. */
  readonly why: string;
}
