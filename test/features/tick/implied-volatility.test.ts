import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { type Implied, impliedVolatility } from '../../../src/features/tick/implied-volatility.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { momentsOf, probabilityOf } from '../../../src/pricing/settlement.ts';
import { CLOSE_AT, constantPath, contractOf, gaussian, printsFrom } from '../../pricing/worlds.ts';

const { law } = pricingSettings.parse({});
const SECONDS_A_YEAR = (365 * DAY) / SECOND;

/** What the desk's own law asks for the contract at this volatility, under a normal tail. */
function priceAt(volatility: number, input: Omit<Implied, 'probability'>, floorUnits: number): number {
  const { indexAt, indexUnits, indexVariance } = input;
  const contract = contractOf({ strikeType: 'greater_or_equal', floorUnits });
  const moments = momentsOf(
    contract,
    {
      closeAt: CLOSE_AT,
      now: indexAt,
      index: {
        kind: 'index',
        asset: 'BTC',
        at: indexAt,
        receivedAt: indexAt,
        value: indexUnits / 100,
        source: 'prints',
        variance: indexVariance,
      },
      prints: printsFrom(0, []),
      path: constantPath(volatility ** 2 / SECONDS_A_YEAR),
      tails: gaussian,
    },
    law,
  );
  const price = probabilityOf(contract, moments);
  return price.kind === 'priced' ? price.probability : Number.NaN;
}

const at = (minutes: number, points: number, indexVariance = 0) => ({
  thresholdUnits: 8_400_000 - 0.5,
  indexUnits: 8_400_000 * Math.exp(points / 1e4),
  indexVariance,
  indexAt: CLOSE_AT - minutes * MINUTE,
  closeAt: CLOSE_AT,
});

describe('impliedVolatility', () => {
  test("property: it gives back the volatility that the desk's law of settlement was given", () => {
    let told = 0;
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.constantFrom(0, 1e-8),
        (volatility, minutes, points, indexVariance) => {
          const input = at(minutes, points, indexVariance);
          const probability = priceAt(volatility, input, 8_400_000);
          // At the money drift decides the price, and far from it the price is nothing: neither tells volatility.
          fc.pre(Math.abs(points) > 1 && probability > 1e-6 && probability < 1 - 1e-6);
          const implied = impliedVolatility({ ...input, probability });
          if (probability > 0.5 !== points > 0) expect(implied).toBeNaN();
          else {
            told += 1;
            expect(implied / volatility).toBeCloseTo(1, 3);
          }
        },
      ),
    );
    expect(told).toBeGreaterThan(50);
  });

  test('a price on the wrong side of even, even money, and the end of a probability tell nothing', () => {
    for (const probability of [0, 0.3, 0.5, 1, Number.NaN])
      expect(impliedVolatility({ ...at(10, 5), probability })).toBeNaN();
    for (const probability of [0, 0.5, 0.7, 1, Number.NaN])
      expect(impliedVolatility({ ...at(10, -5), probability })).toBeNaN();
  });

  test('a price that no volatility reaches tells nothing', () => {
    expect(impliedVolatility({ ...at(10, -400), probability: 0.499 })).toBeNaN();
  });

  test('the error of the index is no volatility: a price that it alone explains tells nothing', () => {
    expect(impliedVolatility({ ...at(10, 1, 1e-6), probability: 0.6 })).toBeNaN();
    expect(impliedVolatility({ ...at(10, 1), probability: 0.6 })).toBeGreaterThan(0);
  });

  test('with less than a minute to go prints may be in, and nothing is told', () => {
    const input = { ...at(1, 3), probability: 0.8 };
    expect(impliedVolatility(input)).toBeGreaterThan(0);
    expect(impliedVolatility({ ...input, indexAt: input.indexAt + 1 })).toBeNaN();
  });
});
