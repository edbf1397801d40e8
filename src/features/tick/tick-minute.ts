import { type Asset, seriesTickers, unitsPerDollar } from '../../domain/asset.ts';
import type { IndexValue } from '../../domain/events/market.ts';
import type { Gap } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import { EXCHANGE, FEATURE_VENUE } from '../../domain/venues.ts';
import { type BookMinute, bookMinute } from './book-minute.ts';
import { contractBoard, type NearMoney } from './contract-board.ts';
import type { TickInput } from './tick-input.ts';
import { type TimeMean, timeMean } from './time-mean.ts';
import { type TradeMinute, tradeMinute } from './trade-minute.ts';

/** The state that features are read from at the close of a minute. */
export interface TickMinute {
  /** The close. */
  readonly at: Micros;
  readonly book: BookMinute;
  readonly trades: TradeMinute;
  /**
   * Index less mid of the book, in basis points of the mid. Only prints of the index count: the twin is
   * itself made of mids.
   */
  readonly basis: TimeMean;
  readonly index: IndexValue | undefined;
  /** Units of strikes in one dollar of the index. */
  readonly unitsPerDollar: number;
  /** The contract nearest the money, of the next close. */
  readonly near: NearMoney | undefined;
}

/** `TickMinute` with the functions that change it. */
export interface TickMinuteState extends TickMinute {
  /** Takes an event received at `now`. */
  readonly receive: (event: TickInput, now: Micros) => void;
  readonly begin: (at: Micros) => void;
  /** Updates everything to the close of the minute, for reading. */
  readonly close: (at: Micros) => void;
  /** Voids everything except the terms of contracts. */
  readonly void: (now: Micros) => void;
  /** Clears everything. */
  readonly clear: (now: Micros) => void;
}

const BASIS_POINTS = 1e4;

/**
 * The state behind all tick features: Kraken's book and trades of the asset's pair, the asset's index, and
 * its contracts.
 */
export function tickMinute(asset: Pick<Asset, 'spot' | 'series' | 'indexDecimals'>): TickMinuteState {
  const symbol = asset.spot.kraken;
  const series: readonly string[] = seriesTickers(asset);
  const book = bookMinute();
  const trades = tradeMinute();
  const basis = timeMean();
  const units = unitsPerDollar(asset);
  const board = contractBoard(units);
  let at = Number.NaN;
  let index: IndexValue | undefined;
  let near: NearMoney | undefined;

  const setBasis = (now: Micros): void => {
    const value = index?.source === 'prints' ? index.value : Number.NaN;
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
    if (venue === FEATURE_VENUE) {
      if (lost || (cause === 'checksum' && scope === symbol)) voidBook(now);
      if (lost || (cause === 'tradeId' && scope === symbol)) trades.void();
    }
    if (!lost) return;
    // A hole in Kalshi's sequences is published book by book, and does not affect received prints.
    if (venue === EXCHANGE) board.void();
    if ((venue === EXCHANGE) === (index?.source === 'prints')) voidIndex(now);
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
    unitsPerDollar: units,
    get index() {
      return index;
    },
    get near() {
      return near;
    },
    receive: (event, now) => {
      switch (event.kind) {
        case 'krakenBookChecked':
          if (event.symbol !== symbol) return;
          if (event.verdict === 'passed') {
            book.change(event, now);
            setBasis(now);
          } else voidBook(now);
          return;
        case 'spotTrade':
          if (event.venue === FEATURE_VENUE && event.symbol === symbol) trades.trade(event, now);
          return;
        case 'index':
          index = event;
          setBasis(now);
          return;
        case 'contractBook':
          board.quote(event);
          return;
        case 'contract':
          if (series.includes(event.contract.series)) board.terms(event);
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
