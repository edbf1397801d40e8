import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONE_MINUTES, coneOf } from '../../src/console/cone.ts';
import type { Forecast } from '../../src/domain/events/forecast.ts';
import type { IndexValue } from '../../src/domain/events/market.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { studentT } from '../../src/maths/student-t.ts';
import '../support/properties.ts';
import { minutesOf } from '../support/variance-paths.ts';

const AT = Date.UTC(2026, 5, 1, 14) * 1_000;
const RATE = 4e-7;
const index: IndexValue = {
  kind: 'index',
  asset: 'BTC',
  at: AT,
  receivedAt: AT,
  value: 80_000,
  source: 'prints',
  variance: 0,
};
const forecast = (nu: number, scale: number, minutes = 180): Forecast => ({
  kind: 'forecast',
  asset: 'BTC',
  at: AT,
  receivedAt: AT,
  model: 'backbone',
  horizons: [],
  path: minutesOf(AT, minutes, () => RATE),
  tails: [{ seconds: 60, nu, scale }],
  annualisedVolatility: 0.4,
});

describe('coneOf', () => {
  test('property: nine of ten moves of the law end below its high end, and one of ten below its low end', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 60, noNaN: true }),
        fc.double({ min: 0.5, max: 1.2, noNaN: true }),
        fc.double({ min: 0, max: 1e-7, noNaN: true }),
        (nu, scale, variance) => {
          const cone = coneOf({ ...index, variance }, forecast(nu, scale));
          expect(cone.map(({ at }) => (at - AT) / MINUTE)).toEqual([...CONE_MINUTES]);
          cone.slice(1).forEach(({ at, lowDollars, highDollars }) => {
            const deviation = scale * Math.sqrt((RATE * (at - AT)) / MINUTE + variance);
            const { cdf } = studentT(nu);
            expect(cdf(Math.log(highDollars / 80_000) / deviation)).toBeCloseTo(0.9, 6);
            expect(cdf(Math.log(lowDollars / 80_000) / deviation)).toBeCloseTo(0.1, 6);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('it begins at the index and ends where the forecast ends', () => {
    const cone = coneOf(index, forecast(5, 1, 12));
    expect(cone[0]).toEqual({ at: AT, lowDollars: 80_000, highDollars: 80_000 });
    expect(cone.at(-1)?.at).toBe(AT + 10 * MINUTE);
  });
});
