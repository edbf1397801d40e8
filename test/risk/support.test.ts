import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, SECOND } from '../../src/domain/time.ts';
import type { SpotPrice } from '../../src/pricing/spot-sources.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import { decide } from '../../src/risk/decide.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { supportOf } from '../../src/risk/support.ts';
import '../support/properties.ts';
import { contextOf, NOW } from './samples.ts';

const limits = riskSettings.parse({});
const { forecast } = contextOf();
const ERROR = 1.2e-4 ** 2;
const CENTRE = Math.log(80_000);

const spotAt = (basisPoints: number, venue: SpotPrice['venue'] = 'kraken', ageMicros = 0): SpotPrice => ({
  venue,
  at: NOW - ageMicros,
  receivedAt: NOW - ageMicros,
  log: CENTRE + basisPoints / 10_000,
  variance: undefined,
});
const index = (dollars = 80_000, source: 'prints' | 'twin' = 'prints') => ({
  base: { at: NOW, units: dollars * 100, variance: source === 'twin' ? ERROR : 0, source },
  decimals: 2,
});
const of = (spots: readonly SpotPrice[], value = index(), terms = limits) =>
  supportOf(value, spots, forecast, ERROR, terms);
const failing = (spots: readonly SpotPrice[], value = index()) =>
  decide(standardChecks, contextOf({ support: of(spots, value) })).failing;

describe('supportOf', () => {
  test('an index within ten basis points of the only book has two sources, and just outside it has one', () => {
    expect(failing([spotAt(9.99)])).toEqual([]);
    expect(failing([spotAt(10.01)])).toEqual(['indexSources', 'indexAgrees']);
    expect(failing([spotAt(-10.01)])).toEqual(['indexSources', 'indexAgrees']);
  });

  test('without a fresh venue there is one source, which is not decided on', () => {
    expect(failing([])).toEqual(['indexSources']);
    expect(failing([spotAt(0)], index(80_000, 'twin'))).toEqual(['indexSources']);
  });

  test('of two venues both must agree, of three one may be wrong, and the finding names it', () => {
    expect(failing([spotAt(0), spotAt(60, 'coinbase')])).toEqual(['indexAgrees', 'spotsAgree']);
    const three = [spotAt(0), spotAt(2), spotAt(60, 'coinbase')];
    expect(failing(three)).toEqual([]);
    const { findings } = decide(standardChecks, contextOf({ support: of(three) }));
    expect(findings.find(({ check }) => check === 'spotsAgree')).toMatchObject({
      observed: 1,
      note: 'coinbase',
    });
  });

  test('the band grows with the time between two prices by the forecast’s volatility', () => {
    const apart = 10 * SECOND;
    const deviation = Math.sqrt(ERROR + (0.5 ** 2 * apart) / (365 * DAY));
    expect(of([spotAt(0, 'kraken', apart)]).band).toBeCloseTo(5 * deviation * 10_000, 9);
    expect(of([spotAt(0, 'kraken', 0)]).band).toBe(10);
  });

  test('whatever is not known refuses', () => {
    expect(failing([spotAt(Number.NaN)])).toEqual(['indexSources', 'indexAgrees']);
    expect(failing([spotAt(0), spotAt(Number.NaN, 'coinbase')])).toContain('indexAgrees');
    expect(failing([spotAt(0)], index(Number.NaN))).toEqual(['indexSources', 'indexAgrees']);
    for (const key of ['indexBandBasisPoints', 'indexBandDeviations'] as const)
      expect(of([spotAt(0)], index(), { ...limits, [key]: Number.NaN }).band).toBeNaN();
    expect(supportOf(index(), [spotAt(0)], undefined, ERROR, limits)).toMatchObject({
      sources: 1,
      band: Number.NaN,
    });
    expect(supportOf(undefined, [spotAt(0)], forecast, ERROR, limits).sources).toBe(0);
  });

  test('property: it approves exactly where more than half of the venues, and two sources, are within their bands', () => {
    const venue = fc.record({
      distance: fc.double({ min: -40, max: 40, noNaN: true }),
      age: fc.integer({ min: 0, max: 15 * SECOND }),
    });
    fc.assert(
      fc.property(
        fc.array(venue, { maxLength: 5 }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        (venues, volatility) => {
          const support = supportOf(
            index(),
            venues.map(({ distance, age }) => spotAt(distance, 'kraken', age)),
            forecast && { ...forecast, annualisedVolatility: volatility },
            ERROR,
            limits,
          );
          const within = venues.filter(
            ({ distance, age }) =>
              Math.abs(distance) <=
              Math.max(10, 5e4 * Math.sqrt(ERROR + (volatility ** 2 * age) / (365 * DAY))) + 1e-9,
          ).length;
          const checks = decide(standardChecks, contextOf({ support })).failing;
          expect(checks.includes('indexSources')).toBe(1 + within < 2);
          expect(checks.includes('indexAgrees')).toBe(venues.length > 0 && !(within * 2 > venues.length));
        },
      ),
    );
  });
});
