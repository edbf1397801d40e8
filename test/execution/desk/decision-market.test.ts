import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Forecast } from '../../../src/domain/events/forecast.ts';
import type { IndexValue } from '../../../src/domain/events/market.ts';
import { decisionMarket } from '../../../src/execution/desk/decision-market.ts';
import { forecastAt } from './desk-bench.ts';

const AT = 1_778_477_400_000_000;
const HOURS_OF_A_YEAR = 8_760;
const index = (value: number): IndexValue => ({
  kind: 'index',
  at: AT,
  receivedAt: AT,
  asset: 'BTC',
  value,
  source: 'prints',
  variance: 0,
});
const confidence = (value: number): Forecast['confidence'] => ({
  disagreement: 0,
  outside: 0,
  drifted: 0,
  qlikeRatio: null,
  value,
});

describe('decisionMarket', () => {
  test('property: the band is of the next hour, scaled to a year, whatever horizons lie around it', () => {
    const yearly = fc.double({ min: 0.01, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        yearly,
        yearly,
        yearly,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (now, low, high, trust) => {
          const hour = (volatility: number): number => Math.log(volatility ** 2 / HOURS_OF_A_YEAR);
          const others = [5, 15, 30, 120].map((minutes) => ({
            minutes,
            logVariance: -9,
            lowLogVariance: -12,
            highLogVariance: -6,
          }));
          const told = decisionMarket(index(80_000), {
            ...forecastAt(AT, now),
            horizons: [
              ...others.slice(0, 3),
              { minutes: 60, logVariance: -9, lowLogVariance: hour(low), highLogVariance: hour(high) },
              ...others.slice(3),
            ],
            ...{ confidence: confidence(trust) },
          } as Forecast);
          expect(told.indexDollars).toBe(80_000);
          expect(told.volatilityPerYear).toBe(now);
          expect(told.volatilityLowPerYear).toBeCloseTo(low, 9);
          expect(told.volatilityHighPerYear).toBeCloseTo(high, 9);
          expect(told.confidence).toBe(trust);
        },
      ),
    );
  });

  test('what is not known is null: no index, no forecast, a forecast without a band or a confidence', () => {
    expect(decisionMarket(undefined, undefined)).toEqual({
      indexDollars: null,
      volatilityPerYear: null,
      volatilityLowPerYear: null,
      volatilityHighPerYear: null,
      confidence: null,
    });
    const { confidence: _, ...plain } = forecastAt(AT, 0.45);
    expect(decisionMarket(undefined, plain)).toMatchObject({
      volatilityPerYear: 0.45,
      volatilityLowPerYear: null,
      volatilityHighPerYear: null,
      confidence: null,
    });
  });
});
