import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY } from '../../../src/domain/time.ts';
import { foldAt, type Models, modelsSchema } from '../../../src/forecast/members/models-manifest.ts';
import { handFold, handModels } from '../hand-models.ts';

const day = (n: number): string => new Date((n * DAY) / 1_000).toISOString();
const foldsOf = (days: readonly number[]) =>
  days.map((n) => handFold({ name: `until ${n}`, trainedUntil: day(n) }));

/** Paths of the faults that the schema finds. */
const faults = (models: unknown): readonly string[] => {
  const { error } = modelsSchema.safeParse(models);
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
};
const withFold = (over: object): unknown => ({ ...handModels(), folds: [{ ...handFold(), ...over }] });
const withHorizon = (over: object): unknown =>
  withFold({ horizons: handFold().horizons.map((each, h) => (h === 1 ? { ...each, ...over } : each)) });

describe('foldAt', () => {
  test('property: is the newest fold that was trained before the time, however they are listed', () => {
    const days = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(days, fc.nat(45), (trained, at) => {
        const before = trained.filter((n) => n <= at);
        const expected = before.length === 0 ? undefined : `until ${Math.max(...before)}`;
        expect(foldAt({ folds: foldsOf(trained) }, at * DAY)?.name).toBe(expected);
      }),
    );
  });

  test('a fold serves from the very instant until which it was trained, and not a microsecond sooner', () => {
    const folds = foldsOf([10]);
    expect(foldAt({ folds }, 10 * DAY)?.name).toBe('until 10');
    expect(foldAt({ folds }, 10 * DAY - 1)).toBeUndefined();
  });
});

describe('modelsSchema', () => {
  test('takes a whole manifest as it is', () => {
    const models: Models = handModels({ folds: foldsOf([1, 2]), scores: { anything: [1, 'two'] } });
    expect(modelsSchema.parse(JSON.parse(JSON.stringify(models)))).toEqual(models);
  });

  test('refuses what would forecast wrong, each by its key', () => {
    const { commit: _, ...lacking } = handModels();
    expect(faults(lacking)).toEqual(['commit']);
    expect(faults({ ...handModels(), version: 2 })).toEqual(['version']);
    expect(faults({ ...handModels(), features: [] })).toEqual(['features']);
    expect(faults({ ...handModels(), extra: 1 })).toEqual(['']);
    expect(faults({ ...handModels(), folds: [] })).toEqual(['folds']);
    expect(faults(withFold({ extra: 1 }))).toEqual(['folds.0']);
    expect(faults(withFold({ trainedUntil: 'lately' }))).toEqual(['folds.0.trainedUntil']);
    expect(faults(withFold({ lightgbm: { file: 'x', sha256: 'short' } }))).toEqual([
      'folds.0.lightgbm.sha256',
    ]);
    expect(faults(withFold({ ranges: { rv5: { low: 0, high: 1, deciles: [1] } } }))).toEqual([
      'folds.0.ranges.rv5.deciles',
    ]);
    expect(faults(withHorizon({ minutes: 45 }))).toEqual(['folds.0.horizons.1.minutes']);
    expect(faults(withHorizon({ weights: { lightgbm: -0.1, patchtst: 0 } }))).toEqual([
      'folds.0.horizons.1.weights.lightgbm',
    ]);
    expect(faults(withHorizon({ logSettle: 9 }))).toEqual(['folds.0.horizons.1.logSettle']);
    expect(faults(withHorizon({ nu: 2 }))).toEqual(['folds.0.horizons.1.nu']);
    expect(faults(withHorizon({ tScale: 0 }))).toEqual(['folds.0.horizons.1.tScale']);
  });

  test('a band is a pair of constants at every horizon, or at none', () => {
    const band = { low: -0.1, high: 0.2 };
    const horizons = handFold().horizons.map((horizon) => ({ ...horizon, band }));
    expect(faults(withFold({ horizons }))).toEqual([]);
    expect(faults(withHorizon({ band }))).toEqual(['folds.0.horizons']);
    expect(faults(withHorizon({ band: { low: -0.1 } }))).toContain('folds.0.horizons.1.band.high');
    expect(faults(withHorizon({ band: { ...band, high: 6 } }))).toContain('folds.0.horizons.1.band.high');
    expect(faults(withFold({ quantiles: { file: 'x', sha256: '0'.repeat(64) } }))).toEqual(['folds.0']);
  });

  test('four horizons of which two are the same are not the four', () => {
    expect(faults(withHorizon({ minutes: 5 }))).toEqual(['folds.0.horizons']);
  });
});
