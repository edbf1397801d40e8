import type { SpotBookView } from '../../domain/events/market.ts';
import type { KrakenBookMessage, KrakenLevel } from '../../domain/events/venue.ts';
import { type BookSide, bookSide, clearSide, cutSide, setLevel, sideRegister } from './book-side.ts';
import { CHECKSUM_START, checksumOf } from './checksum.ts';

/** Shape of a book: subscribed depth (levels a side, at least the ten that are checked) and decimals of price and quantity. */
export interface KrakenBookShape {
  readonly depth: number;
  readonly pricePrecision: number;
  readonly quantityPrecision: number;
}

/** The book of one pair behind a `SpotBookView`. */
export interface KrakenBook extends SpotBookView {
  readonly shape: KrakenBookShape;
  /**
   * Applies a whole message in wire order (a snapshot replaces everything), cuts both sides to the depth, then compares the checksum.
   * Returns undefined where it holds, else what is wrong; the book is then not to be believed until a snapshot.
   */
  readonly apply: (message: KrakenBookMessage) => string | undefined;
  readonly clear: () => void;
  /** Visits the levels of a side, best first, in ticks. */
  readonly walk: (side: 'bid' | 'ask', visit: (priceTicks: number, quantityTicks: number) => void) => void;
}

/** Beyond this the product with the scale may round to a neighbouring integer. */
const MAX_TICKS = 2 ** 51;

/** An integer number of ticks, or NaN where the value is not the double nearest to one: nothing is rounded but float noise. */
function ticksOf(value: number, scale: number): number {
  const ticks = Math.round(value * scale);
  return ticks / scale === value && ticks < MAX_TICKS ? ticks : Number.NaN;
}

const bestTicks = ({ keys, low, high, sign }: BookSide): number =>
  high > low ? (keys[high - 1] ?? Number.NaN) * sign : Number.NaN;

const bestQuantityTicks = ({ quantityTicks, low, high }: BookSide): number =>
  high > low ? (quantityTicks[high - 1] ?? Number.NaN) : Number.NaN;

function depthTicks({ quantityTicks, low, high }: BookSide, from: number, to: number): number {
  const last = Math.max(low, high - to);
  let sum = 0;
  for (let index = high - 1 - from; index >= last; index--) sum += quantityTicks[index] ?? 0;
  return sum;
}

/**
 * Creates an empty book. The checksum is CRC32 over the best ten asks, then the best ten bids, each as the digits of price and quantity in
 * ticks: https://docs.kraken.com/api/docs/guides/spot-ws-book-v2. Throws RangeError for a depth below ten.
 */
export function krakenBook(shape: KrakenBookShape): KrakenBook {
  const { depth, pricePrecision, quantityPrecision } = shape;
  if (!(depth >= 10)) throw new RangeError(`krakenBook: depth must be at least 10, was ${depth}`);
  const priceScale = 10 ** pricePrecision;
  const quantityScale = 10 ** quantityPrecision;
  const bids = bookSide(1, depth);
  const asks = bookSide(-1, depth);
  let asksRegister = CHECKSUM_START;
  let checksum = 0;

  const clear = (): void => {
    clearSide(bids);
    clearSide(asks);
  };

  const applyLevels = (side: BookSide, levels: readonly KrakenLevel[]): string | undefined => {
    for (const { price, qty } of levels) {
      const priceTicks = ticksOf(price, priceScale);
      if (!(priceTicks > 0)) return `price ${price} is no whole number of ticks of 1e-${pricePrecision}`;
      const quantityTicks = ticksOf(qty, quantityScale);
      if (!(quantityTicks >= 0))
        return `quantity ${qty} is no whole number of ticks of 1e-${quantityPrecision}`;
      setLevel(side, priceTicks, quantityTicks);
    }
    cutSide(side, depth);
    return undefined;
  };

  const apply = (message: KrakenBookMessage): string | undefined => {
    if (message.snapshot) clear();
    const offGrid = applyLevels(bids, message.bids) ?? applyLevels(asks, message.asks);
    if (offGrid !== undefined) return offGrid;
    if (asks.changed || bids.changed) {
      if (asks.changed) asksRegister = sideRegister(asks, CHECKSUM_START);
      checksum = checksumOf(sideRegister(bids, asksRegister));
    }
    return checksum === message.checksum
      ? undefined
      : `checksum of the book ${checksum}, of the message ${message.checksum}`;
  };

  return {
    shape,
    priceScale,
    quantityScale,
    apply,
    clear,
    bidTicks: () => bestTicks(bids),
    askTicks: () => bestTicks(asks),
    bidQuantityTicks: () => bestQuantityTicks(bids),
    askQuantityTicks: () => bestQuantityTicks(asks),
    depthTicks: (name, from, to) => depthTicks(name === 'bid' ? bids : asks, from, to),
    walk: (name, visit) => {
      const side = name === 'bid' ? bids : asks;
      for (let index = side.high - 1; index >= side.low; index--)
        visit((side.keys[index] ?? 0) * side.sign, side.quantityTicks[index] ?? 0);
    },
  };
}
