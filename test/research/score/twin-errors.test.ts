import { describe, expect, test } from '@jest/globals';
import { twinErrors } from '../../../src/research/score/twin-errors.ts';

const closeOf = (basisPoints: number, statedBasisPoints = 1) => ({
  closeAt: 0,
  twin: 100_000,
  statedBasisPoints,
  settled: 100_000 * Math.exp(basisPoints / 10_000),
});

describe('twinErrors', () => {
  test('counts what lies within the stated errors, and tells a bias from noise', () => {
    const biased = twinErrors([closeOf(1, 1.1), closeOf(2), closeOf(3), closeOf(2, 1.1)]);
    expect(biased.rmsBasisPoints).toBeCloseTo(Math.sqrt(18 / 4), 9);
    expect(biased.meanBasisPoints).toBeCloseTo(2, 9);
    expect(biased.statedBasisPoints).toBeCloseTo(1.05, 12);
    expect([biased.withinOne, biased.withinTwo]).toEqual([0.25, 0.5]);
    expect(biased.successive).toBeCloseTo(14 / Math.sqrt(14 * 17), 9);
    expect(twinErrors([closeOf(1), closeOf(-1), closeOf(1)]).successive).toBeCloseTo(-1, 9);
  });
});
