import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalQuantile } from '../../src/maths/normal.ts';
import { studentQuantile } from '../../src/maths/student-quantile.ts';
import { studentT } from '../../src/maths/student-t.ts';
import '../support/properties.ts';

describe('studentQuantile', () => {
  test.each([
    [1, 0.9, 3.0776835],
    [2, 0.975, 4.3026527],
    [5, 0.9, 1.475884],
    [30, 0.975, 2.0422725],
  ])('the tables’ value of ν = %d at %d', (nu, p, value) => {
    expect(studentQuantile(nu, p)).toBeCloseTo(value, 6);
    expect(studentQuantile(nu, 1 - p)).toBeCloseTo(-value, 6);
  });

  test('property: the law gives its probability back, and an infinite ν is the normal law', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.8, max: 300, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (nu, p) => {
          expect(studentT(nu).cdf(studentQuantile(nu, p))).toBeCloseTo(p, 7);
          expect(studentQuantile(Number.POSITIVE_INFINITY, p)).toBeCloseTo(normalQuantile(p), 6);
        },
      ),
    );
  });

  test('what is no probability or no law has no quantile', () => {
    for (const [nu, p] of [
      [3, 0],
      [3, 1],
      [3, Number.NaN],
      [0, 0.5],
      [Number.NaN, 0.5],
    ] as const)
      expect(studentQuantile(nu, p)).toBeNaN();
  });
});
