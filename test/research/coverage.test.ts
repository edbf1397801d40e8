import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalQuantile } from '../../src/maths/normal.ts';
import { coverageOf } from '../../src/research/coverage.ts';
import { random } from '../support/random.ts';

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const filled = (count: number, value: number): number[] => new Array<number>(count).fill(value);

describe('coverageOf', () => {
  test('counts what lay below, inside and above, ends being inside, and the means by hand', () => {
    const found = coverageOf([-3, -1, 0, 1, 5], filled(5, -1), filled(5, 1));
    expect(found).toMatchObject({ origins: 5, below: 0.2, inside: 0.6, above: 0.2, widthLog: 2 });
    // Distances to −1: −2, 0, 1, 2, 6; to 1: −4, −2, −1, 0, 4.
    expect(found?.pinballLow).toBeCloseTo((0.9 * 2 + 0.1 * 9) / 5, 12);
    expect(found?.pinballHigh).toBeCloseTo((0.1 * 7 + 0.9 * 4) / 5, 12);
  });

  test('the true quantiles of a normal law leave a tenth out on either side, and no other ends lose less', () => {
    const { normal } = random(31);
    const came = Array.from({ length: 40_000 }, normal);
    const end = normalQuantile(0.9);
    const at = (low: number, high: number) => coverageOf(came, filled(40_000, low), filled(40_000, high));
    const right = at(-end, end);
    expect(right?.below).toBeCloseTo(0.1, 2);
    expect(right?.above).toBeCloseTo(0.1, 2);
    for (const shift of [-0.2, 0.2]) {
      expect(at(-end + shift, end)?.pinballLow).toBeGreaterThan(right?.pinballLow ?? 0);
      expect(at(-end, end + shift)?.pinballHigh).toBeGreaterThan(right?.pinballHigh ?? 0);
    }
  });

  test('property: shares sum to one, and an origin of which something is unknown counts for nothing', () => {
    const value = fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.constant(Number.NaN));
    const origin = fc.tuple(value, value, fc.oneof(fc.nat(5), fc.constant(Number.NaN)));
    fc.assert(
      fc.property(fc.array(origin, { maxLength: 30 }), (origins) => {
        const bands = origins.map(([came, low, width]) => [came, low, low + width] as const);
        const known = bands.filter((band) => !band.some(Number.isNaN));
        const found = coverageOf(
          ...([0, 1, 2].map((k) => bands.map((band) => band[k] as number)) as [number[], number[], number[]]),
        );
        expect(found?.origins ?? 0).toBe(known.length);
        if (!found) return;
        expect(found.below + found.inside + found.above).toBeCloseTo(1, 12);
        expect(found.above).toBe(known.filter(([came, , high]) => came > high).length / known.length);
        expect(found.widthLog).toBeCloseTo(mean(known.map(([, low, high]) => high - low)), 9);
      }),
    );
  });

  test('without any origin there is no coverage', () => {
    expect(coverageOf([], [], [])).toBeUndefined();
    expect(coverageOf([1], [Number.NaN], [2])).toBeUndefined();
  });
});
