import { describe, expect, test } from '@jest/globals';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import fc from 'fast-check';
import { count, priceTicks } from '../../src/domain/money.ts';
import type { SettlementSums } from '../../src/domain/settlement-sums.ts';
import { settlementSums } from '../../src/domain/settlement-sums.ts';
import { SECOND } from '../../src/domain/time.ts';
import { closeMoments, type OpenMoments, scaleVolatility } from '../../src/pricing/close-moments.ts';
import { type LadderQuote, ladderView } from '../../src/pricing/ladder-view.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { probabilityOf } from '../../src/pricing/settlement.ts';
import { CLOSE_AT, contractOf, inputAt, lawOf, printsFrom, SPOT_CENTS } from './worlds.ts';

const { law } = pricingSettings.parse({});
const NU = 4;
const SCALE = 0.7;
const openAt = (seconds: number): OpenMoments => {
  const seen = new Array(Math.max(0, 60 - seconds)).fill(SPOT_CENTS);
  const within = seen.length > 0 && { prints: printsFrom(CLOSE_AT - 60 * SECOND, seen), index: undefined };
  const moments = closeMoments(inputAt(seconds, { tails: lawOf(NU, SCALE), ...within }), law);
  if (moments.kind !== 'open') throw new Error(`test: expected an open close, was ${moments.kind}`);
  return moments;
};
const MOMENTS = openAt(900);
const NOW = CLOSE_AT - 900 * SECOND;

const above = (units: number): SettlementSums => ({ from: 60 * units + 1, to: Number.POSITIVE_INFINITY });
const below = (units: number): SettlementSums => ({ from: Number.NEGATIVE_INFINITY, to: 60 * units });

/** A quote on whole cents around a probability, `wider` cents further on each side. */
function quoteAround(
  sums: SettlementSums,
  probability: number,
  wider: readonly [number, number] = [0, 0],
): LadderQuote {
  const bid = 100 * (Math.floor(100 * probability) - wider[0]);
  const ask = 100 * (Math.floor(100 * probability) + 1 + wider[1]);
  return {
    sums,
    bidTicks: bid > 0 ? priceTicks(bid) : undefined,
    askTicks: ask < 10_000 ? priceTicks(ask) : undefined,
    bidCount: count(100),
    askCount: count(100),
  };
}

/** Probability of a sum of at least `sum` when each side of the centre has a deviation of its own. */
function planted(sum: number, up: number, down: number): number {
  const distance = Math.log(sum / (60 * MOMENTS.centreUnits));
  return tCdf(-distance / (SCALE * (distance > 0 ? up : down)), NU);
}

const strikes = [-40, -30, -22, -15, -9, -4, 4, 9, 15, 22, 30, 40].map((step) => SPOT_CENTS + step * 1_000);

