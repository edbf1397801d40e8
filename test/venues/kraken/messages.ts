import fc from 'fast-check';
import type { KrakenBookMessage, KrakenLevel } from '../../../src/domain/events/venue.ts';
import { naiveBook } from './naive-book.ts';

/** BTC/USD at the shallowest subscription. */
export const BTC_SHAPE = { depth: 10, pricePrecision: 1, quantityPrecision: 8 } as const;

/** A book message without its checksum. */
export type Unsummed = Pick<KrakenBookMessage, 'snapshot' | 'bids' | 'asks'>;

/** Levels from [price, qty] pairs. */
export const levels = (...pairs: readonly (readonly [number, number])[]): readonly KrakenLevel[] =>
  pairs.map(([price, qty]) => ({ price, qty }));

/** Gives messages the checksums that the naive book has after each, and the receipt times 1, 2, 3 … */
export function summed(
  messages: readonly Unsummed[],
  shape = BTC_SHAPE as { depth: number; pricePrecision: number; quantityPrecision: number },
): readonly KrakenBookMessage[] {
  const naive = naiveBook(shape);
  return messages.map((message, index) => {
    naive.apply(message);
    return {
      kind: 'krakenBook',
      at: index + 1,
      receivedAt: index + 1,
      symbol: 'BTC/USD',
      ...message,
      checksum: naive.checksum(),
    };
  });
}

const levelsNear = (centreTicks: number): fc.Arbitrary<readonly KrakenLevel[]> =>
  fc.array(
    fc.record({
      price: fc.integer({ min: -30, max: 30 }).map((off) => (centreTicks + off) / 10),
      qty: fc.oneof(
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 ** 50 }).map((ticks) => ticks / 1e8) },
      ),
    }),
    { maxLength: 12 },
  );

/** Streams of messages: a snapshot, then mostly updates, around a centre that may drift across a power of ten. */
export const streams: fc.Arbitrary<readonly Unsummed[]> = fc
  .tuple(
    fc.constantFrom(100, 990, 1_000_000),
    fc.array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.nat(19)), { minLength: 1, maxLength: 60 }),
  )
  .chain(([start, walk]) => {
    let centre: number = start;
    return fc.tuple(
      ...walk.map(([step, die], index) => {
        centre = Math.max(40, centre + step);
        return fc.record({
          snapshot: fc.constant(index === 0 || die === 0),
          bids: levelsNear(centre),
          asks: levelsNear(centre),
        });
      }),
    );
  });
