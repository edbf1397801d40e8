import type { KrakenBookChecked } from '../../domain/events/market.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { orderFlow } from './order-flow.ts';
import { type TimeMean, timeMean } from './time-mean.ts';

/** Time between two readings of the mid for the realised variance. */
export const VARIANCE_STEP = 5 * SECOND;

const BASIS_POINTS = 1e4;

type BookLevels = Pick<KrakenBookChecked, 'bids' | 'asks' | 'priceScale' | 'quantityScale'>;

/** Readings of one spot book over a minute. A reading is NaN if it is unknown. */
export interface BookMinute {
  /** Takes the levels that a valid message left. A book with an empty side counts as void. */
  readonly change: (book: BookLevels, now: Micros) => void;
  readonly void: (now: Micros) => void;
  /** Updates the readings by time up to `now`. Call it before anything else that happens at `now`. */
  readonly advance: (now: Micros) => void;
  readonly begin: (at: Micros) => void;
  /** Present mid in dollars. */
  readonly mid: () => number;
  /** Present microprice less mid, in basis points of the mid. */
  readonly microprice: () => number;
  /** Spread in basis points of the mid. */
  readonly spread: TimeMean;
  /** (bid − ask) / (bid + ask) of the quantities in the best 1, 5 and 10 levels, −1 to 1. */
  readonly imbalance1: TimeMean;
  readonly imbalance5: TimeMean;
  readonly imbalance10: TimeMean;
  /** Order flow of the minute in base units. */
  readonly flow: () => number;
  readonly updatesPerSecond: () => number;
  /** Sum of the squared log moves of the mid from step to step. */
  readonly variance: () => number;
}

/** Imbalance of bids against asks, −1 to 1. */
const imbalanceOf = (bid: number, ask: number): number => (bid - ask) / (bid + ask);

/**
 * Sum of the quantities of levels `from` (0 is the best) up to `to`, not included; missing levels add
 * nothing.
 */
function quantityOf(levels: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = 2 * from + 1; index < Math.min(levels.length, 2 * to); index += 2)
    sum += levels[index] ?? 0;
  return sum;
}

/** Reads a spot book at each of its messages, without allocating. */
export function bookMinute(): BookMinute {
  const spread = timeMean();
  const imbalance1 = timeMean();
  const imbalance5 = timeMean();
  const imbalance10 = timeMean();
  const means = [spread, imbalance1, imbalance5, imbalance10];
  const flow = orderFlow();
  const state = {
    startAt: Number.NaN,
    upAt: Number.NaN,
    updates: 0,
    mid: Number.NaN,
    microprice: Number.NaN,
    stepAt: Number.NaN,
    stepMid: Number.NaN,
    variance: 0.5,
  };
  const known = (value: number): number => (state.upAt <= state.startAt ? value : Number.NaN);

  const advance = (now: Micros): void => {
    for (; state.stepAt <= now; state.stepAt += VARIANCE_STEP) {
      const move = Math.log(state.mid / state.stepMid);
      state.variance += move * move;
      state.stepMid = state.mid;
    }
  };
  const forget = (now: Micros): void => {
    state.upAt = Number.NaN;
    state.mid = Number.NaN;
    state.microprice = Number.NaN;
    for (const each of means) each.set(Number.NaN, now);
    flow.void();
  };
  return {
    change: (book, now) => {
      const { bids, asks } = book;
      const bid = bids[0] ?? Number.NaN;
      const ask = asks[0] ?? Number.NaN;
      if (!(bid > 0 && ask > 0)) {
        forget(now);
        return;
      }
      advance(now);
      const bidQuantity = bids[1] ?? Number.NaN;
      const askQuantity = asks[1] ?? Number.NaN;
      const bids5 = bidQuantity + quantityOf(bids, 1, 5);
      const asks5 = askQuantity + quantityOf(asks, 1, 5);
      const bids10 = bids5 + quantityOf(bids, 5, 10);
      const asks10 = asks5 + quantityOf(asks, 5, 10);
      const mid = (bid + ask) / 2;
      const spreadPoints = ((ask - bid) / mid) * BASIS_POINTS;
      const imbalance = imbalanceOf(bidQuantity, askQuantity);
      if (Number.isNaN(state.upAt)) state.upAt = now;
      state.updates += 1;
      state.mid = mid / book.priceScale;
      // (bid·askQuantity + ask·bidQuantity) / (askQuantity + bidQuantity) − mid = ½·spread·imbalance.
      state.microprice = 0.5 * spreadPoints * imbalance;
      spread.set(spreadPoints, now);
      imbalance1.set(imbalance, now);
      imbalance5.set(imbalanceOf(bids5, asks5), now);
      imbalance10.set(imbalanceOf(bids10, asks10), now);
      flow.top(bid, ask, bidQuantity, askQuantity, book.quantityScale);
    },
    void: forget,
    advance,
    begin: (at) => {
      state.startAt = at;
      state.updates = 0;
      state.stepAt = at + VARIANCE_STEP;
      state.stepMid = state.mid;
      state.variance = 0;
      for (const each of means) each.begin(at);
      flow.begin();
    },
    mid: () => state.mid,
    microprice: () => state.microprice,
    spread,
    imbalance1,
    imbalance5,
    imbalance10,
    flow: () => known(flow.sum()),
    updatesPerSecond: () => known(state.updates / (MINUTE / SECOND)),
    variance: () => known(state.variance),
  };
}
