import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { type BucketLimits, tokenBucket } from '../../src/transport/token-bucket.ts';

/** Milliseconds of an epoch that lets doubles keep a microsecond apart, and no more. */
const START_MICROS = 1_778_504_400_000_000;
const CLOSE_MS = 0.01;

interface Grant {
  readonly atMs: number;
  readonly cost: number;
}

const limits = fc.record({
  ratePerSecond: fc.integer({ min: 1, max: 50 }),
  capacity: fc.integer({ min: 1, max: 40 }),
});
const asks = fc.array(
  fc.record({ waitMs: fc.integer({ min: 0, max: 3_000 }), cost: fc.integer({ min: 0, max: 60 }) }),
  { minLength: 1, maxLength: 60 },
);

/** A bucket in event time that remembers when each of its callers may act. */
function bench(given: BucketLimits) {
  const clock = tapeScheduler(START_MICROS);
  const bucket = tokenBucket(given, clock);
  return {
    pass: (waitMs: number) => clock.runTo(clock.at + waitMs * 1_000),
    nowMs: () => (clock.at - START_MICROS) / 1_000,
    ask: (cost: number): number => (clock.at - START_MICROS) / 1_000 + bucket.reserve(cost),
    update: bucket.update,
  };
}

/** What was granted from the `first` grant on, against what the window up to the last one allows. */
const excesses = (grants: readonly Grant[], { ratePerSecond, capacity }: BucketLimits): readonly number[] => {
  const last = grants.at(-1);
  let sum = 0;
  return [...grants].reverse().map(({ atMs, cost }) => {
    sum += cost;
    return sum - capacity - (((last?.atMs ?? 0) - atMs) * ratePerSecond) / 1_000;
  });
};

describe('tokenBucket', () => {
  test('is full at first: its capacity goes at once, the next cost waits for its refill', () => {
    const { ask, pass } = bench({ ratePerSecond: 10, capacity: 20 });
    expect([ask(10), ask(10), ask(5), ask(5)]).toEqual([0, 0, 500, 1_000]);
    pass(1_000);
    expect(ask(1)).toBe(1_100);
  });

  test('idle time fills it up to its capacity and no further', () => {
    const { ask, pass } = bench({ ratePerSecond: 10, capacity: 20 });
    ask(20);
    pass(3_600_000);
    expect([ask(20), ask(10)]).toEqual([3_600_000, 3_601_000]);
  });

  test('a cost above the capacity waits for a full bucket instead of for ever', () => {
    const { ask } = bench({ ratePerSecond: 10, capacity: 20 });
    expect([ask(10), ask(1_000), ask(10)]).toEqual([0, 1_000, 2_000]);
  });

  test('what costs nothing still waits for those before it', () => {
    const { ask } = bench({ ratePerSecond: 10, capacity: 20 });
    expect([ask(30), ask(10), ask(0)]).toEqual([0, 1_000, 1_000]);
  });

  test('limits that the venue told hold for the next caller', () => {
    const { ask, update } = bench({ ratePerSecond: 10, capacity: 20 });
    ask(5);
    update({ ratePerSecond: 100, capacity: 10 });
    expect([ask(10), ask(10)]).toEqual([0, 100]);
  });

  test('what was refilled before the venue told stays as it was', () => {
    const { ask, pass, update } = bench({ ratePerSecond: 10, capacity: 20 });
    ask(20);
    pass(1_000);
    update({ ratePerSecond: 1, capacity: 20 });
    expect([ask(10), ask(1)]).toEqual([1_000, 2_000]);
  });

  test('higher limits let nobody pass those who wait', () => {
    const { ask, update } = bench({ ratePerSecond: 1, capacity: 10 });
    const waits = [ask(10), ask(10)];
    update({ ratePerSecond: 1_000, capacity: 1_000 });
    expect([...waits, ask(1)]).toEqual([0, 10_000, 10_001]);
  });

  test('property: nobody waits longer, or shorter, than the windows before allow, and no one overtakes', () => {
    fc.assert(
      fc.property(limits, asks, (given, asked) => {
        const { ask, pass, nowMs } = bench(given);
        const grants: Grant[] = [];
        for (const { waitMs, cost } of asked) {
          pass(waitMs);
          const atMs = ask(cost);
          const charged = Math.min(cost, given.capacity);
          // The oracle: the first moment, in order, at which no window that ends there has more than it may.
          let first = Math.max(nowMs(), grants.at(-1)?.atMs ?? 0);
          let sum = charged;
          for (const before of [...grants].reverse()) {
            sum += before.cost;
            first = Math.max(first, before.atMs + ((sum - given.capacity) / given.ratePerSecond) * 1_000);
          }
          expect(Math.abs(atMs - first)).toBeLessThan(CLOSE_MS);
          grants.push({ atMs, cost: charged });
        }
      }),
    );
  });

  test('property: whatever limits come in between, order holds and no window exceeds the highest of them', () => {
    const changes = fc.option(limits, { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(limits, fc.array(fc.tuple(asks, changes), { maxLength: 4 }), (given, rounds) => {
        const { ask, pass, update } = bench(given);
        const highest = { ...given };
        let { capacity } = given;
        const grants: Grant[] = [];
        for (const [asked, next] of rounds) {
          for (const { waitMs, cost } of asked) {
            pass(waitMs);
            const atMs = ask(cost);
            expect(atMs).toBeGreaterThanOrEqual((grants.at(-1)?.atMs ?? 0) - CLOSE_MS);
            grants.push({ atMs, cost: Math.min(cost, capacity) });
            expect(Math.max(...excesses(grants, highest))).toBeLessThan(CLOSE_MS);
          }
          if (next === undefined) continue;
          update(next);
          ({ capacity } = next);
          highest.capacity = Math.max(highest.capacity, next.capacity);
          highest.ratePerSecond = Math.max(highest.ratePerSecond, next.ratePerSecond);
        }
      }),
    );
  });
});
