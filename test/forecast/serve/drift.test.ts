import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { type FeatureRange, featureDrift } from '../../../src/forecast/serve/drift.ts';
import { random } from '../../support/random.ts';

/** Where uniform draws from [0, 1) lie. */
const UNIFORM: FeatureRange = {
  low: 0.001,
  high: 0.999,
  deciles: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
};
const LIMIT = 0.25;
/** Origins at which forecasts are judged. */
const STEP = 5 * MINUTE;
const PER_DAY = DAY / STEP;

/** Σ(p−q)·ln(p/q) over the deciles, from the values themselves. */
const naiveStability = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return 0;
  const edges = [Number.NEGATIVE_INFINITY, ...UNIFORM.deciles, Number.POSITIVE_INFINITY];
  return edges.slice(1).reduce((sum, to, bin) => {
    const inside = known.filter((value) => value >= (edges[bin] as number) && value < to).length;
    const p = Math.max(1e-4, inside / known.length);
    return sum + (p - 0.1) * Math.log(p / 0.1);
  }, 0);
};

type Row = readonly number[];
/** Reads rows one after another, `STEP` apart from 1970 on; the last reading. */
const readAll = (rows: readonly Row[], ranges: readonly (FeatureRange | undefined)[], limit = LIMIT) => {
  const { read } = featureDrift(ranges, limit);
  return rows.map((row, i) => read(i * STEP, row)).at(-1);
};

describe('featureDrift', () => {
  test('what lies outside all but a thousandth of training is counted at this origin alone', () => {
    const { read } = featureDrift([UNIFORM, UNIFORM, undefined, UNIFORM, UNIFORM], LIMIT);
    expect(read(0, [0.001, 0.999, 77, 0.5, Number.NaN]).outside).toBe(0);
    expect(read(1, [0.0009, 0.9991, 77, 0.5, Number.NaN]).outside).toBe(0.5);
    expect(read(2, [0.5, 0.5, 77, 0.5, 0.5]).outside).toBe(0);
  });

  test('property: after a week the share that has drifted is that of the values of the last seven days', () => {
    const seeds = fc.array(
      fc.record({ seed: fc.nat(), power: fc.double({ min: 0.4, max: 2.5, noNaN: true }) }),
      {
        minLength: 1,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 7, max: 10 }),
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        (laws, days, limit) => {
          const draws = laws.map(({ seed, power }) => ({ power, ...random(seed) }));
          const rows = Array.from(
            { length: days * PER_DAY + 77 },
            (): Row =>
              draws.map(({ uniform, power }) => (uniform() < 0.02 ? Number.NaN : uniform() ** power)),
          );
          const lastDay = Math.floor(((rows.length - 1) * STEP) / DAY);
          const kept = rows.filter((_, i) => Math.floor((i * STEP) / DAY) > lastDay - 7);
          const above = laws.filter((_, k) => naiveStability(kept.map((row) => row[k] as number)) > limit);
          const ranges = laws.map(() => UNIFORM);
          expect(readAll(rows, ranges, limit)?.drifted).toBeCloseTo(above.length / laws.length, 12);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('a day is forgotten whole: a week after the law came back nothing has drifted', () => {
    const { uniform } = random(3);
    const strange = Array.from({ length: 7 * PER_DAY }, (): Row => [0.95 + 0.05 * uniform()]);
    const usual = Array.from({ length: 7 * PER_DAY }, (): Row => [uniform()]);
    expect(readAll(strange, [UNIFORM])?.drifted).toBe(1);
    expect(readAll([...strange, ...usual.slice(0, 5 * PER_DAY)], [UNIFORM])?.drifted).toBe(1);
    expect(readAll([...strange, ...usual], [UNIFORM])?.drifted).toBe(0);
  });

  test('a part of a week is no sample of one: nothing has drifted before 1,400 origins', () => {
    const constant = (count: number) => Array.from({ length: count }, (): Row => [0.95]);
    expect(readAll(constant(1_399), [UNIFORM])?.drifted).toBe(0);
    expect(readAll(constant(1_400), [UNIFORM])?.drifted).toBe(1);
  });

  test('after a hole of a week it is a part of a week again', () => {
    const { read } = featureDrift([UNIFORM], LIMIT);
    for (let i = 0; i < 1_400; i++) read(i * STEP, [0.95]);
    expect(read(1_400 * STEP, [0.95]).drifted).toBe(1);
    expect(read(1_400 * STEP + 8 * DAY, [0.95]).drifted).toBe(0);
  });

  test('features without a range are not watched, and with none at all nothing is outside and nothing drifts', () => {
    const rows = Array.from({ length: 1_400 }, (): Row => [0.95, 5]);
    expect(readAll(rows, [UNIFORM, undefined])).toEqual({ outside: 0, drifted: 1 });
    expect(readAll(rows, [undefined, undefined])).toEqual({ outside: 0, drifted: 0 });
  });
});
