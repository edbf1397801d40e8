import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitTails, TAIL_MINUTES } from '../../src/forecast/fit-tails.ts';
import { tailBySpan } from '../../src/forecast/tails.ts';
import { studentT } from '../../src/maths/student-t.ts';
import { random } from '../support/random.ts';

const knots = [
  { seconds: 15, nu: 2.1, scale: 0.6 },
  { seconds: 60, nu: 3.3, scale: 0.7 },
  { seconds: 900, nu: 4.5, scale: 0.8 },
];

describe('tailBySpan', () => {
  const tail = tailBySpan(knots);

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

  test('property: it is continuous', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 4_000, noNaN: true }), (seconds) => {
        expect(Math.abs(tail(seconds).nu - tail(seconds * (1 + 1e-9)).nu)).toBeLessThan(1e-7);
      }),
    );
  });
});

describe('fitTails', () => {
  const { studentT: draw } = random(31);
  const moves = TAIL_MINUTES.map((_, i) => Array.from({ length: 20_000 }, () => 0.75 * draw(3.3 + 0.3 * i)));
  const fitted = fitTails(moves);

  test('each span recovers the law its moves were drawn from', () => {
    expect(fitted.map(({ seconds }) => seconds)).toEqual([15, 60, 120, 300, 900, 1_800, 3_600, 7_200]);
    for (const [i, { nu, scale }] of fitted.slice(1).entries()) {
      expect(Math.abs(nu - (3.3 + 0.3 * i))).toBeLessThan(0.4);
      expect(Math.abs(scale - 0.75)).toBeLessThan(0.02);
    }
  });

  test('the law at 15 s has a thinner ν and the same median size of move as at a minute', () => {
    const [short, minute] = fitted;
    if (!short || !minute) throw new Error('unreachable');
    expect(short.nu).toBeLessThan(minute.nu - 0.8);
    expect(short.nu).toBeGreaterThan(2);
    const median = (minute.scale * 0.7) / short.scale;
    const size = (nu: number, x: number) => 2 * studentT(nu).cdf(x) - 1;
    expect(size(short.nu, median)).toBeCloseTo(size(minute.nu, 0.7), 2);
  });
});