describe('ladderView', () => {
  test('property: a planted volatility and skew lie within the bounds that the quotes give, and the value lies near them', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: -0.6, max: 0.6, noNaN: true }),
        fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.boolean()), { minLength: 12, maxLength: 12 }),
        (factor, skew, quoted) => {
          const up = MOMENTS.sdLog * factor * Math.exp(skew / 2);
          const down = MOMENTS.sdLog * factor * Math.exp(-skew / 2);
          const quotes = strikes.map((units, i) => {
            const [bid, ask, upward] = quoted[i] as [number, number, boolean];
            const sums = upward ? above(units) : below(units);
            const reached = planted(upward ? sums.from : sums.to, up, down);
            return quoteAround(sums, upward ? reached : 1 - reached, [bid, ask]);
          });
          const view = ladderView(quotes, MOMENTS, NOW);
          expect(view.agrees).toBe(true);
          const volatility = view.forecastVolatility * factor;
          expect(view.volatility?.low).toBeLessThanOrEqual(volatility * (1 + 1e-6));
          expect(view.volatility?.high).toBeGreaterThanOrEqual(volatility * (1 - 1e-6));
          expect(Math.abs(Math.log((view.volatility?.value ?? 0) / volatility))).toBeLessThan(0.12);
          expect(view.skew?.low).toBeLessThanOrEqual(skew + 1e-6);
          expect(view.skew?.high).toBeGreaterThanOrEqual(skew - 1e-6);
          expect(Math.abs((view.skew?.value ?? 9) - skew)).toBeLessThan(0.2);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('quotes made by the settlement law at another volatility give that volatility and no skew, at every time to the close', () => {
    for (const seconds of [3_000, 900, 200, 62, 45, 20]) {
      const moments = openAt(seconds);
      for (const factor of [0.6, 1, 1.7]) {
        const reach = (moments.sdLog * factor * SPOT_CENTS * moments.remaining) / 60;
        const quotes = [-2, -1.2, -0.6, 0.6, 1.2, 2].map((step) => {
          const contract = contractOf({
            strikeType: 'greater',
            floorUnits: Math.round(SPOT_CENTS + step * reach),
            settlesBy: 'average',
          });
          const price = probabilityOf(contract, scaleVolatility(moments, factor));
          const sums = settlementSums(contract);
          if (price.kind !== 'priced' || !sums) throw new Error('test: a price must be there, was none');
          return quoteAround(sums, price.probability);
        });
        const view = ladderView(quotes, moments, CLOSE_AT - seconds * SECOND);
        const volatility = view.forecastVolatility * factor;
        expect(view.volatility?.low).toBeLessThan(volatility * 1.01);
        expect(view.volatility?.high).toBeGreaterThan(volatility * 0.99);
        expect(Math.abs(view.skew?.value ?? 9)).toBeLessThan(0.15);
        // The worlds have a volatility of 60 % a year.
        expect(view.forecastVolatility).toBeCloseTo(0.6, 1);
      }
    }
  });

  test('quotes that no distribution of this shape fits say so, and their value still lies within the bounds', () => {
    const [, , , , , , near, , , far] = strikes as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const view = ladderView(
      [quoteAround(above(near), planted(60 * near, 0.001, 0.001)), quoteAround(above(far), 0.3)],
      MOMENTS,
      NOW,
    );
    expect(view.agrees).toBe(false);
    expect(view.volatility?.value).toBeGreaterThanOrEqual(view.volatility?.low ?? 9);
    expect(view.volatility?.value).toBeLessThanOrEqual(view.volatility?.high ?? 0);
    // A strike above the centre that is quoted above a half contradicts the centre itself.
    expect(ladderView([quoteAround(above(far), 0.7)], MOMENTS, NOW)).toMatchObject({
      agrees: false,
      volatility: undefined,
    });
  });

  test('the depth that wants a higher value stands against the depth that wants a lower one, of contracts that pay above and below', () => {
    const [low, high] = [strikes[3] as number, strikes[8] as number];
    const quote = (sums: SettlementSums, bidCount: number, askCount: number): LadderQuote => ({
      ...quoteAround(sums, 0.4),
      bidCount: count(bidCount),
      askCount: count(askCount),
    });
    const imbalance = (...quotes: LadderQuote[]) => ladderView(quotes, MOMENTS, NOW).depthImbalance;
    expect(imbalance(quote(above(low), 300, 100))).toBe(0.5);
    expect(imbalance(quote(above(low), 300, 100), quote(below(high), 300, 100))).toBe(0);
    expect(imbalance(quote(below(high), 0, 100))).toBe(1);
    // A range wants neither, and an empty side has no depth.
    expect(imbalance(quote({ from: 60 * low, to: 60 * high }, 300, 100))).toBeUndefined();
    expect(imbalance({ ...quote(above(low), 300, 100), bidTicks: undefined })).toBe(-1);
  });

  test('without quotes nothing is known, and with one side quoted no skew', () => {
    expect(ladderView([], MOMENTS, NOW)).toMatchObject({
      strikes: 0,
      volatility: undefined,
      skew: undefined,
    });
    const one = ladderView([quoteAround(above(strikes[8] as number), 0.2)], MOMENTS, NOW);
    expect(one.volatility).toBeDefined();
    expect(one.skew).toBeUndefined();
  });
});
