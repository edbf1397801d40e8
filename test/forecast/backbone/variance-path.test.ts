import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VariancePath } from '../../../src/domain/events/forecast.ts';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { newYorkMinuteOfWeek, WEEK_MINUTES } from '../../../src/features/minute/new-york.ts';
import { variancePath } from '../../../src/forecast/backbone/variance-path.ts';
import { varianceBetween } from '../../../src/maths/variance-between.ts';

const AT = Date.UTC(2026, 2, 10, 12, 40) * 1_000;
const flat = new Float64Array(WEEK_MINUTES).fill(1);
const bursts = Float64Array.from({ length: WEEK_MINUTES }, (_, i) => (i % 30 < 5 ? 4 : 1));
const MINUTES = [5, 15, 30, 60, 120];
const knots = (levels: readonly number[]) =>
  MINUTES.map((minutes, i) => ({ minutes, variance: levels[i] ?? 1 }));
const rising = fc
  .array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 })
  .map((rates) => {
    let sum = 0;
    return knots(rates.map((rate, i) => (sum += 1e-8 * rate * ((MINUTES[i] ?? 0) - (MINUTES[i - 1] ?? 0)))));
  });
const offset = fc.integer({ min: -10 * MINUTE, max: 3 * HOUR });

const betweenOf =
  (path: VariancePath) =>
  (from: number, to: number): number =>
    varianceBetween(path, from, to);

describe('variancePath', () => {
  test('property: it hits rising horizons exactly, whatever the season', () => {
    fc.assert(
      fc.property(rising, fc.constantFrom(flat, bursts), (horizons, profile) => {
        const path = variancePath(AT, horizons, profile);
        for (const { minutes, variance } of horizons)
          expect(Math.abs(varianceBetween(path, AT, AT + minutes * MINUTE) / variance - 1)).toBeLessThan(
            1e-12,
          );
      }),
    );
  });

  test('property: it is monotone and additive, and 0 before it begins', () => {
    const anything = fc.array(fc.double({ min: 1e-9, max: 1e-5, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(anything, offset, offset, offset, (levels, x, y, z) => {
        const [a, b, c] = [x, y, z].sort((one, other) => one - other).map((by) => AT + by) as [
          number,
          number,
          number,
        ];
        const between = betweenOf(variancePath(AT, knots(levels), bursts));
        expect(between(a, b)).toBeGreaterThanOrEqual(0);
        if (b > Math.max(a, AT)) expect(between(a, b)).toBeGreaterThan(0);
        if (b <= AT) expect(between(a, b)).toBe(0);
        expect(Math.abs(between(a, c) - between(a, b) - between(b, c))).toBeLessThanOrEqual(
          1e-12 * between(AT, AT + HOUR),
        );
      }),
    );
  });

  test('horizons that fall are pooled: the quarter-hour and the half-hour meet, the others stay', () => {
    const between = betweenOf(variancePath(AT, knots([1e-7, 6e-7, 5e-7, 1e-6, 2e-6]), flat));
    const to = (minutes: number) => between(AT, AT + minutes * MINUTE);
    expect(to(5)).toBeCloseTo(1e-7, 20);
    expect(to(60)).toBeCloseTo(1e-6, 20);
    expect(to(15) + to(30)).toBeCloseTo(1.1e-6, 20);
    // A tenth of the mean level of two hours is left between them.
    expect(to(30) - to(15)).toBeCloseTo((0.1 * 2e-6 * 15) / 120, 20);
  });

  test('between horizons variance follows the season, minute by minute', () => {
    const between = betweenOf(variancePath(AT, knots([5e-8, 15e-8, 30e-8, 60e-8, 120e-8]), bursts));
    const minute = (i: number) => between(AT + i * MINUTE, AT + (i + 1) * MINUTE);
    expect(newYorkMinuteOfWeek(AT) % 30).toBe(10);
    expect(minute(21) / minute(18)).toBeCloseTo(4, 9);
    expect(between(AT + 21 * MINUTE, AT + 21 * MINUTE + 15 * SECOND)).toBeCloseTo(minute(21) / 4, 20);
  });

  test('on the day clocks change it follows New York, not UTC', () => {
    const spring = Date.UTC(2026, 2, 8, 6, 0) * 1_000;
    const night = Float64Array.from({ length: WEEK_MINUTES }, (_, i) =>
      Math.floor(i / 60) % 24 === 3 ? 5 : 1,
    );
    const between = betweenOf(variancePath(spring, [{ minutes: 120, variance: 360e-8 }], night));
    // 7:00 UTC is 3:00 in New York that day: the hour from two to three does not exist.
    expect(between(spring + HOUR, spring + 2 * HOUR) / between(spring, spring + HOUR)).toBeCloseTo(5, 9);
  });

  test('past the last horizon it goes on at the mean level, ends after three hours and gives NaN beyond', () => {
    const path = variancePath(AT, knots([5e-8, 15e-8, 30e-8, 60e-8, 240e-8]), flat);
    expect(path.until).toBe(AT + 3 * HOUR);
    expect(varianceBetween(path, AT, path.until)).toBeCloseTo(360e-8, 18);
    expect(varianceBetween(path, AT, path.until + 1)).toBeNaN();
    expect(varianceBetween(path, AT + 2, AT + 1)).toBeNaN();
    expect(varianceBetween(path, Number.NaN, AT)).toBeNaN();
    expect(varianceBetween(path, AT, Number.NaN)).toBeNaN();
  });

  test('a horizon without variance is a programming error', () => {
    expect(() => variancePath(AT, knots([1, 2, Number.NaN, 4, 5]), flat)).toThrow(
      'variancePath: knots must be positive',
    );
  });
});
