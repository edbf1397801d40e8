import type { Contract } from '../domain/contracts.ts';
import type { Order } from '../domain/events/order.ts';
import type { Cash, Count, MicroDollars } from '../domain/money.ts';
import { cash as cashOf } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';

/** What we hold of one contract. NO is a negative position. */
export interface Holding {
  readonly ticker: string;
  /** Undefined for a position whose terms we never received. It then counts as lost, whatever the outcome. */
  readonly contract: Contract | undefined;
  readonly position: Count;
  /** Cost of the open position, fees included. */
  readonly paid: Cash;
  /** Profit or loss of the part that was bought and closed again, fees included. */
  readonly realised: Cash;
  readonly fees: MicroDollars;
  /** Ids of fills already counted, so that a fill reported twice is counted once. */
  readonly fillIds: ReadonlySet<string>;
}

/**
 * An order that may still change the position: `inFlight` until the venue answered, `resting` on the book,
 * `unknown` while we do not know whether the venue has it, `done` when the venue has reported its end but not
 * yet all of its fills.
 */
export interface OpenOrder {
  readonly order: Order;
  readonly contract: Contract;
  readonly state: 'inFlight' | 'resting' | 'unknown' | 'done';
  readonly filled: Count;
  /** The count that may still fill. */
  readonly remaining: Count;
  /** Upper bound of the fee of `remaining`. */
  readonly feeBound: Cash;
}

/** How a contract ended, kept so that a repeated or corrected result changes cash by the difference only. */
export interface SettledContract {
  readonly result: 'yes' | 'no';
  readonly position: Count;
  /** The settlement value in units of the index, where it was told. */
  readonly valueUnits: number | undefined;
}

/**
 * The account as the desk knows it. Cash is exact: once nothing is held, `cash` is the starting cash plus the
 * `pnl` of every settlement. A YES and a NO of one contract are a pair, which is redeemed for a dollar at
 * once.
 */
export interface Portfolio {
  readonly cash: Cash;
  /** Cash that open orders may take: p·C for YES, (1−p)·C for NO, and fees. No netting is assumed. */
  readonly reserved: Cash;
  readonly holdings: ReadonlyMap<string, Holding>;
  /** By client order id. */
  readonly orders: ReadonlyMap<string, OpenOrder>;
  readonly settled: ReadonlyMap<string, SettledContract>;
  /**
   * Realised profit or loss by UTC day (days since the epoch). UTC needs no calendar and has no day of 23
   * hours.
   */
  readonly realisedByDay: ReadonlyMap<number, Cash>;
  /** Times of the orders of the last minute, oldest first. */
  readonly orderTimes: readonly Micros[];
  /** Time of the last order by ticker. */
  readonly lastOrderAt: ReadonlyMap<string, Micros>;
  /**
   * Worst profit or loss of each close over all settlement values, by asset and then by time. Each open order
   * fills or not, whichever is worse.
   */
  readonly worstByClose: ReadonlyMap<string, ReadonlyMap<Micros, Cash>>;
  /**
   * Sum of `worstByClose`, as if every close went as badly as it can, even those of two assets at the same
   * time.
   */
  readonly worst: Cash;
  /**
   * Number of all orders placed; and of fills that came after their contract had settled, which are not
   * booked.
   */
  readonly ordersPlaced: number;
  readonly lateFills: number;
  /** What was told that cannot be, counted by ticker, until the operator resolves it. */
  readonly differences: ReadonlyMap<string, number>;
}

/** An account that holds `cash` and nothing else. */
export const emptyPortfolio = (cash: Cash): Portfolio => ({
  cash,
  reserved: cashOf(0),
  holdings: new Map(),
  orders: new Map(),
  settled: new Map(),
  realisedByDay: new Map(),
  orderTimes: [],
  lastOrderAt: new Map(),
  worstByClose: new Map(),
  worst: cashOf(0),
  ordersPlaced: 0,
  lateFills: 0,
  differences: new Map(),
});
