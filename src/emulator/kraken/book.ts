import { crc32 } from 'node:zlib';
import type { KrakenSides, KrakenTicks } from './emission.ts';

/** The book of a subscriber. It changes by level and is published by message. */
export interface KrakenBook {
  /** Best first. */
  readonly bids: readonly KrakenTicks[];
  readonly asks: readonly KrakenTicks[];
  /** Sets a level's quantity; 0 lots removes it. */
  readonly set: (side: 'bids' | 'asks', ticks: number, lots: number) => void;
  /** Cuts both sides to the depth and returns the changes since the last call, in order. */
  readonly flush: () => KrakenSides;
  /** The whole book with its checksum. */
  readonly whole: () => KrakenSides;
}

const CHECKSUM_LEVELS = 10;

const digits = (levels: readonly KrakenTicks[]): string => {
  let text = '';
  const depth = Math.min(CHECKSUM_LEVELS, levels.length);
  for (let i = 0; i < depth; i++) {
    const { ticks, lots } = levels[i] as KrakenTicks;
    text += `${ticks}${lots}`;
  }
  return text;
};

/**
 * CRC32 of the best ten asks, then the best ten bids, each level as the digits of price and quantity in
 * integers (docs.kraken.com, guides/spot-ws-book-v2).
 */
const checksumOf = (bids: readonly KrakenTicks[], asks: readonly KrakenTicks[]): number =>
  crc32(digits(asks) + digits(bids));

/** An empty book that shows `depth` levels a side. */
export function krakenBook(depth: number): KrakenBook {
  const sides = { bids: [] as KrakenTicks[], asks: [] as KrakenTicks[] };
  let changed = { bids: [] as KrakenTicks[], asks: [] as KrakenTicks[] };
  return {
    ...sides,
    set: (side, ticks, lots) => {
      const levels = sides[side];
      const sign = side === 'asks' ? 1 : -1;
      let i = 0;
      while (i < levels.length && sign * ((levels[i] as KrakenTicks).ticks - ticks) < 0) i++;
      const found = levels[i]?.ticks === ticks;
      const level = { ticks, lots };
      if (lots > 0) levels.splice(i, found ? 1 : 0, level);
      else if (found) levels.splice(i, 1);
      changed[side].push(level);
    },
    flush: () => {
      sides.bids.length = Math.min(depth, sides.bids.length);
      sides.asks.length = Math.min(depth, sides.asks.length);
      const { bids, asks } = changed;
      changed = { bids: [], asks: [] };
      return { bids, asks, checksum: checksumOf(sides.bids, sides.asks) };
    },
    whole: () => ({
      bids: [...sides.bids],
      asks: [...sides.asks],
      checksum: checksumOf(sides.bids, sides.asks),
    }),
  };
}
