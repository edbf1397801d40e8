import { describe, expect, test } from '@jest/globals';
import { fitTails, TAIL_MINUTES } from '../../../src/forecast/backbone/fit-tails.ts';
import { studentT } from '../../../src/maths/student-t.ts';
import { random } from '../../support/random.ts';

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
