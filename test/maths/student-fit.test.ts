import { describe, expect, test } from '@jest/globals';
import { studentFit } from '../../src/maths/student-fit.ts';
import { random } from '../support/random.ts';

describe('studentFit', () => {
  test.each([
    [2.2, 0.6, 0.06],
    [3.3, 0.7, 0.07],
    [5, 1.4, 0.1],
    [8, 1e-3, 0.18],
  ])('it recovers ν %d and scale %d from 30,000 draws', (nu, scale, tolerance) => {
    const { studentT } = random(23);
    const fit = studentFit(Float64Array.from({ length: 30_000 }, () => scale * studentT(nu)));
    // About three standard errors at this size.
    expect(Math.abs(fit.nu / nu - 1)).toBeLessThan(tolerance);
    expect(Math.abs(fit.scale / scale - 1)).toBeLessThan(0.02);
  });

  test('normal draws give a large ν and their deviation', () => {
    const { normal } = random(5);
    const fit = studentFit(Float64Array.from({ length: 20_000 }, () => 2 * normal()));
    expect(fit.nu).toBeGreaterThan(30);
    expect(Math.abs(fit.scale / 2 - 1)).toBeLessThan(0.03);
  });

  test('too few draws, zeros and NaN throw', () => {
    for (const draws of [[1, 2], new Array(20).fill(0), new Array(20).fill(Number.NaN)])
      expect(() => studentFit(draws)).toThrow('studentFit: needs ten finite draws');
  });
});
