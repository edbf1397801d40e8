import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rollingExtremes } from '../../../src/features/minute/rolling-extremes.ts';

// Few values, so that many are equal; NaN is a minute without one.
const minute = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
);
const spans = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });

describe('rollingExtremes', () => {
  test('property: after each minute it is the largest value of each window gone through anew, and how many there are', () => {
    fc.assert(
      fc.property(spans, fc.array(minute, { maxLength: 60 }), (windows, values) => {
        const extremes = rollingExtremes(windows);
        for (const [i, value] of values.entries()) {
          extremes.push(value);
          for (const [index, span] of windows.entries()) {
            const known = values.slice(Math.max(0, i + 1 - span), i + 1).filter((v) => !Number.isNaN(v));
            expect([extremes.max(index), extremes.covered(index)]).toEqual([
              Math.max(...known),
              known.length,
            ]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('property: after a reset it says what a fresh one says', () => {
    fc.assert(
      fc.property(spans, fc.array(minute, { maxLength: 30 }), fc.array(minute), (windows, before, after) => {
        const [used, fresh] = [rollingExtremes(windows), rollingExtremes(windows)];
        for (const value of before) used.push(value);
        used.reset();
        for (const value of after) for (const each of [used, fresh]) each.push(value);
        for (const index of windows.keys())
          expect([used.max(index), used.covered(index)]).toEqual([fresh.max(index), fresh.covered(index)]);
      }),
    );
  });

  test('a window without a value has none: minus infinity, and no minutes', () => {
    const extremes = rollingExtremes([2]);
    expect([extremes.max(0), extremes.covered(0)]).toEqual([Number.NEGATIVE_INFINITY, 0]);
    for (const value of [7, Number.NaN, Number.NaN]) extremes.push(value);
    expect([extremes.max(0), extremes.covered(0)]).toEqual([Number.NEGATIVE_INFINITY, 0]);
  });

  test('negated values give the smallest', () => {
    const extremes = rollingExtremes([3]);
    for (const price of [4, 1, 3, 2]) extremes.push(-price);
    expect(-extremes.max(0)).toBe(1);
  });
});
