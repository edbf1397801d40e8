import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Count, count, type PriceTicks, priceTicks } from '../../../src/domain/money.ts';
import { type ContractBook, createBook } from '../../../src/venues/kalshi/book.ts';

type Side = 'bid' | 'ask';
const SIDES: readonly Side[] = ['bid', 'ask'];

const levels = (book: ContractBook, side: Side): [number, number][] => {
  const seen: [number, number][] = [];
  book.walk(side, (ticks, shown) => {
    seen.push([ticks, shown]);
    return true;
  });
  return seen;
};

const change = (book: ContractBook, side: Side, ticks: number, delta: number): string =>
  book.change(side, priceTicks(ticks), count(delta));

describe('createBook', () => {
  test('it is empty and not live until a snapshot', () => {
    const book = createBook('T');
    expect(book).toMatchObject({ ticker: 'T', live: false, bidCount: 0, askCount: 0, crossed: false });
    expect([book.bidTicks, book.askTicks]).toEqual([undefined, undefined]);
    book.load([], []);
    expect([book.live, book.bidTicks, book.askTicks]).toEqual([true, undefined, undefined]);
  });

  test('an emptied best level gives way to the next, and a better one takes over', () => {
    const book = createBook('T');
    book.load([4000, 300, 3900, 100], [5200, 200]);
    expect([book.bidTicks, book.bidCount, book.askTicks, book.askCount]).toEqual([4000, 300, 5200, 200]);
    expect(change(book, 'bid', 4000, -300)).toBe('top');
    expect([book.bidTicks, book.bidCount]).toEqual([3900, 100]);
    expect(change(book, 'ask', 5100, 50)).toBe('top');
    expect([book.askTicks, book.askCount]).toEqual([5100, 50]);
    expect(change(book, 'ask', 5200, -10)).toBe('deep');
    expect(change(book, 'bid', 3900, 7)).toBe('top');
    expect(change(book, 'bid', 3900, 0)).toBe('deep');
    expect(change(book, 'bid', 4100, 0)).toBe('deep');
    expect(book.bidTicks).toBe(3900);
  });

  test('a level never turns negative: the change is refused and nothing moves', () => {
    const book = createBook('T');
    book.load([4000, 300], []);
    expect(change(book, 'bid', 4000, -301)).toBe('negative');
    expect(change(book, 'ask', 4100, -1)).toBe('negative');
    expect([book.bidTicks, book.bidCount, book.askTicks]).toEqual([4000, 300, undefined]);
  });

  test('a bid at or above the ask is crossed, one-sided books are not', () => {
    const book = createBook('T');
    book.load([4000, 300], [4001, 1]);
    expect(book.crossed).toBe(false);
    change(book, 'bid', 4001, 1);
    expect(book.crossed).toBe(true);
    change(book, 'ask', 4001, -1);
    expect(book.crossed).toBe(false);
  });

  test('finer prices refine the grid and keep what was there', () => {
    const book = createBook('T');
    book.load([4000, 300], [5000, 100]);
    change(book, 'bid', 4010, 5);
    change(book, 'bid', 4011, 6);
    change(book, 'ask', 4999, 7);
    expect(levels(book, 'bid')).toEqual([
      [4011, 6],
      [4010, 5],
      [4000, 300],
    ]);
    expect(levels(book, 'ask')).toEqual([
      [4999, 7],
      [5000, 100],
    ]);
    expect(book.countAt('bid', priceTicks(4005))).toBe(0);
    expect(book.countAt('bid', priceTicks(4010))).toBe(5);
    expect(book.countAt('ask', priceTicks(12_000))).toBe(0);
  });

  test('a walk stops where its visitor does', () => {
    const book = createBook('T');
    book.load([4000, 3, 3000, 2, 2000, 1], []);
    const seen: number[] = [];
    book.walk('bid', (ticks) => {
      seen.push(ticks);
      return ticks > 3000;
    });
    expect(seen).toEqual([4000, 3000]);
  });

  test('property: after any snapshots, changes and quarantines it equals a map of levels', () => {
    const ticks = fc.oneof(
      fc.integer({ min: 1, max: 99 }).map((cents) => cents * 100),
      fc.integer({ min: 1, max: 999 }).map((tenths) => tenths * 10),
      fc.integer({ min: 1, max: 9_999 }),
      // Few prices, so that levels meet.
      fc.constantFrom(100, 4000, 4010, 4011, 9900),
    );
    const step = fc.oneof(
      {
        weight: 20,
        arbitrary: fc.record({
          side: fc.constantFrom(...SIDES),
          ticks,
          delta: fc.integer({ min: -20, max: 30 }),
        }),
      },
      { weight: 1, arbitrary: fc.array(fc.tuple(ticks, fc.nat(50)), { maxLength: 8 }) },
      { weight: 1, arbitrary: fc.constant('quarantine' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const book = createBook('T');
        const model = { bid: new Map<number, number>(), ask: new Map<number, number>() };
        let live = false;
        for (const step of steps) {
          if (step === 'quarantine') {
            book.quarantine();
            live = false;
            model.bid.clear();
            model.ask.clear();
          } else if (Array.isArray(step)) {
            book.load(step.flat(), step.flat());
            live = true;
            model.bid = new Map(step);
            model.ask = new Map(step);
          } else {
            const after = (model[step.side].get(step.ticks) ?? 0) + step.delta;
            const answer = book.change(step.side, step.ticks as PriceTicks, step.delta as Count);
            expect(answer === 'negative').toBe(after < 0);
            if (after >= 0) model[step.side].set(step.ticks, after);
          }
          const bids = [...model.bid].filter(([, n]) => n > 0).sort(([a], [b]) => b - a);
          const asks = [...model.ask].filter(([, n]) => n > 0).sort(([a], [b]) => a - b);
          expect([book.live, levels(book, 'bid'), levels(book, 'ask')]).toEqual([live, bids, asks]);
          expect([book.bidTicks, book.bidCount]).toEqual(bids[0] ?? [undefined, 0]);
          expect([book.askTicks, book.askCount]).toEqual(asks[0] ?? [undefined, 0]);
          expect(book.crossed).toBe((bids[0]?.[0] ?? -1) >= (asks[0]?.[0] ?? Number.POSITIVE_INFINITY));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('property: `top` is said exactly when the best price of the side or its count moved', () => {
    const ticks = fc.constantFrom(3900, 4000, 4010, 4100);
    const steps = fc.array(
      fc.record({ side: fc.constantFrom(...SIDES), ticks, delta: fc.integer({ min: -3, max: 3 }) }),
    );
    fc.assert(
      fc.property(steps, (changes) => {
        const book = createBook('T');
        book.load([], []);
        for (const { side, ticks, delta } of changes) {
          const before = [book.bidTicks, book.bidCount, book.askTicks, book.askCount];
          const answer = change(book, side, ticks, delta);
          const moved = [book.bidTicks, book.bidCount, book.askTicks, book.askCount].some(
            (value, i) => value !== before[i],
          );
          expect(answer === 'top').toBe(moved);
        }
      }),
    );
  });
});
