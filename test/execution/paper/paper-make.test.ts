import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { CLOSE_AT } from '../../portfolio/samples.ts';
import { paperBench, START_AT } from './paper-bench.ts';

const MAKER = { timeInForce: 'gtc', postOnly: true } as const;

/** A bench with a resting order at `limitTicks`; by default a bid of one contract at 0.48 behind two others. */
function resting(order: { side?: 'bid' | 'ask'; limitTicks?: number; count?: number } = {}) {
  const bench = paperBench();
  bench.snapshot(
    [
      [4_700, 900],
      [4_800, 200],
      [4_900, 50],
    ],
    [
      [5_000, 300],
      [5_100, 400],
    ],
  );
  bench.place({ ...MAKER, limitTicks: 4_800, count: 100, ...order });
  bench.pass();
  expect(bench.kinds()).toEqual(['orderResting']);
  return bench;
}
const filled = (bench: ReturnType<typeof paperBench>) =>
  bench.fills().reduce((sum, { count }) => sum + count, 0);

describe('paperVenue, resting where trades are seen', () => {
  /** The first trade of a session only shows that trades are told. */
  function seen(order?: Parameters<typeof resting>[0]) {
    const bench = resting(order);
    bench.trade('ask', 4_900, 100);
    return bench;
  }

  test('a trade at the limit fills what is left after the queue of the join has traded', () => {
    const bench = seen();
    bench.trade('ask', 4_800, 150);
    expect(filled(bench)).toBe(0);
    bench.trade('ask', 4_800, 80);
    expect(filled(bench)).toBe(30);
    bench.trade('ask', 4_800, 500);
    expect(bench.events.slice(-2)).toEqual([
      expect.objectContaining({
        kind: 'fill',
        priceTicks: 4_800,
        count: 70,
        taker: false,
        fee: 0,
        cash: -3_360,
      }),
      expect.objectContaining({ kind: 'orderDone', state: 'filled', filled: 100 }),
    ]);
  });

  test('a queue that shrinks by cancels is not believed', () => {
    const bench = seen();
    bench.delta('bid', 4_800, -200);
    bench.trade('ask', 4_800, 150);
    expect(filled(bench)).toBe(0);
  });

  test('a trade beyond the limit fills at the limit, up to what traded', () => {
    const bench = seen();
    bench.trade('ask', 4_700, 40);
    expect(bench.fills()).toEqual([expect.objectContaining({ priceTicks: 4_800, count: 40 })]);
  });

  test('asks mirror', () => {
    const bench = seen({ side: 'ask', limitTicks: 5_100 });
    bench.trade('bid', 5_100, 410);
    expect(filled(bench)).toBe(10);
    bench.trade('bid', 5_200, 50);
    expect(bench.fills().at(-1)).toMatchObject({ side: 'ask', priceTicks: 5_100, count: 50, cash: -2_450 });
    bench.trade('ask', 5_200, 50);
    expect(filled(bench)).toBe(60);
  });

  test('block trades, trades of the other side, better prices and trades before the arrival give nothing', () => {
    const bench = seen();
    bench.trade('ask', 4_700, 500, { block: true });
    bench.trade('bid', 4_700, 500);
    bench.trade('ask', 4_900, 500);
    bench.trade('ask', 4_700, 500, { at: START_AT + 1 });
    expect(filled(bench)).toBe(0);
  });

  test('the trade that first shows trades are told fills nothing, and tickers no longer do', () => {
    const bench = resting();
    bench.trade('ask', 4_700, 500);
    bench.tick(4_700, 0);
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(0);
  });

  test('two of our orders share a trade: the better price first, then the earlier', () => {
    const bench = paperBench();
    bench.snapshot([], [[5_000, 100]]);
    bench.place({ ...MAKER, clientOrderId: 'late-price', limitTicks: 4_700, count: 100 });
    bench.place({ ...MAKER, clientOrderId: 'first', limitTicks: 4_800, count: 100 });
    bench.place({ ...MAKER, clientOrderId: 'second', limitTicks: 4_800, count: 100 });
    bench.pass();
    bench.trade('ask', 4_900, 1);
    bench.trade('ask', 4_600, 150);
    expect(bench.fills().map(({ clientOrderId, count }) => [clientOrderId, count])).toEqual([
      ['first', 100],
      ['second', 50],
    ]);
  });
});

