import type { KrakenBookMessage, KrakenLevel } from '../../domain/events/venue.ts';
import { type KrakenBook, krakenBook } from './book.ts';

/** No pair of Kraken's has more decimals of price or quantity. */
const MOST_DECIMALS = 10;

/** The fewest decimals that write every value exactly. */
function decimalsOf(levels: readonly KrakenLevel[], value: (level: KrakenLevel) => number): number {
  let decimals = 0;
  for (const level of levels)
    while (
      decimals < MOST_DECIMALS &&
      Math.round(value(level) * 10 ** decimals) / 10 ** decimals !== value(level)
    )
      decimals++;
  return decimals;
}

/**
 * Makes a book from a snapshot while the instrument channel has not given the pair's precision. It tries
 * precisions, fewest decimals first, and takes the one that gives the snapshot's checksum. Undefined if none
 * does: the snapshot is then broken.
 */
export function bookOfSnapshot(snapshot: KrakenBookMessage, depth: number): KrakenBook | undefined {
  // Only the levels that the book will keep: each attempt applies them all.
  const cut = (levels: readonly KrakenLevel[], sign: 1 | -1): readonly KrakenLevel[] =>
    levels.length <= depth ? levels : [...levels].sort((a, b) => sign * (b.price - a.price)).slice(0, depth);
  const kept = { ...snapshot, bids: cut(snapshot.bids, 1), asks: cut(snapshot.asks, -1) };
  const levels = [...kept.bids, ...kept.asks];
  const fewestOfQuantity = decimalsOf(levels, ({ qty }) => qty);
  for (let price = decimalsOf(levels, (level) => level.price); price <= MOST_DECIMALS; price++)
    for (let quantity = fewestOfQuantity; quantity <= MOST_DECIMALS; quantity++) {
      const book = krakenBook({ depth, pricePrecision: price, quantityPrecision: quantity });
      if (book.apply(kept) === undefined) return book;
    }
  return undefined;
}
