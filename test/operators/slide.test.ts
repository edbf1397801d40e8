import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { resetOn } from '../../src/operators/reset-on.ts';
import { type Sliding, slide } from '../../src/operators/slide.ts';
import { marbles } from '../support/marbles.ts';

interface Tick {
  readonly at: number;
  readonly v: number;
}

const sum = (): Sliding<Tick, number> => {
  let total = 0;
  return {
    enter: ({ v }) => {
      total += v;
    },
    leave: ({ v }) => {
      total -= v;
    },
    read: () => total,
  };
};

describe('slide', () => {
  test('a value leaves when it is exactly as old as the span', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const ticks = { a: { at: 0, v: 1 }, b: { at: 9, v: 2 }, c: { at: 10, v: 4 } };
      const source = hot('  -a--b-c--|', ticks);
      const subs = '        ^--------!';
      const expected = '    -x--y-z--|';
      expectObservable(source.pipe(slide(10, sum))).toBe(expected, { x: 1, y: 3, z: 6 });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('an empty source completes without a value, an error passes, leaving early unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<Tick>('--|').pipe(slide(10, sum))).toBe('--|');
      expectObservable(cold<Tick>('--#').pipe(slide(10, sum))).toBe('--#');
      const source = cold('a-a-a-', { a: { at: 0, v: 1 } });
      expectObservable(source.pipe(slide(10, sum)), '^--!').toBe('x-y-', { x: 1, y: 2 });
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber gets its own window', () => {
    marbles(({ cold, expectObservable }) => {
      const sums = cold('a|', { a: { at: 0, v: 1 } }).pipe(slide(10, sum));
      expectObservable(sums).toBe('x|', { x: 1 });
      expectObservable(sums).toBe('x|', { x: 1 });
    });
  });

  test('after a gap the window starts empty', () => {
    marbles(({ cold, expectObservable }) => {
      const isGap = (event: Tick | 'gap'): event is 'gap' => event === 'gap';
      const source = cold<Tick | 'gap'>('a-g-a|', { a: { at: 0, v: 1 }, g: 'gap' });
      expectObservable(source.pipe(resetOn(isGap, () => slide(10, sum)))).toBe('x-g-x|', { x: 1, g: 'gap' });
    });
  });

  test('an event inside the lateness enters, one behind it is dropped and counted', () => {
    const late: Tick[] = [];
    marbles(({ cold, expectObservable }) => {
      const ticks = { a: { at: 10, v: 1 }, b: { at: 7, v: 2 }, c: { at: 6, v: 4 }, d: { at: 17, v: 8 } };
      const options = { latenessMicros: 3, onLate: (tick: Tick) => late.push(tick) };
      const sums = cold('a-b-c-d|', ticks).pipe(slide(10, sum, options));
      expectObservable(sums).toBe('x-y---z|', { x: 1, y: 3, z: 9 });
    });
    expect(late).toEqual([{ at: 6, v: 4 }]);
  });

  test('a thousand cancelled giants leave no rounding behind', async () => {
    const ticks = Array.from({ length: 50_000 }, (_, at) => ({
      at,
      v: at < 49_000 ? 1e15 / (1 + (at % 7)) : 0.1,
    }));
    const last = await lastValueFrom(from(ticks).pipe(slide(100, sum)));
    expect(last).toBeCloseTo(10, 9);
    const unbuilt = await lastValueFrom(from(ticks).pipe(slide(100, sum, { rebuildAfterLeaves: Infinity })));
    expect(Math.abs(unbuilt - 10)).toBeGreaterThan(1e-3);
  });

  test('property: the running window equals the window recomputed from scratch, whatever the order of arrival', async () => {
    const walk = fc.array(
      fc.record({ step: fc.integer({ min: -8, max: 8 }), v: fc.integer({ min: -50, max: 50 }) }),
      {
        minLength: 1,
        maxLength: 200,
      },
    );
    const span = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(
        walk,
        span,
        fc.nat(12),
        fc.integer({ min: 1, max: 40 }),
        async (steps, spanMicros, latenessMicros, rebuild) => {
          let at = 0;
          const ticks = steps.map(({ step, v }) => {
            at += step;
            return { at, v };
          });
          const expected: number[] = [];
          const expectedLate: Tick[] = [];
          const kept: Tick[] = [];
          for (const tick of ticks) {
            const newest = Math.max(tick.at, ...kept.map((k) => k.at));
            if (tick.at < newest - latenessMicros) {
              expectedLate.push(tick);
              continue;
            }
            kept.push(tick);
            expected.push(
              kept.filter((k) => k.at > newest - spanMicros).reduce((total, k) => total + k.v, 0),
            );
          }
          const late: Tick[] = [];
          const options = {
            latenessMicros,
            onLate: (tick: Tick) => late.push(tick),
            rebuildAfterLeaves: rebuild,
          };
          expect(await lastValueFrom(from(ticks).pipe(slide(spanMicros, sum, options), toArray()))).toEqual(
            expected,
          );
          expect(late).toEqual(expectedLate);
        },
      ),
    );
  });
});