describe('paperVenue, resting where only tickers are seen', () => {
  test('half the rise fills, less what was displayed at better or equal prices at the join', () => {
    const bench = resting();
    bench.tick(4_900, 0);
    // 250 were displayed at 0.48 or better.
    bench.tick(4_700, 250);
    expect(filled(bench)).toBe(0);
    bench.tick(4_700, 30);
    expect(filled(bench)).toBe(30);
    // Credited before: the next 30 give 30 and not 60.
    bench.tick(4_700, 30);
    expect(filled(bench)).toBe(60);
    bench.tick(4_600, 900);
    expect(bench.events.slice(-2)).toEqual([
      expect.objectContaining({ kind: 'fill', priceTicks: 4_800, count: 40, taker: false }),
      expect.objectContaining({ kind: 'orderDone', state: 'filled' }),
    ]);
  });

  test('a last price at the limit or better fills nothing, however much traded', () => {
    const bench = resting();
    bench.tick(4_800, 0);
    bench.tick(4_800, 9_000);
    bench.tick(4_900, 9_000);
    expect(filled(bench)).toBe(0);
  });

  test('no interval counts that began before the order arrived, by either clock', () => {
    const bench = paperBench();
    bench.snapshot([], [[5_000, 100]]);
    bench.place({ ...MAKER, limitTicks: 4_800, count: 100 });
    bench.tick(4_700, 0);
    bench.pass();
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(0);
    // Received after the arrival, but the venue made it before.
    bench.tick(4_700, 0, START_AT);
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(0);
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(100);
  });

  test('asks mirror', () => {
    const bench = resting({ side: 'ask', limitTicks: 5_000 });
    bench.tick(5_000, 0);
    bench.tick(5_000, 5_000);
    bench.tick(5_100, 320);
    expect(filled(bench)).toBe(20);
  });

  test('nothing that happened in a hole fills', () => {
    const bench = resting();
    bench.tick(4_700, 0);
    bench.gap('disconnect');
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(0);
    bench.tick(4_700, 5_000);
    expect(filled(bench)).toBe(100);
  });

  test('property: all our orders together get no more than traded beyond their best limit, and each no more than it wanted', () => {
    const step = fc.record({
      last: fc.integer({ min: 45, max: 51 }),
      traded: fc.nat(300),
      trades: fc.constant(false),
    });
    const bid = fc.record({
      cents: fc.integer({ min: 46, max: 49 }),
      count: fc.integer({ min: 1, max: 400 }),
    });
    let most = 0;
    fc.assert(
      fc.property(
        fc.array(bid, { minLength: 1, maxLength: 4 }),
        fc.array(step, { maxLength: 30 }),
        fc.boolean(),
        (bids, steps, trades) => {
          const bench = paperBench();
          bench.snapshot(
            [
              [4_900, 30],
              [4_600, 70],
            ],
            [[5_000, 100]],
          );
          bids.forEach(({ cents, count }, i) => {
            bench.place({ ...MAKER, clientOrderId: `o${i}`, limitTicks: cents * 100, count });
          });
          bench.pass();
          bench.tick(4_900, 0);
          if (trades) bench.trade('ask', 4_900, 1);
          const best = Math.max(...bids.map(({ cents }) => cents));
          let reachable = 0;
          for (const { last, traded } of steps) {
            if (trades && traded > 0) bench.trade('ask', last * 100, traded);
            else bench.tick(last * 100, traded);
            if (trades ? last <= best : last < best) reachable += traded;
            expect(filled(bench)).toBeLessThanOrEqual(Math.max(0, reachable));
          }
          bids.forEach(({ cents, count }, i) => {
            const own = bench.fills().filter(({ clientOrderId }) => clientOrderId === `o${i}`);
            expect(own.reduce((sum, fill) => sum + fill.count, 0)).toBeLessThanOrEqual(count);
            for (const fill of own) {
              expect(fill.priceTicks).toBe(cents * 100);
              expect(fill.cash * 100).toBe(-fill.priceTicks * fill.count - fill.fee);
            }
          });
          most = Math.max(most, filled(bench));
        },
      ),
      { numRuns: 300 },
    );
    expect(most).toBeGreaterThan(200);
  });
});

