import type { Contract } from '../domain/contracts.ts';
import type { Order } from '../domain/events/order.ts';
import type { Cash, Count, MicroDollars } from '../domain/money.ts';
import { cash as cashOf } from '../domain/money.ts';
import type { Micros } from '../domain/time.ts';

/** What we hold of one contract. NO is a negative position. */
export interface Holding {
  readonly ticker: string;
  /** Undefined for a position whose terms were never told to us: it is then priced as lost in every outcome. */
  readonly contract: Contract | undefined;
  readonly position: Count;
  /** What the open position cost, fees included. */
  readonly paid: Cash;
  /** Profit or loss of what was bought and closed again, fees included. */
  readonly realised: Cash;
  readonly fees: MicroDollars;
  /** Fills already counted, so that one reported twice is counted once. */
  readonly fillIds: ReadonlySet<string>;
}

/**
 * An order that may still change the position: `inFlight` until the venue answered, `resting` on the book, `done` when the venue has
 * reported its end but not yet all of its fills.
 */
export interface OpenOrder {
  readonly order: Order;
  readonly contract: Contract;
  readonly state: 'inFlight' | 'resting' | 'done';
  readonly filled: Count;
  /** What may still fill. */
  readonly remaining: Count;
  /** Upper bound of the fee of `remaining`. */
  readonly feeBound: Cash;
}

/** How a contract ended, kept so that a repeated or corrected result changes cash by the difference only. */
export interface SettledContract {
  readonly result: 'yes' | 'no';
  readonly position: Count;
}

/**
 * The account as the desk knows it. Cash is exact: `cash` after all fills and settlements is the start plus every settlement's `pnl`
 * once nothing is held. A YES and a NO of one contract are a pair and are redeemed for a dollar at once.
 */
export interface Portfolio {
  readonly cash: Cash;
  /** Cash that open orders may take: YES p·C, NO (1−p)·C, and fees; no netting is assumed. */
  readonly reserved: Cash;
  readonly holdings: ReadonlyMap<string, Holding>;
  /** By client order id. */
  readonly orders: ReadonlyMap<string, OpenOrder>;
  readonly settled: ReadonlyMap<string, SettledContract>;
  /** Realised profit or loss by UTC day (days since the epoch): UTC because it needs no calendar and has no 23-hour day. */
  readonly realisedByDay: ReadonlyMap<number, Cash>;
  /** Times of the orders of the last minute, oldest first. */
  readonly orderTimes: readonly Micros[];
  /** Time of the last order by ticker. */
  readonly lastOrderAt: ReadonlyMap<string, Micros>;
  /** Worst profit or loss of each close over one settlement value, open orders filling or not as is worse. */
  readonly worstByClose: ReadonlyMap<Micros, Cash>;
  /** Sum of `worstByClose`. */
  readonly worst: Cash;
  /** Orders ever placed, and fills that came after their contract had settled and were left for reconciliation. */
  readonly ordersPlaced: number;
  readonly lateFills: number;
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
});
