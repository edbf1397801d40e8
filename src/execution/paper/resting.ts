import type { Contract } from '../../domain/contracts.ts';
import type { ContractBookView } from '../../domain/events/market.ts';
import type { Order } from '../../domain/events/order.ts';
import type { ContractTicker, ContractTrade } from '../../domain/events/venue.ts';
import type { MicroDollars, PriceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';

/** A paper order that the venue has accepted. Counts in 0.01 contracts; changes as it fills. */
export interface PaperOrder {
  readonly order: Order;
  contract: Contract;
  readonly arrivedAt: Micros;
  remaining: number;
  filled: number;
  fills: number;
  accumulator: MicroDollars;
  /** Displayed at our price at join and not yet traded: what trades must pass before us. */
  queueAhead: number;
  /** Displayed at better or equal prices at join: what volume must pass before us where trades are not seen. */
  readonly displayedAhead: number;
  /** Half the volume that could have met us since arrival, and what of it did. */
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

/** Whether a price is beyond the order's limit, so that a match there must have passed it. */
const beyond = ({ side, limitTicks }: Order, ticks: PriceTicks): boolean =>
  side === 'bid' ? ticks < limitTicks : ticks > limitTicks;

/** Bids, then asks; the best price first. Orders come sorted by arrival, which a stable sort keeps. */
export const byPriority = ({ order: a }: PaperOrder, { order: b }: PaperOrder): number => {
  if (a.side !== b.side) return a.side === 'bid' ? -1 : 1;
  return a.side === 'bid' ? b.limitTicks - a.limitTicks : a.limitTicks - b.limitTicks;
};

/**
 * Count that a public trade gives a resting order, `volume` being what of it no better order of ours has had. A trade beyond the limit fills
 * it; one at the limit first works off the queue that was there at join, for cancels ahead of us are not believed. Block trades and trades
 * that began before the order arrived give nothing.
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
 * Count that two consecutive tickers give a resting order where trades are not seen; `half` is half the rise of their volume (which counts
 * both sides of a trade) less what better orders of ours had of it. Only an interval that began after the order arrived, and whose last
 * price is strictly beyond the limit, counts; what was displayed at better or equal prices at join goes first.
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
