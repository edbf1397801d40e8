import type { SpotBookView } from '../domain/events/market.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { orderFlow } from './order-flow.ts';
import { type TimeMean, timeMean } from './time-mean.ts';

/** Between two readings of the mid whose moves make up the realised variance. */
export const VARIANCE_STEP = 5 * SECOND;

const BASIS_POINTS = 1e4;

/** What is kept of one spot book over a minute; every reading NaN where it is not known. */
export interface BookMinute {
  /** A message held: reads the book that it left. One with an empty side is as good as void. */
  readonly change: (book: SpotBookView, now: Micros) => void;
  readonly void: (now: Micros) => void;
  /** Brings what goes by the clock up to `now`; before anything else that happens at `now`. */
  readonly advance: (now: Micros) => void;
  readonly begin: (at: Micros) => void;
  /** Mid in dollars as it stands. */
  readonly mid: () => number;
  /** Microprice less mid, in basis points of the mid, as it stands. */
  readonly microprice: () => number;
  /** Spread in basis points of the mid. */
  readonly spread: TimeMean;
  /** What is bid less what is asked over both, −1 to 1, in the best 1, 5 and 10 levels. */
  readonly imbalance1: TimeMean;
  readonly imbalance5: TimeMean;
  readonly imbalance10: TimeMean;
  /** Order flow of the minute in base units. */
  readonly flow: () => number;
  readonly updatesPerSecond: () => number;
  /** Sum of the squared log moves of the mid from step to step. */
  readonly variance: () => number;
}

/** Where bids stand against asks, −1 to 1. */
const imbalanceOf = (bid: number, ask: number): number => (bid - ask) / (bid + ask);

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
      const bid = book.bidTicks();
      const ask = book.askTicks();
      if (!(bid > 0 && ask > 0)) {
        forget(now);
        return;
      }
      advance(now);
      const bidQuantity = book.bidQuantityTicks();
      const askQuantity = book.askQuantityTicks();
      const bids5 = bidQuantity + book.depthTicks('bid', 1, 5);
      const asks5 = askQuantity + book.depthTicks('ask', 1, 5);
      const bids10 = bids5 + book.depthTicks('bid', 5, 10);
      const asks10 = asks5 + book.depthTicks('ask', 5, 10);
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
