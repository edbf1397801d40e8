import type { KrakenBookMessage, KrakenLevel } from '../domain/events/venue.ts';
import type { Micros } from '../domain/time.ts';
import { krakenBook } from './kraken-book.ts';
import type { KrakenEmission, KrakenTicks } from './kraken-emission.ts';

const TENTHS = 10;
const LOTS = 1e8;
/** Deeper than any subscription: what precedes the first snapshot is not cut. */
const UNKNOWN_DEPTH = 1_000;

/** A recorded level in ticks of $0.1 and lots of 1e-8. */
export const ticksOf = ({ price, qty }: KrakenLevel): KrakenTicks => ({
  ticks: Math.round(price * TENTHS),
  lots: Math.round(qty * LOTS),
});

/**
 * A recorded subscription's book as changes of a whole market. Kraken tells nobody that a level left the depth of his subscription
 * (docs.kraken.com, guides/spot-ws-book-v2); a market as deep as the recording must be told, or it keeps what is long gone.
 */
export function recordedBook(): (message: KrakenBookMessage, at: Micros) => KrakenEmission {
  let depth = UNKNOWN_DEPTH;
  let book = krakenBook(depth);
  return ({ bids, asks, checksum, snapshot }, at) => {
    if (snapshot) {
      depth = Math.max(bids.length, asks.length);
      book = krakenBook(depth);
    }
    const changes = (side: 'bids' | 'asks', levels: readonly KrakenTicks[]): readonly KrakenTicks[] => {
      for (const { ticks, lots } of levels) book.set(side, ticks, lots);
      return [...levels, ...book[side].slice(depth).map(({ ticks }) => ({ ticks, lots: 0 }))];
    };
    const sides = {
      bids: changes('bids', bids.map(ticksOf)),
      asks: changes('asks', asks.map(ticksOf)),
      checksum,
    };
    book.flush();
    return { kind: 'book', at, snapshot, sides };
  };
}
