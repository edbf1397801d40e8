import type { KrakenBookMessage, KrakenLevel } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import { krakenBook } from '../kraken/book.ts';
import type { KrakenEmission, KrakenTicks } from '../kraken/emission.ts';
import type { KrakenPair } from '../kraken/pair.ts';

/** Deeper than any subscription, so that levels before the first snapshot are not cut. */
const UNKNOWN_DEPTH = 1_000;

/** A recorded level in the pair's ticks and lots. */
export const ticksOf = ({ price, qty }: KrakenLevel, pair: KrakenPair): KrakenTicks => ({
  ticks: Math.round(price * 10 ** pair.priceDecimals),
  lots: Math.round(qty * 10 ** pair.quantityDecimals),
});

/**
 * A recorded subscription's book as changes of a whole market. Kraken does not report that a level left the
 * depth of a subscription (docs.kraken.com, guides/spot-ws-book-v2). A market as deep as the recording needs
 * these removals, or it would keep old levels.
 */
export function recordedBook(pair: KrakenPair): (message: KrakenBookMessage, at: Micros) => KrakenEmission {
  const ticks = (level: KrakenLevel): KrakenTicks => ticksOf(level, pair);
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
      bids: changes('bids', bids.map(ticks)),
      asks: changes('asks', asks.map(ticks)),
      checksum,
    };
    book.flush();
    return { kind: 'book', at, symbol: pair.symbol, snapshot, sides };
  };
}
