import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { areaTo, pathThrough, valueAt } from '../../console/charts/path.ts';
import { type Bounds, linearScale, padded, roundTicks } from '../../console/charts/scale.ts';

const value = fc.integer({ min: -1e6, max: 1e6 }).map((whole) => whole / 100);
const bounds = fc
  .tuple(value, fc.integer({ min: 1, max: 1e6 }))
  .map(([low, span]): Bounds => [low, low + span / 100]);
const numbers = (path: string): number[] => path.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];

describe('linearScale', () => {
  test('maps ends on ends and keeps the order', () => {
    fc.assert(
      fc.property(bounds, bounds, value, value, (domain, range, a, b) => {
        const scale = linearScale(domain, range);
        expect(scale(domain[0])).toBeCloseTo(range[0], 6);
        expect(scale(domain[1])).toBeCloseTo(range[1], 6);
        if (a < b) expect(scale(a)).toBeLessThan(scale(b));
      }),
    );
  });

  test('maps a domain without width on the middle', () => {
    expect(linearScale([5, 5], [0, 100])(5)).toBe(50);
  });
});

describe('roundTicks', () => {
  test('gives equally spaced numbers inside the bounds, about as many as asked for', () => {
    fc.assert(
      fc.property(bounds, fc.integer({ min: 2, max: 12 }), (within, about) => {
        const ticks = roundTicks(within, about);
        const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(about / 2.5));
        expect(ticks.length).toBeLessThanOrEqual(2 * about + 1);
        ticks.forEach((tick, at) => {
          expect(tick).toBeGreaterThanOrEqual(within[0] - 1e-6);
          expect(tick).toBeLessThanOrEqual(within[1] + 1e-6);
          if (at > 0) expect(tick - (ticks[at - 1] ?? 0)).toBeCloseTo(step, 6);
        });
      }),
    );
  });

  test('gives round ones, and none for no span', () => {
    expect(roundTicks([-22.4, 31.7], 5)).toEqual([-20, -10, 0, 10, 20, 30]);
    expect(roundTicks([0, 10], 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(roundTicks([0, 1], 2)).toEqual([0, 0.5, 1]);
    expect(roundTicks([3, 3], 5)).toEqual([]);
  });
});

describe('padded', () => {
  test('holds every value with room at both ends', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const [low, high] = padded(values, 0.1);
        expect(low).toBeLessThan(Math.min(...values));
        expect(high).toBeGreaterThan(Math.max(...values));
      }),
    );
    expect(padded([], 0.1)).toEqual([0, 1]);
  });
});

describe('a path', () => {
  const points = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 });

  test('passes through every point, in order', () => {
    fc.assert(
      fc.property(points, (through) => {
        expect(numbers(pathThrough(through))).toEqual(
          through.flat().map((number) => Number(number.toFixed(2))),
        );
      }),
    );
    expect(pathThrough([])).toBe('');
  });

  test('of an area goes on along the level line and closes', () => {
    expect(
      areaTo(
        [
          [0, 5],
          [10, 7],
        ],
        3,
      ),
    ).toBe('M0 5L10 7L10 3L0 3Z');
    expect(areaTo([], 3)).toBe('');
  });

  test('has at each point the value of the point, and between two points one between theirs', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(value, value), { minLength: 2, maxLength: 20, selector: ([x]) => x }),
        (some) => {
          const rising = [...some].sort(([a], [b]) => a - b);
          rising.forEach(([x, y], at) => {
            expect(valueAt(rising, x)).toBeCloseTo(y, 6);
            const next = rising[at + 1];
            if (next === undefined) return;
            const between = valueAt(rising, (x + next[0]) / 2) ?? Number.NaN;
            expect(between).toBeGreaterThanOrEqual(Math.min(y, next[1]) - 1e-9);
            expect(between).toBeLessThanOrEqual(Math.max(y, next[1]) + 1e-9);
          });
          expect(valueAt(rising, (rising[0]?.[0] ?? 0) - 5)).toBe(rising[0]?.[1]);
          expect(valueAt(rising, (rising.at(-1)?.[0] ?? 0) + 5)).toBe(rising.at(-1)?.[1]);
        },
      ),
    );
    expect(valueAt([], 3)).toBeUndefined();
  });

  test('that jumps at one value has there what comes after', () => {
    expect(
      valueAt(
        [
          [0, 1],
          [5, 1],
          [5, 9],
          [8, 9],
        ],
        5,
      ),
    ).toBe(9);
  });
});
