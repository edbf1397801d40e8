import type { KrakenBookChecked } from '../../domain/events/market.ts';

/** Levels of the events of a book, and of the least depth that Kraken grants. */
const LEVELS = 10;

const decimals = (scale: number): number => Math.round(Math.log10(scale));

/**
 * A book of depth ten as the venue would send it on a new subscription: the text of a `book` snapshot, with
 * the checksum of the message that `checked` tells of. `stamp` is that message's time, as the venue wrote it.
 */
export function bookSnapshotText(checked: KrakenBookChecked, checksum: number, stamp: string): string {
  const { symbol, priceScale, quantityScale, bids, asks } = checked;
  const levels = (flat: readonly number[]): string =>
    Array.from({ length: Math.min(LEVELS, flat.length / 2) }, (_, i) => {
      const price = ((flat[2 * i] ?? 0) / priceScale).toFixed(decimals(priceScale));
      const quantity = ((flat[2 * i + 1] ?? 0) / quantityScale).toFixed(decimals(quantityScale));
      return `{"price":${price},"qty":${quantity}}`;
    }).join(',');
  return `{"channel":"book","type":"snapshot","data":[{"symbol":${JSON.stringify(symbol)},"bids":[${levels(bids)}],"asks":[${levels(asks)}],"checksum":${checksum},"timestamp":${JSON.stringify(stamp)}}]}`;
}
