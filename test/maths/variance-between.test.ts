import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VariancePath } from '../../src/domain/events/forecast.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { varianceBetween } from '../../src/maths/variance-between.ts';
import { minutesOf } from '../support/variance-paths.ts';

const AT = 29_000_000 * MINUTE;
const path = minutesOf(AT, 180, (minute) => 1e-8 * (1 + (minute % 7)));

/** Variance minute by minute, by another way: each minute's share of its own variance. */
const added = ({ fromAt, cumulative, at, factor }: VariancePath, from: number, to: number): number => {
  let sum = 0;
  for (let m = 0; m + 1 < cumulative.length; m++) {
    const [start, end] = [fromAt + m * MINUTE, fromAt + (m + 1) * MINUTE];
    const inside = Math.max(0, Math.min(to, end) - Math.max(from, at, start));
    sum += factor * (inside / MINUTE) * ((cumulative[m + 1] as number) - (cumulative[m] as number));
  }
  return sum;
};

describe('varianceBetween', () => {
  test('property: it is what the minutes between add up to, from the path’s own time on, times its factor', () => {
    const instant = fc.integer({ min: -HOUR, max: 3 * HOUR }).map((by) => AT + by);
    fc.assert(
      fc.property(
        instant,
        instant,
        instant,
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (a, b, at, factor) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const later = { ...path, at: Math.max(AT, at), factor };
          const close = added(later, from, to);
          expect(Math.abs(varianceBetween(later, from, to) - close)).toBeLessThanOrEqual(
            1e-12 * (close + 1e-6),
          );
        },
      ),
    );
  });

  test('its end is its last minute, and NaN lies beyond it, before its beginning and in what is not a number', () => {
    expect(varianceBetween(path, AT, path.until)).toBe(path.cumulative.at(-1));
    expect(varianceBetween(path, AT, path.until + 1)).toBeNaN();
    expect(varianceBetween(path, AT + 2, AT + 1)).toBeNaN();
    expect(varianceBetween(path, Number.NaN, AT)).toBeNaN();
    expect(varianceBetween({ ...path, factor: Number.NaN }, AT, AT + MINUTE)).toBeNaN();
  });

  test('what went through JSON says the same, bit for bit', () => {
    const read = JSON.parse(JSON.stringify(path)) as VariancePath;
    for (let m = 0; m < 180; m += 0.37)
      expect(varianceBetween(read, AT + m * MINUTE, path.until)).toBe(
        varianceBetween(path, AT + m * MINUTE, path.until),
      );
  });
});
