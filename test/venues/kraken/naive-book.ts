import { crc32 } from 'node:zlib';
import type { KrakenBookMessage, KrakenLevel } from '../../../src/domain/events/venue.ts';

/** Levels best first, as the wire's numbers. */
export type NaiveLevels = readonly (readonly [price: number, qty: number])[];

/** The oracle: two Maps, sorted and cut after each message, with the checksum made of fixed-point text as Kraken's guide says. */
export function naiveBook(shape: {
  readonly depth: number;
  readonly pricePrecision: number;
  readonly quantityPrecision: number;
}) {
  const { depth, pricePrecision, quantityPrecision } = shape;
  let bids = new Map<number, number>();
  let asks = new Map<number, number>();

  const applied = (
    side: Map<number, number>,
    levels: readonly KrakenLevel[],
    direction: 1 | -1,
  ): Map<number, number> => {
    for (const { price, qty } of levels)
      if (qty === 0) side.delete(price);
      else side.set(price, qty);
    return new Map([...side].sort(([a], [b]) => (a - b) * direction).slice(0, depth));
  };
  const digits = (value: number, precision: number): string =>
    value.toFixed(precision).replace('.', '').replace(/^0+/, '');
  const text = (side: Map<number, number>): string =>
    [...side]
      .slice(0, 10)
      .map(([price, qty]) => digits(price, pricePrecision) + digits(qty, quantityPrecision))
      .join('');

  return {
    apply: (message: Pick<KrakenBookMessage, 'snapshot' | 'bids' | 'asks'>): void => {
      bids = applied(message.snapshot ? new Map() : bids, message.bids, -1);
      asks = applied(message.snapshot ? new Map() : asks, message.asks, 1);
    },
    checksum: (): number => crc32(text(asks) + text(bids)),
    bids: (): NaiveLevels => [...bids],
    asks: (): NaiveLevels => [...asks],
  };
}
