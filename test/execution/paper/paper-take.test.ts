import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { priceTicks } from '../../../src/domain/money.ts';
import { MILLISECOND, MINUTE } from '../../../src/domain/time.ts';
import { CLOSE_AT } from '../../portfolio/samples.ts';
import { paperBench, START_AT } from './paper-bench.ts';

const parts = (fills: readonly { priceTicks: number; count: number }[]) =>
  fills.map(({ priceTicks, count }) => [priceTicks, count]);

describe('paperVenue, taking', () => {
  test('an order walks the book up to its limit and pays each level with the exact fee', () => {
    const bench = paperBench();
    bench.snapshot(
      [[4_800, 500]],
      [
        [5_000, 100],
        [5_500, 1_000],
        [6_000, 9_000],
      ],
    );
    bench.place({ limitTicks: 5_500, count: 5_000 });
    bench.pass();
    // One at 0.50: fee 0.0175. Ten at 0.55: 0.07 · 10 · 0.55 · 0.45 = 0.17325, rounded up to 0.1733.
    expect(bench.events).toEqual([
      expect.objectContaining({
        kind: 'fill',
        fillId: 'o1-fill-1',
        priceTicks: 5_000,
        count: 100,
        taker: true,
        fee: 17_500,
        cash: -5_175,
        at: START_AT + 250 * MILLISECOND,
      }),
      expect.objectContaining({
        kind: 'fill',
        fillId: 'o1-fill-2',
        priceTicks: 5_500,
        count: 1_000,
        fee: 173_300,
        cash: -56_733,
      }),
      expect.objectContaining({ kind: 'orderDone', state: 'cancelled', filled: 1_100 }),
    ]);
  });

  test('rounding that one order overpaid level by level comes back once it exceeds a cent', () => {
    const bench = paperBench({}, 'nonDirect');
    bench.snapshot(
      [],
      [5_000, 5_100, 5_200, 5_300, 5_400].map((ticks) => [ticks, 100] as const),
    );
    bench.place({ limitTicks: 5_400, count: 500 });
    bench.pass();
    // Each fee of about 0.0175 is charged as 0.02; after four of them 0.010098 is overpaid.
    expect(bench.fills().map(({ fee }) => fee)).toEqual([20_000, 20_000, 20_000, 10_000, 20_000]);
    expect(bench.fills().map(({ cash }) => cash)).toEqual([-5_200, -5_300, -5_400, -5_400, -5_600]);
  });

  test('an ask takes bids, best first, and pays one dollar less the price for NO', () => {
    const bench = paperBench();
    bench.snapshot(
      [
        [4_000, 200],
        [4_800, 100],
      ],
      [[5_000, 100]],
    );
    bench.place({ side: 'ask', limitTicks: 4_000, count: 300 });
    bench.pass();
    expect(parts(bench.fills())).toEqual([
      [4_800, 100],
      [4_000, 200],
    ]);
    expect(bench.fills().map(({ fee, cash }) => fee + cash * 100)).toEqual([-520_000, -1_200_000]);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'filled', filled: 300 });
  });

  test('the order meets the book of its arrival, not of its decision', () => {
    const bench = paperBench();
    bench.snapshot([[4_800, 100]], [[5_000, 100]]);
    bench.place({ limitTicks: 5_200, count: 100 });
    bench.pass(250 * MILLISECOND - 1);
    bench.delta('ask', 5_000, -100);
    bench.delta('ask', 5_200, 60);
    expect(bench.events).toEqual([]);
    bench.pass(1);
    expect(parts(bench.fills())).toEqual([[5_200, 60]]);
  });

  test('what was taken stays taken while the book still shows it, and what is added can be taken', () => {
    const bench = paperBench();
    bench.snapshot([], [[5_000, 100]]);
    const take = (clientOrderId: string) => {
      const before = bench.fills().length;
      bench.place({ clientOrderId, limitTicks: 5_000, count: 500 });
      bench.pass();
      return parts(bench.fills().slice(before));
    };
    expect(take('a')).toEqual([[5_000, 100]]);
    expect(take('b')).toEqual([]);
    bench.delta('ask', 5_000, 30);
    expect(take('c')).toEqual([[5_000, 30]]);
    // 130 shown, all of it taken: of the 50 left any might be ours, so none is there.
    bench.delta('ask', 5_000, -80);
    expect(take('d')).toEqual([]);
    bench.delta('ask', 5_000, 20);
    expect(take('e')).toEqual([[5_000, 20]]);
    bench.snapshot([], [[5_000, 70]]);
    expect(take('f')).toEqual([]);
    bench.gap('disconnect');
    bench.snapshot([], [[5_000, 75]]);
    expect(take('g')).toEqual([[5_000, 5]]);
    bench.delta('ask', 5_000, -75);
    bench.delta('ask', 5_000, 40);
    expect(take('h')).toEqual([[5_000, 40]]);
  });

  test('property: never more than was displayed or asked for, never beyond the limit, cash to the last unit', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('delta' as const),
        side: fc.constantFrom('bid' as const, 'ask' as const),
        level: fc.nat(5),
        change: fc.integer({ min: -400, max: 400 }),
      }),
      fc.record({
        kind: fc.constant('order' as const),
        side: fc.constantFrom('bid' as const, 'ask' as const),
        level: fc.nat(5),
        count: fc.integer({ min: 1, max: 600 }),
      }),
    );
    let filled = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = paperBench();
        bench.snapshot([], []);
        // What anybody ever displayed at a level, which bounds all that can have been bought there.
        const displayed = new Map<string, number>();
        const bought = new Map<string, number>();
        steps.forEach((s, i) => {
          const isBid = s.side === 'bid';
          if (s.kind === 'delta') {
            const ticks = isBid ? 4_900 - s.level * 100 : 5_000 + s.level * 100;
            const change = Math.max(s.change, -bench.book.countAt(s.side, priceTicks(ticks)));
            if (change > 0)
              displayed.set(`${s.side}${ticks}`, (displayed.get(`${s.side}${ticks}`) ?? 0) + change);
            bench.delta(s.side, ticks, change);
            return;
          }
          const limit = isBid ? 5_000 + s.level * 100 : 4_900 - s.level * 100;
          const from = bench.fills().length;
          bench.place({ clientOrderId: `o${i}`, side: s.side, limitTicks: limit, count: s.count });
          bench.pass();
          const fills = bench.fills().slice(from);
          let total = 0;
          for (const fill of fills) {
            const key = `${isBid ? 'ask' : 'bid'}${fill.priceTicks}`;
            const now = bench.book.countAt(isBid ? 'ask' : 'bid', fill.priceTicks);
            bought.set(key, (bought.get(key) ?? 0) + fill.count);
            expect(fill.count).toBeLessThanOrEqual(now);
            expect(bought.get(key)).toBeLessThanOrEqual(displayed.get(key) ?? 0);
            expect(isBid ? fill.priceTicks <= limit : fill.priceTicks >= limit).toBe(true);
            const price = isBid ? fill.priceTicks : 10_000 - fill.priceTicks;
            expect(fill.cash * 100 + 0).toBe(-price * fill.count - fill.fee);
            expect(fill.fee).toBeGreaterThanOrEqual(0);
            total += fill.count;
          }
          filled += total;
          expect(total).toBeLessThanOrEqual(s.count);
          expect(bench.events.at(-1)).toMatchObject({
            kind: 'orderDone',
            filled: total,
            state: total === s.count ? 'filled' : 'cancelled',
          });
        });
      }),
      { numRuns: 200 },
    );
    expect(filled).toBeGreaterThan(1_000);
  });

  test('a book out of sequence, crossed, or never seen gives a taker nothing', () => {
    const bench = paperBench();
    const nothing = (clientOrderId: string) => {
      bench.place({ clientOrderId, limitTicks: 6_000 });
      bench.pass();
      expect(bench.events.at(-1)).toMatchObject({
        kind: 'orderDone',
        clientOrderId,
        state: 'cancelled',
        filled: 0,
      });
    };
    nothing('unseen');
    bench.snapshot([[5_100, 100]], [[5_000, 100]]);
    nothing('crossed');
    bench.snapshot([], [[5_000, 100]]);
    bench.void();
    nothing('quarantined');
    bench.snapshot([], [[5_000, 100]]);
    bench.gap('disconnect');
    nothing('disconnected');
    expect(bench.fills()).toEqual([]);
  });

  test.each([
    ['an unknown contract', { ticker: 'X' }, 'not_found'],
    ['a price off the grid', { limitTicks: 5_050 }, 'invalid_price'],
    ['a price of nothing', { limitTicks: 0 }, 'invalid_price'],
    ['a count of zero', { count: 0 }, 'bad_request'],
    [
      'a maker that would cross',
      { limitTicks: 5_000, timeInForce: 'gtc', postOnly: true },
      'invalid_order: post only cross',
    ],
  ] as const)('%s is rejected, as an event and after the latency', (_, order, why) => {
    const bench = paperBench();
    bench.snapshot([[4_800, 100]], [[5_000, 100]]);
    bench.place(order);
    expect(bench.events).toEqual([]);
    bench.pass();
    expect(bench.events).toEqual([
      expect.objectContaining({
        kind: 'orderRejected',
        clientOrderId: 'o1',
        why: expect.stringContaining(why),
      }),
    ]);
  });

  test('an order that arrives at the close or at a contract that is not active is rejected', () => {
    const bench = paperBench();
    bench.snapshot([], [[5_000, 100]]);
    bench.tellContract('inactive');
    bench.place({ limitTicks: 5_000 });
    bench.pass();
    bench.tellContract('active');
    bench.clock.runTo(CLOSE_AT - 250 * MILLISECOND);
    bench.place({ clientOrderId: 'o2', limitTicks: 5_000 });
    bench.pass();
    expect(bench.events).toEqual([
      expect.objectContaining({ kind: 'orderRejected', why: expect.stringContaining('MARKET_INACTIVE') }),
      expect.objectContaining({
        kind: 'orderRejected',
        clientOrderId: 'o2',
        why: expect.stringContaining('MARKET_INACTIVE'),
      }),
    ]);
  });

  test('an order on a contract whose fee terms are not known is rejected, in a sentence that says so', () => {
    const bench = paperBench();
    bench.tellContract('active', { fee: undefined });
    bench.snapshot([], [[5_000, 100]]);
    bench.place({ limitTicks: 5_000 });
    bench.pass();
    expect(bench.events).toEqual([
      expect.objectContaining({
        kind: 'orderRejected',
        why: 'fee_unknown: what KXBTCD-A costs in fees is not known, so paper cannot book a fill of it',
      }),
    ]);
  });

  test('a session that ends rejects what has not arrived', () => {
    const bench = paperBench();
    bench.snapshot([], [[5_000, 100]]);
    bench.place({ limitTicks: 5_000 });
    bench.gap('session');
    expect(bench.events).toEqual([
      expect.objectContaining({ kind: 'orderRejected', why: expect.stringContaining('session') }),
    ]);
    bench.pass(MINUTE);
    expect(bench.events).toHaveLength(1);
    expect(bench.clock.pending()).toBe(0);
  });
});

describe('paperVenue, its answers', () => {
  test('an order is answered after its latency and never inside the call, and an id is used once', () => {
    const bench = paperBench({ takeLatencyMicros: 0 });
    bench.snapshot([[4_800, 100]], [[5_000, 100]]);
    bench.place({ limitTicks: 5_000 });
    expect(bench.events).toEqual([]);
    expect(() => bench.place()).toThrow('must be new, was o1');
    bench.pass(0);
    expect(bench.kinds()).toEqual(['fill', 'orderDone']);
    expect(() => bench.place()).toThrow('must be new, was o1');
  });

  test('closing lets go of every timer: nothing arrives, expires or is cancelled afterwards', () => {
    const bench = paperBench();
    bench.snapshot([[4_800, 100]], [[5_000, 100]]);
    bench.place({ timeInForce: 'gtc' });
    bench.pass();
    bench.place({ clientOrderId: 'o2' });
    bench.cancel('o1');
    expect(bench.clock.pending()).toBe(3);
    bench.close();
    expect(bench.clock.pending()).toBe(0);
    bench.pass(20 * MINUTE);
    expect(bench.kinds()).toEqual(['orderResting']);
  });
});