describe('paperVenue, the end of a resting order', () => {
  test('a cancel takes its latency and tells what had filled; one that finds nothing changes nothing', () => {
    const bench = resting();
    bench.tick(4_700, 0);
    bench.tick(4_700, 260);
    bench.cancel('o1');
    bench.pass(250_000 - 1);
    expect(bench.kinds()).toEqual(['orderResting', 'fill']);
    bench.pass(1);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'cancelled', filled: 10 });
    bench.cancel('o1');
    bench.cancel('never');
    bench.tick(4_700, 9_000);
    bench.pass(20 * MINUTE);
    expect(bench.events).toHaveLength(3);
    expect(bench.clock.pending()).toBe(0);
  });

  test('a cancel never overtakes its order', () => {
    const bench = paperBench({ cancelLatencyMicros: 0 });
    bench.snapshot([[4_800, 100]], [[5_000, 100]]);
    bench.place({ ...MAKER, limitTicks: 4_800 });
    bench.cancel('o1');
    bench.pass();
    expect(bench.kinds()).toEqual(['orderResting', 'orderDone']);
  });

  test('an order expires after its span, or is cancelled at a close that comes first or is moved forward', () => {
    const expired = resting();
    expired.pass(10 * MINUTE - 1);
    expect(expired.kinds()).toEqual(['orderResting']);
    expired.pass(1);
    expect(expired.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'expired', filled: 0 });

    const moved = resting();
    moved.tellContract('active', { closeAt: START_AT + 3 * SECOND });
    moved.clock.runTo(START_AT + 3 * SECOND);
    expect(moved.events.at(-1)).toMatchObject({
      kind: 'orderDone',
      state: 'cancelled',
      at: START_AT + 3 * SECOND,
    });

    const closed = paperBench({ restMaxMicros: 120 * MINUTE });
    closed.snapshot([], []);
    closed.place(MAKER);
    closed.clock.runTo(CLOSE_AT);
    expect(closed.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'cancelled', at: CLOSE_AT });
  });

  test('an order with an end of its own expires then, in whole seconds, and is refused after it', () => {
    const endAt = Math.floor(START_AT / SECOND) * SECOND + 90 * SECOND;
    const bench = paperBench({ restMaxMicros: 120 * MINUTE });
    bench.snapshot([], []);
    bench.place({ ...MAKER, expiresAt: endAt + SECOND - 1 });
    bench.clock.runTo(endAt - 1);
    expect(bench.kinds()).toEqual(['orderResting']);
    bench.clock.runTo(endAt);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'expired', filled: 0 });
    bench.place({ ...MAKER, clientOrderId: 'late', expiresAt: endAt + SECOND - 1 });
    bench.pass();
    expect(bench.events.at(-1)).toMatchObject({
      kind: 'orderRejected',
      why: 'invalid_order: expiration_time is in the past',
    });
  });

  test('a contract that is halted and a session that ends cancel what rests', () => {
    const halted = resting();
    halted.tellContract('inactive');
    expect(halted.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'cancelled' });
    const ended = resting();
    ended.gap('sequence');
    expect(ended.kinds()).toEqual(['orderResting']);
    ended.gap('session');
    expect(ended.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'cancelled' });
  });

  test('an order that may take and rest does both, and no maker rests without a book', () => {
    const bench = paperBench();
    bench.place({ ...MAKER, clientOrderId: 'blind' });
    bench.pass();
    expect(bench.events.at(-1)).toMatchObject({
      kind: 'orderRejected',
      why: expect.stringContaining('book_unknown'),
    });
    bench.snapshot([], [[5_000, 60]]);
    bench.place({ timeInForce: 'gtc', limitTicks: 5_000, count: 100 });
    bench.pass();
    expect(bench.events.slice(1)).toEqual([
      expect.objectContaining({ kind: 'fill', count: 60, taker: true }),
      expect.objectContaining({ kind: 'orderResting', remaining: 40 }),
    ]);
    // What was taken at the arrival is not what the tickers credit.
    bench.tick(4_900, 0);
    bench.tick(4_900, 40);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'orderDone', state: 'filled', filled: 100 });
  });
});
