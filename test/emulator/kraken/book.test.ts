import { describe, expect, test } from '@jest/globals';
import { krakenBook } from '../../../src/emulator/kraken/book.ts';
import type { KrakenTicks } from '../../../src/emulator/kraken/emission.ts';

/** Kraken's own worked example (docs.kraken.com, guides/spot-ws-book-v2), price × 10 and quantity × 10⁸. */
const ASKS = [
  [452852, 100000],
  [452864, 154571953],
  [452866, 154571109],
  [452896, 154560911],
  [452902, 15890660],
  [452918, 154553491],
  [452947, 4454749],
  [452961, 35380000],
  [452975, 9945542],
  [452995, 18772827],
] as const;
const BIDS = [
  [452835, 10000000],
  [452834, 154582015],
  [452821, 10000000],
  [452810, 10000000],
  [452803, 154592586],
  [452790, 7990000],
  [452776, 3310103],
  [452775, 30000000],
  [452773, 154602737],
  [452766, 15445238],
] as const;

const example = (depth: number) => {
  const book = krakenBook(depth);
  // Worst first: the book itself must put them in order.
  for (const [ticks, lots] of [...ASKS].reverse()) book.set('asks', ticks, lots);
  for (const [ticks, lots] of [...BIDS].reverse()) book.set('bids', ticks, lots);
  return book;
};
const prices = (levels: readonly KrakenTicks[]) => levels.map(({ ticks }) => ticks);

describe('krakenBook', () => {
  test("the venue's worked example has the venue's checksum", () => {
    expect(example(10).flush().checksum).toBe(3_310_070_434);
  });

  test('a flush tells the changes in order, once', () => {
    const book = example(10);
    book.flush();
    book.set('asks', 452852, 0);
    book.set('asks', 452852, 7);
    expect(book.flush().asks).toEqual([
      { ticks: 452852, lots: 0 },
      { ticks: 452852, lots: 7 },
    ]);
    expect(book.flush()).toMatchObject({ bids: [], asks: [] });
  });

  test('levels pushed past the depth are cut without a word', () => {
    const book = example(10);
    book.flush();
    book.set('bids', 452836, 5);
    expect(book.flush().bids).toEqual([{ ticks: 452836, lots: 5 }]);
    expect(prices(book.bids)).toEqual([452836, ...BIDS.slice(0, 9).map(([ticks]) => ticks)]);
  });

  test('the whole book is best first on both sides', () => {
    const whole = example(25).whole();
    expect(prices(whole.asks)).toEqual(ASKS.map(([ticks]) => ticks));
    expect(prices(whole.bids)).toEqual(BIDS.map(([ticks]) => ticks));
    expect(whole.checksum).toBe(3_310_070_434);
  });
});
