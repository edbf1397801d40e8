import type { Subscription } from 'rxjs';
import type { ContractBookChanged, ContractChanged } from '../../domain/events/market.ts';
import type { GatewayCommand, GatewayEvent, Order } from '../../domain/events/order.ts';
import type { ContractTicker, ContractTrade, Gap } from '../../domain/events/venue.ts';
import { type Count, count, type PriceTicks } from '../../domain/money.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import type { Clock } from '../../operators/clock.ts';
import { feeOfFill, NOTHING_OVERPAID } from '../../venues/kalshi/fees.ts';
import type { ExecutionSettings } from '../settings.ts';
import type { PaperBooks } from './paper-books.ts';
import { refusal } from './refusal.ts';
import { byPriority, displayedAt, fillByTicker, fillByTrade, type PaperOrder } from './resting.ts';
import { takenLiquidity } from './taken-liquidity.ts';

/** The market events that paper fills depend on. */
export type PaperMarket = ContractBookChanged | ContractTicker | ContractTrade | ContractChanged | Gap;

/** The simulated venue that answers paper orders. */
export interface PaperVenue {
  /** Sends an order or a cancel. The answer never comes inside the call, always later by the clock. */
  readonly send: (command: GatewayCommand) => void;
  /** Cancels all that rests or is on its way. */
  readonly cancelAll: () => void;
  /** Receives a market event. The fills that it causes are answered inside the call. */
  readonly observe: (event: PaperMarket) => void;
  /** Stops every timer. */
  readonly close: () => void;
}

/**
 * A simulated venue that fills orders from the market events. Its fills are a lower bound of the quantity
 * that the real venue would have filled (design §8). Taker orders: the order meets the book as it is one
 * latency after the order was sent, level by level up to its limit, less what earlier paper orders took
 * there. A book that is out of sequence or crossed fills nothing. Resting orders: a public trade beyond the
 * limit fills the order; a trade at the limit fills it after the queue that was there when it joined has
 * traded. Until the first trade of a session, tickers fill by half the rise of their volume, and only when
 * the last price is strictly beyond the limit. A resting order ends by cancel, expiry, close, halt of the
 * contract, or the end of the session. After a disconnect it stays, but nothing that happened in the hole
 * fills it. The legs of a bundle fill together and whole, or not at all. Fees and cash are exact to the venue's rounding; `cash` assumes no netting. Every answer goes to
 * `answer`.
 */
