import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { neweyWest } from '../../src/maths/newey-west.ts';
import { random } from '../support/random.ts';

const noise = (seed: number, length: number): number[] => {
  const { normal } = random(seed);
  return Array.from({ length }, normal);
};

describe('neweyWest', () => {
  test('by hand: 1, 3, 2, 6 have mean 3, autocovariances 3.5 and −0.75, one lag of weight a half, and so a variance of 2.75 / 4', () => {
    const { mean, t, count } = neweyWest([1, 3, 2, 6]);
    expect([mean, count]).toEqual([3, 4]);
    expect(t).toBeCloseTo(3 / Math.sqrt(2.75 / 4), 12);
  });

  test('by hand: from a hundred values on there are four lags, weighted 4/5, 3/5, 2/5 and 1/5', () => {
    // A period of ten: autocovariances of the square wave are known but for what the ends lack.
    const wave = Array.from({ length: 100 }, (_, i) => (i % 10 < 5 ? 1 : -1));
    const gamma = [1, 0.6, 0.2, -0.2, -0.6].map((of, lag) => {
      // Of the 100 − lag pairs, those that a whole number of periods lacks are the last ones.
      const pairs = wave.slice(lag).map((value, i) => value * (wave[i] as number));
      const sum = pairs.reduce((all, value) => all + value, 0);
      expect(Math.abs(sum / 100 - of)).toBeLessThanOrEqual(0.05);
      return sum / 100;
    });
    const variance = gamma.reduce((sum, of, lag) => sum + (lag === 0 ? 1 : 2 * (1 - lag / 5)) * of, 0);
    const shifted = wave.map((value) => value + 0.25);
    expect(neweyWest(shifted).t).toBeCloseTo(0.25 / Math.sqrt(variance / 100), 9);
  });

  test('white noise gives a small t, of unit law over many draws, and a shift of half a deviation a large one', () => {
    const ts = Array.from({ length: 400 }, (_, seed) => neweyWest(noise(seed, 250)).t);
    expect(ts.filter((t) => Math.abs(t) > 3).length).toBeLessThan(8);
    const square = ts.reduce((sum, t) => sum + t * t, 0) / ts.length;
    expect(Math.abs(square - 1)).toBeLessThan(0.3);
    for (let seed = 0; seed < 50; seed++) {
      const shifted = noise(seed, 250).map((value) => value - 0.5);
      expect(neweyWest(shifted).t).toBeLessThan(-4);
    }
  });

  test('values that hang together are worth fewer: t is smaller than if they were independent', () => {
    let before = 0;
    const hanging = noise(3, 400).map((shock) => {
      before = 0.8 * before + shock;
      return before + 1;
    });
    const mean = hanging.reduce((sum, value) => sum + value, 0) / hanging.length;
    const variance = hanging.reduce((sum, value) => sum + (value - mean) ** 2, 0) / hanging.length;
    const naive = mean / Math.sqrt(variance / hanging.length);
    const { t } = neweyWest(hanging);
    expect(t / naive).toBeLessThan(0.6);
    expect(t / naive).toBeGreaterThan(0.3);
  });

  test('property: the other sign gives the other t, and the unit has no say', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.integer({ min: 5, max: 80 }),
        fc.integer({ min: 1, max: 1_000 }),
        (seed, length, unit) => {
          const values = noise(seed, length);
          const { t } = neweyWest(values);
          expect(neweyWest(values.map((value) => -value)).t).toBeCloseTo(-t, 9);
          expect(neweyWest(values.map((value) => value * unit)).t).toBeCloseTo(t, 6);
        },
      ),
    );
  });

  test('fewer than three values, or values that do not vary, have no t', () => {
    expect(neweyWest([]).t).toBeNaN();
    expect(neweyWest([1, 2])).toEqual({ mean: 1.5, t: Number.NaN, count: 2 });
    expect(neweyWest([5, 5, 5, 5])).toEqual({ mean: 5, t: Number.NaN, count: 4 });
    expect(neweyWest([1, 2, 4]).t).not.toBeNaN();
  });
});
