import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KrakenBookMessage } from '../../../src/domain/events/venue.ts';
import { type KrakenBook, krakenBook } from '../../../src/venues/kraken/book.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { BTC_SHAPE, levels, streams, summed } from './messages.ts';
import { naiveBook } from './naive-book.ts';

const dollars = (book: KrakenBook, side: 'bid' | 'ask'): readonly (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  book.walk(side, (price, quantity) => found.push([price / 10, quantity / 1e8]));
  return found;
};

const message = (
  snapshot: boolean,
  bids: KrakenBookMessage['bids'],
  asks: KrakenBookMessage['asks'],
  checksum = 0,
): KrakenBookMessage => ({
  kind: 'krakenBook',
  at: 1,
  receivedAt: 2,
  symbol: 'BTC/USD',
  snapshot,
  bids,
  asks,
  checksum,
});

// https://docs.kraken.com/api/docs/guides/spot-ws-book-v2
const OFFICIAL = message(
  true,
  levels(
    [45283.5, 0.1],
    [45283.4, 1.54582015],
    [45282.1, 0.1],
    [45281.0, 0.1],
    [45280.3, 1.54592586],
    [45279.0, 0.0799],
    [45277.6, 0.03310103],
    [45277.5, 0.3],
    [45277.3, 1.54602737],
    [45276.6, 0.15445238],
  ),
  levels(
    [45285.2, 0.001],
    [45286.4, 1.54571953],
    [45286.6, 1.54571109],
    [45289.6, 1.54560911],
    [45290.2, 0.1589066],
    [45291.8, 1.54553491],
    [45294.7, 0.04454749],
    [45296.1, 0.3538],
    [45297.5, 0.09945542],
    [45299.5, 0.18772827],
  ),
  3_310_070_434,
);

