import { describe, expect, test } from '@jest/globals';
import oracle from '@stdlib/stats-base-dists-t-cdf';
import fc from 'fast-check';
import { normalCdf, normalPdf } from '../../src/maths/normal.ts';
import { studentT } from '../../src/maths/student-t.ts';

const nus = fc.oneof(
  fc.double({ min: 0.3, max: 12, noNaN: true }),
  fc.double({ min: 12, max: 5000, noNaN: true }),
);
const points = fc.oneof(
  fc.double({ min: -8, max: 8, noNaN: true }),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
);

describe('studentT', () => {
  test('property: the distribution function equals the library’s to 1e-10', () => {
    fc.assert(
      fc.property(nus, points, (nu, x) => {
        expect(Math.abs(studentT(nu).cdf(x) - oracle(x, nu))).toBeLessThan(1e-10);
      }),
      { numRuns: 3000 },
    );
  });

  test('where the two series meet, at x² = ν, they agree', () => {
    for (const nu of [0.7, 1.9, 3.3, 4.5, 30, 400]) {
      const law = studentT(nu);
      const meeting = Math.sqrt(nu);
      expect(law.cdf(meeting * (1 + 1e-12))).toBeCloseTo(law.cdf(meeting * (1 - 1e-12)), 11);
      expect(law.cdf(-meeting * (1 + 1e-12))).toBeCloseTo(law.cdf(-meeting * (1 - 1e-12)), 11);
    }
  });

  test('it never falls, and far out it is exactly 0 and 1', () => {
    for (const nu of [0.5, 2, 3.3, 4.5, 100, 1e6, Number.POSITIVE_INFINITY]) {
      const { cdf } = studentT(nu);
      let last = 0;
      for (let x = -40; x <= 40; x += 0.01) {
        const p = cdf(x);
        // Rounding of the last digits is allowed, a step down is not.
        expect(p).toBeGreaterThanOrEqual(last - 1e-12);
        last = p;
      }
      expect(cdf(Number.NEGATIVE_INFINITY)).toBe(0);
      expect(cdf(Number.POSITIVE_INFINITY)).toBe(1);
      expect(cdf(0)).toBe(0.5);
    }
  });

  test('the density is the slope of the distribution function', () => {
    for (const nu of [1.2, 3.3, 4.5, 60, Number.POSITIVE_INFINITY]) {
      const { cdf, pdf } = studentT(nu);
      for (let x = -6; x <= 6; x += 0.37) {
        expect((cdf(x + 1e-5) - cdf(x - 1e-5)) / 2e-5).toBeCloseTo(pdf(x), 7);
      }
    }
  });

  test('a NaN point and a ν that is no law give NaN', () => {
    expect(studentT(4).cdf(Number.NaN)).toBeNaN();
    expect(studentT(Number.POSITIVE_INFINITY).cdf(Number.NaN)).toBeNaN();
    for (const nu of [Number.NaN, 0, -1]) {
      expect(studentT(nu).cdf(1)).toBeNaN();
      expect(studentT(nu).pdf(1)).toBeNaN();
    }
  });

  test('a large ν meets the normal law', () => {
    for (let x = -8; x <= 8; x += 0.25) {
      expect(Math.abs(studentT(1e8).cdf(x) - normalCdf(x))).toBeLessThan(2e-9);
      expect(Math.abs(studentT(1e10).pdf(x) - normalPdf(x))).toBe(0);
    }
  });
});

describe('normalCdf', () => {
  // Abramowitz and Stegun, table 26.1.
  test.each([
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [1.96, 0.97500210485178],
    [3, 0.99865010196837],
    [-2, 0.022750131948179],
    [-5, 2.866515719e-7],
  ])('at %d it is %d', (x, p) => {
    expect(Math.abs(normalCdf(x) - p)).toBeLessThan(1e-14);
  });
});
