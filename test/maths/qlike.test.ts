import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { qlike } from '../../src/maths/qlike.ts';

describe('qlike', () => {
  test('it is rv/f − ln(rv/f) − 1, and 0 only when they agree', () => {
    expect(qlike(Math.log(6), Math.log(3))).toBeCloseTo(2 - Math.LN2 - 1, 12);
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 0, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (rv, by) => {
          // Zero but for the rounding of exp and log.
          expect(qlike(rv, rv + by)).toBeGreaterThan(-1e-12);
        },
      ),
    );
    expect(qlike(-3, -3)).toBe(0);
  });

  test('a forecast too low costs more than one as much too high', () => {
    expect(qlike(1, 0)).toBeGreaterThan(qlike(0, 1));
  });
});
