import type { IndexValue } from '../domain/events/market.ts';
import type { Gap } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { type BookMinute, bookMinute } from './book-minute.ts';
import { contractBoard, type NearMoney } from './contract-board.ts';
import type { TickInput } from './tick-input.ts';
import { type TimeMean, timeMean } from './time-mean.ts';
import { type TradeMinute, tradeMinute } from './trade-minute.ts';

/** What features are read from at the close of a minute. */
export interface TickMinute {
  /** The close. */
  readonly at: Micros;
  readonly book: BookMinute;
  readonly trades: TradeMinute;
  /** Index less mid of the book, in basis points of the mid. The index itself: a stand-in is made of such mids. */
  readonly basis: TimeMean;
  readonly index: IndexValue | undefined;
  /** The contract nearest the money of the close next to come. */
  readonly near: NearMoney | undefined;
}

/** `TickMinute` as it is written. */
export interface TickMinuteState extends TickMinute {
  /** Takes an event that came at `now`. */
  readonly hear: (event: TickInput, now: Micros) => void;
  readonly begin: (at: Micros) => void;
  /** Brings everything to the close of the minute, to be read. */
  readonly close: (at: Micros) => void;
  /** Nothing is known any more but the terms of contracts. */
  readonly void: (now: Micros) => void;
  /** Nothing is known any more. */
  readonly clear: (now: Micros) => void;
}

const BASIS_POINTS = 1e4;

/** Everything that tick features look at, for Kraken's book and trades of `symbol`. */
export function tickMinute(symbol: string): TickMinuteState {
  const book = bookMinute();
  const trades = tradeMinute();
  const basis = timeMean();
  const board = contractBoard();
  let at = Number.NaN;
  let index: IndexValue | undefined;
  let near: NearMoney | undefined;

  const setBasis = (now: Micros): void => {
    const value = index?.source === 'brti' ? index.value : Number.NaN;
    basis.set((value / book.mid() - 1) * BASIS_POINTS, now);
  };
  const voidBook = (now: Micros): void => {
    book.void(now);
    setBasis(now);
  };
  const voidIndex = (now: Micros): void => {
    index = undefined;
    setBasis(now);
  };
  const onGap = ({ venue, cause, scope }: Gap, now: Micros): void => {
    const lost = cause === 'disconnect' || cause === 'session';
    if (venue === 'kraken') {
      if (lost || (cause === 'checksum' && scope === symbol)) voidBook(now);
      if (lost || (cause === 'tradeId' && scope === symbol)) trades.void();
    }
    if (!lost) return;
    // A hole in Kalshi's sequences tells of itself, book by book, and takes nothing from a print that came.
    if (venue === 'kalshi') board.void();
    if ((venue === 'kalshi') === (index?.source === 'brti')) voidIndex(now);
  };
  const voidAll = (now: Micros): void => {
    voidBook(now);
    voidIndex(now);
    trades.void();
    board.void();
  };

  return {
    get at() {
      return at;
    },
    book,
    trades,
    basis,
    get index() {
      return index;
    },
    get near() {
      return near;
    },
    hear: (event, now) => {
      switch (event.kind) {
        case 'krakenBookChecked':
          if (event.symbol !== symbol) return;
          if (event.verdict === 'passed') {
            book.change(event.book, now);
            setBasis(now);
          } else voidBook(now);
          return;
        case 'spotTrade':
          if (event.venue === 'kraken' && event.symbol === symbol) trades.trade(event, now);
          return;
        case 'index':
          index = event;
          setBasis(now);
          return;
        case 'contractBook':
          board.quote(event);
          return;
        case 'contract':
          board.terms(event);
          return;
        case 'gap':
          onGap(event, now);
          return;
      }
    },
    begin: (startAt) => {
      book.begin(startAt);
      trades.begin(startAt);
      basis.begin(startAt);
    },
    close: (closeAt) => {
      at = closeAt;
      book.advance(closeAt);
      near = board.nearest(index, closeAt);
    },
    void: voidAll,
    clear: (now) => {
      voidAll(now);
      board.clear();
    },
  };
}
