import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { basisTracker } from '../../src/pricing/basis.ts';
import { random } from '../support/random.ts';

describe('basisTracker', () => {
  test('property: until its memory is full it is the plain mean and variance', () => {
    const differences = fc.array(fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), {
      minLength: 2,
      maxLength: 50,
    });
    fc.assert(
      fc.property(differences, (values) => {
        const tracker = basisTracker({ basisPrints: 50, basisMinPrints: 2 });
        values.forEach(tracker.add);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        expect(tracker.read().mean).toBeCloseTo(mean, 12);
        expect(tracker.read().variance ?? Number.NaN).toBeCloseTo(variance, 12);
      }),
    );
  });

  test('it follows a basis that moved, and forgets on reset', () => {
    const chance = random(1);
    const tracker = basisTracker({ basisPrints: 100, basisMinPrints: 10 });
    for (let i = 0; i < 1000; i++) tracker.add(1e-4 * chance.normal());
    for (let i = 0; i < 1000; i++) tracker.add(5e-4 + 1e-4 * chance.normal());
    expect(Math.abs(tracker.read().mean - 5e-4)).toBeLessThan(5e-5);
    expect(Math.sqrt(tracker.read().variance ?? Number.NaN) / 1e-4).toBeCloseTo(1, 0);
    tracker.reset();
    expect(tracker.read()).toEqual({ mean: 0, variance: undefined });
  });

  test('it says nothing before enough differences, and passes over what is not finite', () => {
    const tracker = basisTracker({ basisPrints: 100, basisMinPrints: 3 });
    for (const value of [1, Number.NaN, Number.POSITIVE_INFINITY, 1]) tracker.add(value);
    expect(tracker.read()).toEqual({ mean: 0, variance: undefined });
    tracker.add(1);
    expect(tracker.read()).toEqual({ mean: 1, variance: 0 });
  });
});