export function paperVenue(
  settings: ExecutionSettings,
  clock: Clock,
  books: PaperBooks,
  answer: (event: GatewayEvent) => void,
): PaperVenue {
  const { takeLatencyMicros, makeLatencyMicros, cancelLatencyMicros, restMaxMicros } = settings.paper;
  const contracts = new Map<string, ContractChanged>();
  const tickers = new Map<string, ContractTicker>();
  const taken = takenLiquidity();
  const usedIds = new Set<string>();
  const inFlight = new Map<
    string,
    { readonly order: Order; readonly due: Micros; readonly task: Subscription }
  >();
  const resting = new Map<string, PaperOrder>();
  const timers = new Map<string, Subscription>();
  const cancels = new Set<Subscription>();
  let tradesSeen = false;

  const headOf = ({ clientOrderId, ticker }: Order) => ({ clientOrderId, ticker, at: clock.at });
  const reject = (order: Order, why: string): void =>
    answer({ kind: 'orderRejected', ...headOf(order), why });

  const fill = (paper: PaperOrder, priceTicks: PriceTicks, part: Count, taker: boolean): void => {
    const { order, terms, accumulator } = paper;
    const fee = feeOfFill({
      terms,
      role: taker ? 'taker' : 'maker',
      side: order.side,
      priceTicks,
      count: part,
      accumulator,
      member: settings.member,
    });
    paper.accumulator = fee.accumulator;
    paper.remaining -= part;
    paper.filled += part;
    paper.fills++;
    if (!taker) paper.credited += part;
    answer({
      kind: 'fill',
      ...headOf(order),
      fillId: `${order.clientOrderId}-fill-${paper.fills}`,
      side: order.side,
      priceTicks,
      count: part,
      taker,
      fee: fee.net,
      cash: fee.cash,
    });
  };

  const end = ({ order, filled }: PaperOrder, state: 'filled' | 'cancelled' | 'expired'): void => {
    const { clientOrderId } = order;
    resting.delete(clientOrderId);
    timers.get(clientOrderId)?.unsubscribe();
    timers.delete(clientOrderId);
    answer({ kind: 'orderDone', ...headOf(order), state, filled: count(filled) });
  };

  /** Sets the timer that ends a resting order, at its expiry or at the close if that is sooner. */
  const arm = (paper: PaperOrder): void => {
    const { clientOrderId, expiresAt: asked } = paper.order;
    timers.get(clientOrderId)?.unsubscribe();
    const most = paper.arrivedAt + restMaxMicros;
    // The venue knows whole seconds.
    const expiresAt = asked === undefined ? most : Math.min(most, Math.floor(asked / SECOND) * SECOND);
    const { closeAt } = paper.contract;
    const due = Math.min(expiresAt, closeAt);
    const task = clock.schedule(
      () => end(paper, expiresAt < closeAt ? 'expired' : 'cancelled'),
      (due - clock.at) / 1000,
    );
    timers.set(clientOrderId, task);
  };

  const arrive = (order: Order): void => {
    const { clientOrderId, ticker, side, limitTicks } = order;
    inFlight.delete(clientOrderId);
    const known = contracts.get(ticker);
    const seen = books.get(ticker);
    const book = seen?.live && !seen.crossed ? seen : undefined;
    const why = refusal(order, known, book, clock.at);
    const terms = known?.contract.fee;
    if (why !== undefined || !known || !terms) {
      reject(order, why ?? 'not_found');
      return;
    }
    const paper: PaperOrder = {
      order,
      contract: known.contract,
      terms,
      arrivedAt: clock.at,
      remaining: order.count,
      filled: 0,
      fills: 0,
      accumulator: NOTHING_OVERPAID,
      ...(book ? displayedAt(book, order) : { queueAhead: 0, displayedAhead: 0 }),
      eligible: 0,
      credited: 0,
    };
    // The levels of a broken book are unknown, so a taker gets nothing from it.
    const levels = book ? taken.take(book, side, limitTicks, order.count) : [];
    for (const level of levels) fill(paper, level.priceTicks, level.count, true);
    if (paper.remaining === 0) end(paper, 'filled');
    else if (order.timeInForce === 'ioc') end(paper, 'cancelled');
    else {
      resting.set(clientOrderId, paper);
      answer({ kind: 'orderResting', ...headOf(order), remaining: count(paper.remaining) });
      arm(paper);
    }
  };

  /** Legs of bundles that are on their way, by bundle. */
  const sets = new Map<string, Order[]>();
  /** The legs of a bundle fill together or not at all. */
  const arriveTogether = (id: string): void => {
    const legs = sets.get(id) ?? [];
    sets.delete(id);
    const whole =
      legs.length === legs[0]?.bundle?.legs &&
      legs.every((leg) => {
        const seen = books.get(leg.ticker);
        const book = seen?.live && !seen.crossed ? seen : undefined;
        return (
          book !== undefined &&
          refusal(leg, contracts.get(leg.ticker), book, clock.at) === undefined &&
          taken.holds(book, leg.side, leg.limitTicks, leg.count)
        );
      });
    for (const leg of legs) {
      if (whole) {
        arrive(leg);
        continue;
      }
      inFlight.delete(leg.clientOrderId);
      answer({ kind: 'orderDone', ...headOf(leg), state: 'cancelled', filled: count(0) });
    }
  };

  const place = (order: Order): void => {
    const { clientOrderId } = order;
    const passive = order.postOnly && order.timeInForce === 'gtc';
    const latency = passive ? makeLatencyMicros : takeLatencyMicros;
    if (usedIds.has(clientOrderId))
      throw new RangeError(`paper: client order id must be new, was ${clientOrderId}`);
    usedIds.add(clientOrderId);
    const { id } = order.bundle ?? {};
    const legs = id === undefined ? undefined : sets.get(id);
    if (id !== undefined) sets.set(id, [...(legs ?? []), order]);
    const task = clock.schedule(() => {
      if (id === undefined) arrive(order);
      else if (!legs) arriveTogether(id);
    }, latency / 1000);
    inFlight.set(clientOrderId, { order, due: clock.at + latency, task });
  };

  /**
   * A cancel never arrives before its order. A cancel that finds no resting order is the venue's 404 and
   * changes nothing.
   */
  const cancel = (clientOrderId: string): void => {
    const due = Math.max(clock.at + cancelLatencyMicros, inFlight.get(clientOrderId)?.due ?? 0);
    const task: Subscription = clock.schedule(
      () => {
        cancels.delete(task);
        const paper = resting.get(clientOrderId);
        if (paper) end(paper, 'cancelled');
      },
      (due - clock.at) / 1000,
    );
    cancels.add(task);
  };

  /**
   * Offers a match to our resting orders of a ticker, best first. What one order gets is not left for the
   * next.
   */
  const match = (
    ticker: string,
    volume: number,
    share: (paper: PaperOrder, left: number) => number,
  ): void => {
    let left = volume;
    for (const paper of restingOn(ticker).sort(byPriority)) {
      const part = share(paper, left);
      if (part <= 0) continue;
      left -= part;
      fill(paper, paper.order.limitTicks, count(part), false);
      if (paper.remaining === 0) end(paper, 'filled');
    }
  };
  const restingOn = (ticker: string): PaperOrder[] =>
    [...resting.values()].filter(({ order }) => order.ticker === ticker);

  const onTrade = (trade: ContractTrade): void => {
    // The first trade of a session may already have been credited by a ticker, so it fills nothing.
    const first = !tradesSeen;
    tradesSeen = true;
    if (!first && resting.size > 0)
      match(trade.ticker, trade.count, (paper, left) => fillByTrade(paper, trade, left));
  };

  const onTicker = (ticker: ContractTicker): void => {
    const previous = tickers.get(ticker.ticker);
    tickers.set(ticker.ticker, ticker);
    if (tradesSeen || !previous || resting.size === 0) return;
    const half = Math.floor((ticker.volume - previous.volume) / 2);
    if (half > 0) match(ticker.ticker, half, (paper, left) => fillByTicker(paper, previous, ticker, left));
  };

  const onContract = (changed: ContractChanged): void => {
    const { contract, state } = changed;
    const { ticker } = contract;
    contracts.set(ticker, changed);
    for (const paper of restingOn(ticker)) {
      paper.contract = contract;
      paper.terms = contract.fee ?? paper.terms;
      if (state !== 'active' || contract.closeAt <= clock.at) end(paper, 'cancelled');
      else arm(paper);
    }
    if (state !== 'settled') return;
    contracts.delete(ticker);
    books.forget(ticker);
    tickers.delete(ticker);
    taken.forget(ticker);
  };

  const onGap = ({ venue, cause }: Gap): void => {
    if (venue !== EXCHANGE || (cause !== 'session' && cause !== 'disconnect')) return;
    books.clear();
    tickers.clear();
    if (cause === 'disconnect') return;
    tradesSeen = false;
    taken.clear();
    for (const paper of [...resting.values()]) end(paper, 'cancelled');
    for (const { order, task } of [...inFlight.values()]) {
      task.unsubscribe();
      reject(order, 'session: ended before the order arrived');
    }
    inFlight.clear();
    sets.clear();
  };

  return {
    send: (command) => (command.kind === 'place' ? place(command.order) : cancel(command.clientOrderId)),
    cancelAll: () => {
      for (const clientOrderId of [...inFlight.keys(), ...resting.keys()]) cancel(clientOrderId);
    },
    observe: (event) => {
      switch (event.kind) {
        case 'contractBook': {
          const book = books.apply(event);
          if (book) taken.observe(book, event.change);
          return;
        }
        case 'contractTicker':
          return onTicker(event);
        case 'contractTrade':
          return onTrade(event);
        case 'contract':
          return onContract(event);
        case 'gap':
          return onGap(event);
      }
    },
    close: () => {
      for (const { task } of inFlight.values()) task.unsubscribe();
      for (const task of timers.values()) task.unsubscribe();
      for (const task of cancels) task.unsubscribe();
    },
  };
}
