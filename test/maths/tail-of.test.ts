import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Tail } from '../../src/domain/events/forecast.ts';
import { tailOf } from '../../src/maths/tail-of.ts';

const knots = [
  { seconds: 15, nu: 2.1, scale: 0.6 },
  { seconds: 60, nu: 3.3, scale: 0.7 },
  { seconds: 900, nu: 4.5, scale: 0.8 },
];

describe('tailOf', () => {
  const tail = (spanSeconds: number): Tail => tailOf(knots, spanSeconds);

  test('it passes through its knots and is linear in log span between', () => {
    for (const { seconds, nu, scale } of knots) expect(tail(seconds)).toEqual({ nu, scale });
    expect(tail(30).nu).toBeCloseTo(2.7, 12);
    expect(tail(30).scale).toBeCloseTo(0.65, 12);
  });

  test('it stays as it is outside the knots, and NaN gives NaN', () => {
    expect(tail(1)).toEqual({ nu: 2.1, scale: 0.6 });
    expect(tail(7_200)).toEqual({ nu: 4.5, scale: 0.8 });
    expect(tail(Number.NaN)).toEqual({ nu: Number.NaN, scale: Number.NaN });
  });

  test('without a knot nothing is known', () => {
    expect(tailOf([], 60)).toEqual({ nu: Number.NaN, scale: Number.NaN });
  });

  test('property: it is continuous', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 4_000, noNaN: true }), (seconds) => {
        expect(Math.abs(tail(seconds).nu - tail(seconds * (1 + 1e-9)).nu)).toBeLessThan(1e-7);
      }),
    );
  });
});