describe('krakenBook', () => {
  test("the venue's worked example has its checksum", () => {
    expect(krakenBook(BTC_SHAPE).apply(OFFICIAL)).toBeUndefined();
  });

  test("the venue's older worked example, at five decimals, has its checksum too", () => {
    const side = (...prices: readonly number[]) =>
      levels(...prices.map((price) => [price, 0.000005] as const));
    const asks = side(0.05005, 0.0501, 0.05015, 0.0502, 0.05025, 0.0503, 0.05035, 0.0504, 0.05045, 0.0505);
    const bids = side(0.05, 0.04995, 0.0499, 0.0498, 0.04975, 0.0497, 0.04965, 0.0496, 0.04955, 0.0495);
    const book = krakenBook({ ...BTC_SHAPE, pricePrecision: 5 });
    expect(book.apply(message(true, bids, asks, 974_947_235))).toBeUndefined();
  });

  test('property: one changed digit in any level of the ten best breaks the checksum', () => {
    fc.assert(
      fc.property(fc.nat(19), fc.nat(14), fc.integer({ min: 1, max: 9 }), (level, digit, step) => {
        const flipped = [...OFFICIAL.asks, ...OFFICIAL.bids].map(({ price, qty }, index) => {
          if (index !== level) return { price, qty };
          const text = String(Math.round(price * 10)) + String(Math.round(qty * 1e8)).padStart(9, '0');
          const other = (Number(text[digit]) + step) % 10;
          const changed = text.slice(0, digit) + other + text.slice(digit + 1);
          return { price: Number(changed.slice(0, 6)) / 10, qty: Number(changed.slice(6)) / 1e8 };
        });
        const broken = { ...OFFICIAL, asks: flipped.slice(0, 10), bids: flipped.slice(10) };
        expect(krakenBook(BTC_SHAPE).apply(broken)).toMatch('checksum of the book');
      }),
    );
  });

  test('of a price twice in one message the last one counts', () => {
    const [snapshot, twice] = summed([
      { snapshot: true, bids: levels([29430.3, 1]), asks: levels([29430.4, 1]) },
      { snapshot: false, bids: levels([29430.3, 6.64305344], [29430.3, 6.56805344]), asks: [] },
    ]);
    const book = krakenBook(BTC_SHAPE);
    for (const each of [snapshot, twice]) expect(each && book.apply(each)).toBeUndefined();
    expect(dollars(book, 'bid')).toEqual([[29430.3, 6.56805344]]);
  });

  test('an empty side has no best price', () => {
    const book = krakenBook(BTC_SHAPE);
    const [snapshot] = summed([{ snapshot: true, bids: levels([100, 1]), asks: [] }]);
    if (snapshot) book.apply(snapshot);
    expect([book.bids(), book.asks()]).toEqual([[1000, 1e8], []]);
    book.clear();
    expect(book.bids()).toEqual([]);
  });

  test('levels once given are never written to, and a side that did not change gives the same ones', () => {
    const [snapshot, update, worse] = summed([
      { snapshot: true, bids: levels([100, 1]), asks: levels([101, 3]) },
      { snapshot: false, bids: levels([100, 2]), asks: [] },
      { snapshot: false, bids: [], asks: levels([102, 4]) },
    ]);
    const book = krakenBook(BTC_SHAPE);
    if (snapshot) book.apply(snapshot);
    const [bids, asks] = [book.bids(), book.asks()];
    if (update) book.apply(update);
    expect([bids, book.bids()]).toEqual([
      [1000, 1e8],
      [1000, 2e8],
    ]);
    expect(book.asks()).toBe(asks);
    if (worse) book.apply({ ...worse, checksum: 1 });
    expect(book.asks()).toBe(asks);
  });

  test.each([
    ['a price between ticks', [100.05, 1]],
    ['a price a millionth of a tick off', [100.0000001, 1]],
    ['a price below the first tick', [0.04, 1]],
    ['a quantity between units', [100, 1.000000005]],
    ['a quantity below the first unit', [100, 1e-9]],
    ['a quantity too large to be exact', [100, 1e8]],
    ['a price too large for a double', [1e308, 1]],
  ] as const)('%s is refused, not rounded', (_, level) => {
    for (const [bids, asks] of [
      [[level], []],
      [[], [level]],
    ] as const)
      expect(krakenBook(BTC_SHAPE).apply(message(true, levels(...bids), levels(...asks)))).toMatch(
        'no whole number of ticks',
      );
  });

  test('a depth that would cut into the checked levels is a mistake', () => {
    expect(() => krakenBook({ ...BTC_SHAPE, depth: 9 })).toThrow(
      'krakenBook: depth must be at least 10, was 9',
    );
  });

  test('property: levels and checksum equal those of a naive book after any stream of messages', () => {
    fc.assert(
      fc.property(streams, fc.constantFrom(10, 12, 25), (stream, depth) => {
        const shape = { ...BTC_SHAPE, depth };
        const book = krakenBook(shape);
        const naive = naiveBook(shape);
        for (const each of summed(stream, shape)) {
          naive.apply(each);
          expect(book.apply(each)).toBeUndefined();
          expect(dollars(book, 'bid')).toEqual(naive.bids());
          expect(dollars(book, 'ask')).toEqual(naive.asks());
          const best = (side: readonly (readonly [number, number])[]) =>
            side.slice(0, 10).flatMap(([price, qty]) => [Math.round(price * 10), Math.round(qty * 1e8)]);
          expect(book.bids()).toEqual(best(naive.bids()));
          expect(book.asks()).toEqual(best(naive.asks()));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a message of thousands of levels is applied whole and cut afterwards', () => {
    const many = Array.from(
      { length: 5000 },
      (_, index) => [1000 + ((index * 7) % 5000) / 10, 1 + index] as const,
    );
    const [snapshot] = summed([{ snapshot: true, bids: levels(...many), asks: levels(...many) }]);
    const book = krakenBook(BTC_SHAPE);
    expect(snapshot && book.apply(snapshot)).toBeUndefined();
    expect([book.bids()[0], book.asks()[0], dollars(book, 'bid').length]).toEqual([14_999, 10_000, 10]);
  });
});

describeData('krakenBook on a recorded feed', () => {
  const recorded = (): readonly KrakenBookMessage[] => {
    const { init, updates } = JSON.parse(readFileSync(dataPath('kraken', 'book-v2-d10.json'), 'utf8')) as {
      init: unknown;
      updates: readonly unknown[];
    };
    return [init, ...updates].flatMap((frame) =>
      decodeKraken(JSON.stringify(frame), 7).filter((event) => event.kind === 'krakenBook'),
    );
  };
  const passes = (depth: number): number => {
    const book = krakenBook({ ...BTC_SHAPE, depth });
    return recorded().filter((each) => book.apply(each) === undefined).length;
  };

  test('510 of 510 checksums hold', () => expect([recorded().length, passes(10)]).toEqual([510, 510]));

  test('without truncation 450 of them fail', () => expect(passes(1000)).toBe(60));
});
