import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketWidth, keptRows } from '../../console/charts/down-sample.ts';

const cell = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const table = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), a: cell, b: cell }), {
    minLength: 1,
    maxLength: 200,
  })
  .map((rows) => {
    let x = 1_000;
    return { xs: rows.map(({ gap }) => (x += gap)), a: rows.map(({ a }) => a), b: rows.map(({ b }) => b) };
  });
const width = fc.constantFrom(1, 2, 4, 8, 16, 64);
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

describe('keptRows', () => {
  test('keeps the least and the greatest value of each column in each bucket, and both ends of the data', () => {
    fc.assert(
      fc.property(table, width, ({ xs, a, b }, wide) => {
        const kept = keptRows(xs, [a, b], wide);
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(xs.length - 1);
        for (const bucket of new Set(xs.map((x) => Math.floor(x / wide))))
          for (const column of [a, b]) {
            const all = known(column.filter((_, row) => Math.floor((xs[row] ?? 0) / wide) === bucket));
            const drawn = known(
              kept
                .filter((row) => Math.floor((xs[row] ?? 0) / wide) === bucket)
                .map((row) => column[row] ?? null),
            );
            expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...all), Math.max(...all)]);
          }
      }),
    );
  });

  test('keeps at most the ends and two rows for each column of a bucket, in rising order and none twice', () => {
    fc.assert(
      fc.property(table, width, ({ xs, a, b }, wide) => {
        const kept = keptRows(xs, [a, b], wide);
        expect(kept).toEqual([...new Set(kept)].sort((one, other) => one - other));
        const buckets = new Set(xs.map((x) => Math.floor(x / wide))).size;
        expect(kept.length).toBeLessThanOrEqual(6 * buckets);
      }),
    );
  });

  test('what was kept stays kept when older rows go and newer ones come, but at the two ends', () => {
    fc.assert(
      fc.property(table, width, fc.nat(20), ({ xs, a }, wide, most) => {
        const cut = Math.min(most, xs.length - 1);
        const inner = (rows: readonly number[]): number[] => {
          const first = Math.floor((xs[cut] ?? 0) / wide);
          const last = Math.floor((xs.at(-1) ?? 0) / wide);
          return rows.filter((row) => {
            const bucket = Math.floor((xs[row] ?? 0) / wide);
            return bucket > first && bucket < last;
          });
        };
        const all = keptRows(xs, [a], wide);
        const later = keptRows(xs.slice(cut), [a.slice(cut)], wide).map((row) => row + cut);
        expect(inner(later)).toEqual(inner(all));
      }),
    );
  });

  test('without a width keeps everything, and nothing of nothing', () => {
    expect(keptRows([1, 2, 3], [[5, null, 6]], 0)).toEqual([0, 1, 2]);
    expect(keptRows([], [[]], 4)).toEqual([]);
  });

  test('a bucket without any value keeps its gap', () => {
    expect(keptRows([0, 1, 4, 5, 6, 8, 9], [[1, 2, null, null, null, 3, 4]], 4)).toEqual([0, 1, 2, 4, 5, 6]);
  });
});

describe('bucketWidth', () => {
  test('is a power of two that needs no more buckets than were asked for, and not half as wide a one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 4_000 }), (span, most) => {
        const wide = bucketWidth(span, most);
        expect(Number.isInteger(Math.log2(wide))).toBe(true);
        expect(span / wide).toBeLessThanOrEqual(most);
        expect(span / (wide / 2)).toBeGreaterThan(most);
      }),
    );
    expect(bucketWidth(0, 100)).toBe(0);
  });
});
