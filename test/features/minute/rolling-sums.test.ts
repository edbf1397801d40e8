import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Grain, rollingSums } from '../../../src/features/minute/rolling-sums.ts';

const spans = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
const grains = fc.constantFrom<Grain>(
  { quantum: 1e-8, largest: 1e6 },
  { quantum: 1e-17, largest: 1e-3 },
  { quantum: 1e-9, largest: 50 },
  { quantum: 0.25, largest: 3 },
);
const minutes = fc.array(
  fc.record({ share: fc.double({ min: -1, max: 1, noNaN: true }), covers: fc.nat(3) }),
  { minLength: 1, maxLength: 60 },
);
/** A value as a grain keeps it. */
const kept = (value: number, { quantum, largest }: Grain): number =>
  Math.round(Math.min(largest, Math.max(-largest, value)) / quantum) * quantum;

describe('rollingSums', () => {
  test('property: with any grain each window holds the sum of what it was given, in whole quanta, and the minutes that speaks for', () => {
    fc.assert(
      fc.property(spans, grains, minutes, (windows, grain, pushed) => {
        const sums = rollingSums(windows, grain);
        const values = pushed.map(({ share }) => share * grain.largest);
        for (const [i, { covers }] of pushed.entries()) {
          sums.push(values[i] as number, covers);
          for (const [index, span] of windows.entries()) {
            let [sum, covered] = [0, 0];
            for (let k = Math.max(0, i + 1 - span); k <= i; k++) {
              const minute = pushed[k];
              if (!minute || minute.covers === 0) continue;
              sum += kept(values[k] as number, grain);
              covered += minute.covers;
            }
            expect(Math.abs(sums.sum(index) - sum)).toBeLessThanOrEqual(1e-12 * grain.largest);
            expect(sums.covered(index)).toBe(covered);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('property: what has left a window leaves nothing behind, to the last bit', () => {
    fc.assert(
      fc.property(grains, minutes, minutes, (grain, before, after) => {
        const [long, short] = [rollingSums([12], grain), rollingSums([12], grain)];
        for (const { share, covers } of before) long.push(share * grain.largest, covers);
        const last = [...after, ...Array.from({ length: 12 }, (_, i) => ({ share: i / 13, covers: 1 }))];
        for (const { share, covers } of last)
          for (const each of [long, short]) each.push(share * grain.largest, covers);
        expect(long.sum(0)).toBe(short.sum(0));
      }),
    );
  });

  test('values beyond the largest are held there, on either side', () => {
    const sums = rollingSums([1, 2], { quantum: 0.5, largest: 4 });
    sums.push(1e9, 1);
    expect(sums.sum(0)).toBe(4);
    sums.push(Number.NEGATIVE_INFINITY, 1);
    expect([sums.sum(0), sums.sum(1)]).toEqual([-4, 0]);
  });

  test('moves of up to 28 % keep fifteen decimals where no grain is named', () => {
    const sums = rollingSums([1]);
    sums.push(0.28 ** 2, 1);
    expect(sums.sum(0)).toBeCloseTo(0.0784, 14);
    sums.push(3e-15, 1);
    expect(sums.sum(0)).toBeCloseTo(3e-15, 20);
    sums.push(1, 1);
    expect(sums.sum(0)).toBeCloseTo(0.08, 14);
  });

  test('a minute without a value adds nothing, whatever it says, and a reset forgets all', () => {
    const sums = rollingSums([3]);
    sums.push(0.01, 2);
    sums.push(Number.NaN, 0);
    expect([sums.sum(0), sums.covered(0)]).toEqual([0.01, 2]);
    sums.reset();
    expect([sums.sum(0), sums.covered(0)]).toEqual([0, 0]);
    sums.push(0.02, 1);
    expect([sums.sum(0), sums.covered(0)]).toEqual([0.02, 1]);
  });
});
