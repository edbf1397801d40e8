import type { Cash, Count } from '../money.ts';
import type { Micros, Stamped } from '../time.ts';

/** Our cash as the venue states it, by shard. */
export interface VenueBalance extends Stamped {
  readonly kind: 'venueBalance';
  readonly byShard: readonly { readonly index: number; readonly cash: Cash }[];
}

/** All our positions as the venue states them, those of zero left out; NO is negative. */
export interface VenuePositions extends Stamped {
  readonly kind: 'venuePositions';
  readonly positions: readonly {
    readonly ticker: string;
    readonly position: Count;
    /** Cost of the open position. */
    readonly paid: Cash;
  }[];
}

/** One position after a change of it, as its channel tells; NO is negative. A lost frame leaves no hole. */
export interface VenuePosition extends Stamped {
  readonly kind: 'venuePosition';
  readonly ticker: string;
  readonly position: Count;
  /** Cost of the open position. */
  readonly paid: Cash;
}

/** The venue's reads of our account show everything that happened up to `asOf`, by its own clock. */
export interface VenueAsOf extends Stamped {
  readonly kind: 'venueAsOf';
  readonly asOf: Micros;
}

/**
 * One page of the list of our orders. The list is known whole once `complete` has come after `first`, with
 * all pages between them; an order that was sent after `since` and is on none of them is not at the venue, as
 * far as `venueAsOf` reaches.
 */
export interface VenueOrders extends Stamped {
  readonly kind: 'venueOrders';
  /** Ids that we gave; the venue's own id for an order without one. */
  readonly clientOrderIds: readonly string[];
  /** The list has orders that were created from this time on. */
  readonly since: Micros;
  readonly first: boolean;
  readonly complete: boolean;
}

/** A deposit or a withdrawal that the venue has applied. */
export interface CashMoved extends Stamped {
  readonly kind: 'cashMoved';
  readonly id: string;
  readonly change: 'deposit' | 'withdrawal';
  /** The amount, never negative. */
  readonly cash: Cash;
  /** The venue does not document whether the amount includes it. */
  readonly fee: Cash;
  readonly appliedAt: Micros;
}

/**
 * A contract of ours that the venue has paid out. An amended result comes as another one of the same ticker.
 */
export interface VenueSettlement extends Stamped {
  readonly kind: 'venueSettlement';
  readonly ticker: string;
  readonly result: 'yes' | 'no';
  readonly yesCount: Count;
  readonly noCount: Count;
  /** A dollar for each winning contract. The venue's own `revenue` reads 0 where both sides were held. */
  readonly paidOut: Cash;
  readonly settledAt: Micros;
}

/** A group of our orders was made or changed. A `triggered` group takes no order until it is `reset`. */
export interface OrderGroupChanged extends Stamped {
  readonly kind: 'orderGroup';
  readonly groupId: string;
  readonly change: 'created' | 'triggered' | 'reset' | 'deleted' | 'limit_updated';
  /** Contracts that may match within 15 seconds, where the venue says it. */
  readonly limit: Count | undefined;
}

/** What the venue says about our account, apart from orders and fills. */
export type VenueAccountEvent =
  | VenueBalance
  | VenuePositions
  | VenuePosition
  | VenueAsOf
  | VenueOrders
  | CashMoved
  | VenueSettlement
  | OrderGroupChanged;
