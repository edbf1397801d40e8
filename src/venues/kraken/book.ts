import type { KrakenBookMessage, KrakenLevel } from '../../domain/events/venue.ts';
import {
  type BookSide,
  bestLevels,
  bookSide,
  clearSide,
  cutSide,
  setLevel,
  sideRegister,
} from './book-side.ts';
import { CHECKSUM_START, checksumOf } from './checksum.ts';

/**
 * Shape of a book: subscribed depth (levels a side, at least the ten that are checked) and decimals of price
 * and quantity.
 */
export interface KrakenBookShape {
  readonly depth: number;
  readonly pricePrecision: number;
  readonly quantityPrecision: number;
}

/** The book of one pair. */
export interface KrakenBook {
  readonly shape: KrakenBookShape;
  /** Ticks of one dollar, and of one unit of the base currency. */
  readonly priceScale: number;
  readonly quantityScale: number;
  /**
   * Applies a whole message in its own order (a snapshot replaces everything), cuts both sides to the depth,
   * then compares the checksum. Returns undefined if it is right, and otherwise what is wrong. A wrong book
   * must not be used until the next snapshot.
   */
  readonly apply: (message: KrakenBookMessage) => string | undefined;
  readonly clear: () => void;
  /**
   * The best ten levels of a side after the last message with a right checksum, best first: price and
   * quantity in ticks, alternating. The array is not changed later. If the side did not change, it is the
   * same array as before.
   */
  readonly bids: () => readonly number[];
  readonly asks: () => readonly number[];
  /** Visits all levels of a side, best first, in ticks. */
  readonly walk: (side: 'bid' | 'ask', visit: (priceTicks: number, quantityTicks: number) => void) => void;
}

const NO_LEVELS: readonly number[] = [];

/** Above this, the product with the scale may round to a neighbouring integer. */
const MAX_TICKS = 2 ** 51;

/**
 * An integer number of ticks, or NaN if the value is not the double nearest to one. So only float noise is
 * rounded away.
 */
function ticksOf(value: number, scale: number): number {
  const ticks = Math.round(value * scale);
  return ticks / scale === value && ticks < MAX_TICKS ? ticks : Number.NaN;
}

/**
 * Creates an empty book. The checksum is CRC32 over the best ten asks, then the best ten bids, each as the
 * digits of price and quantity in ticks: https://docs.kraken.com/api/docs/guides/spot-ws-book-v2. Throws
 * RangeError for a depth below ten.
 */
export function krakenBook(shape: KrakenBookShape): KrakenBook {
  const { depth, pricePrecision, quantityPrecision } = shape;
  if (!(depth >= 10)) throw new RangeError(`krakenBook: depth must be at least 10, was ${depth}`);
  const priceScale = 10 ** pricePrecision;
  const quantityScale = 10 ** quantityPrecision;
  /** Levels that a side may have within a message: far more than Kraken lists beyond the depth. */
  const most = 2 * depth;
  const bids = bookSide(1, depth);
  const asks = bookSide(-1, depth);
  let asksRegister = CHECKSUM_START;
  let checksum = 0;
  let bidLevels = NO_LEVELS;
  let askLevels = NO_LEVELS;
  let bidsMoved = false;
  let asksMoved = false;

  const clear = (): void => {
    clearSide(bids);
    clearSide(asks);
    bidLevels = NO_LEVELS;
    askLevels = NO_LEVELS;
  };

  const applyLevels = (side: BookSide, levels: readonly KrakenLevel[]): string | undefined => {
    for (const { price, qty } of levels) {
      const priceTicks = ticksOf(price, priceScale);
      if (!(priceTicks > 0)) return `price ${price} is no whole number of ticks of 1e-${pricePrecision}`;
      const quantityTicks = ticksOf(qty, quantityScale);
      if (!(quantityTicks >= 0))
        return `quantity ${qty} is no whole number of ticks of 1e-${quantityPrecision}`;
      setLevel(side, priceTicks, quantityTicks);
      // A hostile message may list any number of levels: their cost stays linear.
      if (side.high - side.low > most) cutSide(side, depth);
    }
    cutSide(side, depth);
    return undefined;
  };

  const apply = (message: KrakenBookMessage): string | undefined => {
    if (message.snapshot) clear();
    const offGrid = applyLevels(bids, message.bids) ?? applyLevels(asks, message.asks);
    if (offGrid !== undefined) return offGrid;
    if (asks.changed || bids.changed) {
      bidsMoved ||= bids.changed;
      asksMoved ||= asks.changed;
      if (asks.changed) asksRegister = sideRegister(asks, CHECKSUM_START);
      checksum = checksumOf(sideRegister(bids, asksRegister));
    }
    if (checksum !== message.checksum)
      return `checksum of the book ${checksum}, of the message ${message.checksum}`;
    if (bidsMoved) bidLevels = bestLevels(bids);
    if (asksMoved) askLevels = bestLevels(asks);
    bidsMoved = false;
    asksMoved = false;
    return undefined;
  };

  return {
    shape,
    priceScale,
    quantityScale,
    apply,
    clear,
    bids: () => bidLevels,
    asks: () => askLevels,
    walk: (name, visit) => {
      const side = name === 'bid' ? bids : asks;
      for (let index = side.high - 1; index >= side.low; index--)
        visit((side.keys[index] ?? 0) * side.sign, side.quantityTicks[index] ?? 0);
    },
  };
}
