import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deflatedSharpe, luckOf, sharpeMoments } from '../../src/maths/deflated-sharpe.ts';
import { random } from '../support/random.ts';
import '../support/properties.ts';

const series = (seed: number, length: number, mean = 0): readonly number[] => {
  const { normal } = random(seed);
  return Array.from({ length }, () => mean + normal());
};

describe('the deflated Sharpe ratio', () => {
  test('property: more trials never make a ratio surer, and one trial is the plain probability', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 40 }),
        fc.integer({ min: 1, max: 500 }),
        (profits, trials) => {
          const moments = sharpeMoments(profits);
          const [alone, one, more] = [1, trials, trials + 1].map((n) => deflatedSharpe(moments, n));
          if (moments.sharpe === null) {
            expect(alone).toBeNull();
            return;
          }
          expect(more).toBeLessThanOrEqual((one as number) + 1e-12);
          expect(one).toBeLessThanOrEqual((alone as number) + 1e-12);
        },
      ),
    );
  });

  test('the ratio of luck is the mean of the best of so many normal numbers', () => {
    for (const trials of [2, 10, 50]) {
      const { normal } = random(trials);
      let sum = 0;
      for (let round = 0; round < 4_000; round++)
        sum += Math.max(...Array.from({ length: trials }, () => 2 * normal()));
      // The formula is an approximation for many trials; of two it gives .52 for .56.
      expect(Math.abs(luckOf(trials, 2) - sum / 4_000)).toBeLessThan(0.12);
    }
    expect(luckOf(1, 2)).toBe(0);
  });

  test('moments are those of the series, and too few or equal profits have none', () => {
    const { sharpe, skewness, kurtosis, blocks } = sharpeMoments([1, 1, 1, 5]);
    expect(sharpe).toBeCloseTo(2 / 2, 9);
    expect(skewness).toBeCloseTo(1.1547, 4);
    expect(kurtosis).toBeCloseTo(2.3333, 4);
    expect(blocks).toBe(4);
    for (const profits of [[], [1], [2, 2, 2]]) {
      expect(sharpeMoments(profits).sharpe).toBeNull();
      expect(deflatedSharpe(sharpeMoments(profits), 1)).toBeNull();
    }
  });

  test('over 200 seeds without mispricing the best of twenty trials passes in few, and skill passes in most', () => {
    let [lucky, plain, skilled] = [0, 0, 0];
    const tried = 200;
    for (let seed = 0; seed < tried; seed++) {
      const trials = Array.from({ length: 20 }, (_, i) => sharpeMoments(series(1_000 * seed + i, 48)));
      const best = trials.reduce((one, other) => ((other.sharpe ?? 0) > (one.sharpe ?? 0) ? other : one));
      if ((deflatedSharpe(best, 20) ?? 0) >= 0.95) lucky++;
      // What the same best trial would claim if the others were hidden.
      if ((deflatedSharpe(best, 1) ?? 0) >= 0.95) plain++;
      if ((deflatedSharpe(sharpeMoments(series(seed, 48, 0.8)), 20) ?? 0) >= 0.95) skilled++;
    }
    expect(lucky / tried).toBeLessThanOrEqual(0.05);
    expect(plain / tried).toBeGreaterThan(0.5);
    expect(skilled / tried).toBeGreaterThan(0.8);
  });
});
