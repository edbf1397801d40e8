import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalCdf, normalQuantile } from '../../src/maths/normal.ts';

describe('normalQuantile', () => {
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.01, -2.326347874040841],
    [1e-4, -3.719016485455709],
  ])('of %d is %d, as tables have it', (p, x) => {
    expect(normalQuantile(p)).toBeCloseTo(x, 11);
  });

  test('property: it undoes the law of the normal', () => {
    fc.assert(
      fc.property(fc.double({ min: -7, max: 7, noNaN: true }), (x) => {
        const p = normalCdf(x);
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-14);
        // Farther out the law itself is told to 1e-15 only, which is many values of x.
        if (Math.abs(x) < 5) expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-8);
      }),
    );
  });

  test('the ends are infinite, and what is no probability has none', () => {
    expect([0, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect([-0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
