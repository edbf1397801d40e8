import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { QUARTER_HOUR } from './quarter-moments.ts';

/** A venue's mean price over the minutes that settle. */
export interface MinuteMean {
  /** Enters a price in dollars; `at` is the venue's time and never goes back. */
  readonly add: (at: Micros, price: number) => void;
  /** The price stands for no time after this. */
  readonly cut: () => void;
  /** The mean over the minute before `closeAt`; undefined where too little of it was seen. */
  readonly read: (closeAt: Micros) => number | undefined;
  readonly reset: () => void;
}

/** So many of the sixty seconds must have had a price. */
const LEAST_SECONDS = 45;
/** A settlement value comes within a minute of its close; one that comes hours later finds its minute gone. */
const KEPT_CLOSES = 4;

/**
 * Samples a venue's price as the index is sampled: at the sixty whole seconds before each quarter of an hour.
 * A second counts where the price is not older than `freshMicros`.
 */
export function minuteMean(freshMicros: Micros): MinuteMean {
  const closes = new Map<Micros, { sum: number; seconds: number }>();
  let lastAt: Micros | undefined;
  let lastPrice = 0;

  /** Enters the last price at the whole seconds before `until`, for the close that they lead to. */
  const stand = (until: Micros, enter: (closeAt: Micros) => void): void => {
    if (lastAt === undefined) return;
    const end = Math.min(until, lastAt + freshMicros + 1);
    for (let at = Math.ceil(lastAt / SECOND) * SECOND; at < end; at += SECOND) {
      const closeAt = (Math.floor(at / QUARTER_HOUR) + 1) * QUARTER_HOUR;
      if (at >= closeAt - MINUTE) enter(closeAt);
    }
  };
  const keep = (closeAt: Micros): void => {
    let close = closes.get(closeAt);
    if (close === undefined) {
      close = { sum: 0, seconds: 0 };
      closes.set(closeAt, close);
      if (closes.size > KEPT_CLOSES)
        for (const oldest of closes.keys()) {
          closes.delete(oldest);
          break;
        }
    }
    close.sum += lastPrice;
    close.seconds++;
  };
  return {
    add: (at, price) => {
      stand(at, keep);
      lastAt = at;
      lastPrice = price;
    },
    cut: () => {
      lastAt = undefined;
    },
    read: (closeAt) => {
      let { sum, seconds } = closes.get(closeAt) ?? { sum: 0, seconds: 0 };
      // The last price stands until the close, though no other has come since.
      stand(closeAt, (each) => {
        if (each !== closeAt) return;
        sum += lastPrice;
        seconds++;
      });
      return seconds < LEAST_SECONDS ? undefined : sum / seconds;
    },
    reset: () => {
      closes.clear();
      lastAt = undefined;
    },
  };
}
