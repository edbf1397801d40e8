import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Opinion, weightedMiddle } from '../../src/pricing/weighted-middle.ts';

const ERROR = 1.2e-4 ** 2;

const log = fc.integer({ min: -500, max: 500 }).map((points) => 11 + points * 1e-5);
// A known basis errs at least by its noise.
const basisVariance = fc.option(
  fc.integer({ min: 0, max: 50 }).map((points) => 0.4e-4 ** 2 + (points * 1e-5) ** 2),
  { nil: undefined },
);
const opinion: fc.Arbitrary<Opinion> = fc.record({ log, variance: basisVariance });
const opinions = (minLength: number, maxLength = 7) => fc.array(opinion, { minLength, maxLength });
const equally = (logs: readonly number[], variance?: number): readonly Opinion[] =>
  logs.map((each) => ({ log: each, variance }));

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  const high = sorted[sorted.length >> 1] ?? Number.NaN;
  return low === high ? low : (low + high) / 2;
};

describe('weightedMiddle', () => {
  test('one venue is itself, with the error of its basis, or the stated one while that is not known', () => {
    expect(weightedMiddle([{ log: 11, variance: 4e-8 }], ERROR)).toEqual({
      log: 11,
      variance: 4e-8,
    });
    expect(weightedMiddle([{ log: 11, variance: undefined }], ERROR)).toEqual({
      log: 11,
      variance: ERROR,
    });
  });

  test('property: venues of equal variance give the plain median to the bit, two of them their mean', () => {
    fc.assert(
      fc.property(fc.array(log, { minLength: 1, maxLength: 9 }), basisVariance, (logs, variance) => {
        const { log: middle, variance: stated } = weightedMiddle(equally(logs, variance), ERROR);
        expect(middle).toBe(median(logs));
        expect(stated).toBe(variance ?? ERROR);
      }),
    );
  });

  test('property: two venues of equal variance state it to the bit', () => {
    fc.assert(
      fc.property(log, log, basisVariance, (a, b, variance) => {
        expect(weightedMiddle(equally([a, b], variance), ERROR)).toEqual({
          log: (a + b) / 2,
          variance: variance ?? ERROR,
        });
      }),
    );
  });

  test('property: the order in which venues are listed changes nothing', () => {
    const shuffled = opinions(1).chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(weightedMiddle(other, ERROR)).toEqual(weightedMiddle(list, ERROR));
      }),
    );
  });

  test('property: one venue of three or more, whatever it says and however certain it is, cannot take the value out of the span of the others', () => {
    fc.assert(
      fc.property(
        opinions(2),
        fc.double({ min: -50, max: 50, noNaN: true }),
        basisVariance,
        (list, off, variance) => {
          const { log: middle } = weightedMiddle([...list, { log: 11 + off, variance }], ERROR);
          const logs = list.map((each) => each.log);
          expect(middle).toBeGreaterThanOrEqual(Math.min(...logs));
          expect(middle).toBeLessThanOrEqual(Math.max(...logs));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('property: the value lies within what venues say, and the variance within theirs', () => {
    fc.assert(
      fc.property(opinions(1), (list) => {
        const { log: middle, variance } = weightedMiddle(list, ERROR);
        const logs = list.map((each) => each.log);
        const bases = list.flatMap((each) => each.variance ?? ERROR);
        expect(middle).toBeGreaterThanOrEqual(Math.min(...logs) - 1e-12);
        expect(middle).toBeLessThanOrEqual(Math.max(...logs) + 1e-12);
        expect(variance).toBeGreaterThanOrEqual(Math.min(...bases) - 1e-18);
        expect(variance).toBeLessThanOrEqual(Math.max(ERROR, ...bases) + 1e-18);
      }),
    );
  });

  test('without a stated error a venue that was never off the index counts alone', () => {
    const certain = { log: 11, variance: 0 };
    expect(weightedMiddle([certain, { log: 12, variance: 1e-8 }], 0)).toEqual({ log: 11, variance: 0 });
    expect(weightedMiddle(equally([11, 12], 0), 0)).toEqual({ log: 11.5, variance: 0 });
  });

  test('the steadier two of three outweigh the third: its price decides nothing', () => {
    const steady = [
      { log: 11, variance: 1e-8 },
      { log: 11.0001, variance: 1e-8 },
    ];
    for (const outlier of [5, 11.00005, 20]) {
      const { log: middle } = weightedMiddle([...steady, { log: outlier, variance: 1e-4 }], ERROR);
      expect(middle).toBeGreaterThanOrEqual(11);
      expect(middle).toBeLessThanOrEqual(11.0001);
    }
  });
});
