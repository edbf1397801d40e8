import type { Contract, FeeTerms } from '../../domain/contracts.ts';
import type { ContractBookView } from '../../domain/events/market.ts';
import type { Order } from '../../domain/events/order.ts';
import type { ContractTicker, ContractTrade } from '../../domain/events/venue.ts';
import type { MicroDollars, PriceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';

/** A paper order that the venue has accepted. Counts in 0.01 contracts; changes as it fills. */
export interface PaperOrder {
  readonly order: Order;
  contract: Contract;
  /** The fee terms of its fills: the last ones known. */
  terms: FeeTerms;
  readonly arrivedAt: Micros;
  remaining: number;
  filled: number;
  fills: number;
  accumulator: MicroDollars;
  /** Count displayed at our price when we joined and not yet traded. Trades fill it before us. */
  queueAhead: number;
  /**
   * Count displayed at better or equal prices when we joined. Where trades are not seen, volume fills it
   * before us.
   */
  readonly displayedAhead: number;
  /** Half the volume that could have met us since arrival; of it, what filled us is credited. */
  eligible: number;
  credited: number;
}

/** Count displayed on the order's own side at its price, and at its price or better. */
export function displayedAt(
  book: ContractBookView,
  { side, limitTicks }: Order,
): Pick<PaperOrder, 'queueAhead' | 'displayedAhead'> {
  let displayedAhead = 0;
  book.walk(side, (ticks, count) => {
    if (side === 'bid' ? ticks < limitTicks : ticks > limitTicks) return false;
    displayedAhead += count;
    return true;
  });
  return { queueAhead: book.countAt(side, limitTicks), displayedAhead };
}

/** Whether a price is beyond the order's limit. A match there would have filled the order first. */
const beyond = ({ side, limitTicks }: Order, ticks: PriceTicks): boolean =>
  side === 'bid' ? ticks < limitTicks : ticks > limitTicks;

/** Bids, then asks; the best price first. Orders come sorted by arrival, which a stable sort keeps. */
export const byPriority = ({ order: a }: PaperOrder, { order: b }: PaperOrder): number => {
  if (a.side !== b.side) return a.side === 'bid' ? -1 : 1;
  return a.side === 'bid' ? b.limitTicks - a.limitTicks : a.limitTicks - b.limitTicks;
};

/**
 * Count that a public trade fills of a resting order. `volume` is the trade's volume less what better orders
 * of ours had. A trade beyond the limit fills the order. A trade at the limit first reduces the queue that
 * was there when the order joined; cancels ahead of us are not counted. Block trades, and trades that began
 * before the order arrived, fill nothing.
 */
export function fillByTrade(resting: PaperOrder, trade: ContractTrade, volume: number): number {
  const { order } = resting;
  if (trade.block || trade.taker === order.side) return 0;
  if (Math.min(trade.at, trade.receivedAt) < resting.arrivedAt) return 0;
  if (beyond(order, trade.priceTicks)) {
    resting.queueAhead = 0;
    return Math.min(resting.remaining, volume);
  }
  if (trade.priceTicks !== order.limitTicks) return 0;
  const passed = Math.min(resting.queueAhead, volume);
  resting.queueAhead -= passed;
  return Math.min(resting.remaining, volume - passed);
}

/**
 * Count that two consecutive tickers fill of a resting order, where trades are not seen. `half` is half the
 * rise of their volume (which counts both sides of a trade), less what better orders of ours had of it. An
 * interval counts only if it began after the order arrived and its last price is strictly beyond the limit.
 * The count displayed at better or equal prices when the order joined is filled first.
 */
export function fillByTicker(
  resting: PaperOrder,
  previous: ContractTicker,
  ticker: ContractTicker,
  half: number,
): number {
  if (Math.min(previous.at, previous.receivedAt) < resting.arrivedAt) return 0;
  if (!beyond(resting.order, ticker.lastTicks)) return 0;
  resting.eligible += half;
  const allowed = resting.eligible - resting.displayedAhead - resting.credited;
  return Math.max(0, Math.min(resting.remaining, allowed));
}
