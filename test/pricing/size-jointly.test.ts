import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count } from '../../src/domain/money.ts';
import { settlementSums } from '../../src/domain/settlement-sums.ts';
import { closeMoments, type OpenMoments } from '../../src/pricing/close-moments.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { probabilityOf } from '../../src/pricing/settlement.ts';
import { paysIn, settlementGrid, tilted, weightOf } from '../../src/pricing/settlement-grid.ts';
import { type CloseBet, type RestOfClose, sizeJointly } from '../../src/pricing/size-jointly.ts';
import { sizeOf } from '../../src/pricing/sizing.ts';
import { contractOf, inputAt, lawOf, SPOT_CENTS } from './worlds.ts';

const pricing = pricingSettings.parse({});
const sizing = { ...pricing.sizing, displayedShare: 1, maxOrderCount: 1e9, lotCount: 1 };
const moments = closeMoments(inputAt(900, { tails: lawOf(4, 0.7) }), pricing.law) as OpenMoments;

const above = (dollarsFromSpot: number) =>
  contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS + 100 * dollarsFromSpot - 1 });
const sumsOf = (contract: ReturnType<typeof contractOf>) => {
  const sums = settlementSums(contract);
  if (!sums) throw new Error('size-jointly: the contract must have its strike');
  return sums;
};
const betOn = (contract: ReturnType<typeof contractOf>, terms: Partial<CloseBet> = {}): CloseBet => ({
  sums: sumsOf(contract),
  probability: 0.55,
  side: 'bid',
  costDollars: 0.5,
  displayedCount: count(1e8),
  position: count(0),
  ...terms,
});
const nothing: RestOfClose = { bets: [], place: 0, holdings: [], orders: [] };
const sizeWith = (own: CloseBet, rest: Partial<RestOfClose> = {}) =>
  sizeJointly(own, { ...nothing, ...rest }, moments, 1_000, sizing);

/** Each contract's size when it is asked, as a desk asks them one by one, in one order of the bets. */
const sizesOf = (bets: readonly CloseBet[]): readonly number[] =>
  bets.map((own, place) => sizeWith(own, { bets: bets.filter((other) => other !== own), place }));

describe('settlementGrid', () => {
  test('property: between the strikes the grid gives every contract the probability that the law gives it', () => {
    const strike = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(
        fc.array(strike, { minLength: 1, maxLength: 8 }),
        strike,
        fc.nat(200),
        (at, from, width) => {
          const contracts = [
            ...at.map(above),
            contractOf({
              strikeType: 'between',
              floorUnits: SPOT_CENTS + 100 * from,
              capUnits: SPOT_CENTS + 100 * (from + width) + 99,
            }),
          ];
          const grid = settlementGrid(moments, contracts.map(sumsOf));
          expect(grid.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          for (const contract of contracts) {
            const price = probabilityOf(contract, moments);
            const found = weightOf(grid, paysIn(grid, sumsOf(contract)));
            expect(found).toBeCloseTo(price.kind === 'priced' ? price.probability : Number.NaN, 9);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('property: beliefs that some distribution has all hold after the tilt, and without one the law is unchanged', () => {
    const strikes = fc.uniqueArray(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 6 });
    const levels = fc.array(fc.double({ min: 0.02, max: 0.98, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(strikes, levels, (at, raw) => {
        const contracts = at.map(above);
        const grid = settlementGrid(moments, contracts.map(sumsOf));
        for (const [k, weight] of tilted(grid, []).weights.entries())
          expect(weight).toBeCloseTo(grid.weights[k] as number, 12);
        // The higher the strike, the less likely.
        const falling = [...raw].sort((a, b) => b - a);
        const order = [...at].sort((a, b) => a - b);
        const beliefs = at.map((strike) => ({
          sums: sumsOf(above(strike)),
          probability: falling[order.indexOf(strike)] as number,
        }));
        const spread = falling
          .slice(0, at.length)
          .every((p, i) => i === 0 || (falling[i - 1] as number) - p > 0.01);
        if (!spread) return;
        const moved = tilted(grid, beliefs);
        for (const { sums, probability } of beliefs)
          expect(weightOf(moved, paysIn(moved, sums))).toBeCloseTo(probability, 4);
      }),
      { numRuns: 200 },
    );
  });
});

describe('sizeJointly', () => {
  test('property: one contract alone gets what it would get without any other, on both sides and with a position', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -200, max: 200 }),
        fc.constantFrom('bid', 'ask'),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.double({ min: 0.001, max: 0.09, noNaN: true }),
        fc.integer({ min: -3_000, max: 3_000 }),
        (strike, side, costDollars, edge, position) => {
          const wins = costDollars + edge;
          const own = betOn(above(strike), {
            side,
            costDollars,
            probability: side === 'bid' ? wins : 1 - wins,
            position: count(position),
          });
          const held = side === 'bid' ? position : -position;
          const alone = sizeOf(
            {
              probability: wins,
              costDollars,
              bankrollDollars: 1_000,
              heldCount: count(held),
              displayedCount: own.displayedCount,
            },
            sizing,
          );
          // A position larger than the stake can ruin the fraction of the bankroll: nothing more is bought then.
          const found = sizeWith(own);
          if (found !== 0 || alone === 0) expect(Math.abs(found - alone)).toBeLessThanOrEqual(1);
          else
            expect(Math.abs(held) * Math.max(costDollars, 1 - costDollars)).toBeGreaterThanOrEqual(100 * 99);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('two strikes that nearly always pay together share one stake', () => {
    const [near, far] = [betOn(above(0)), betOn(above(1))];
    const alone = sizeWith(near);
    const together = sizeWith(near, { bets: [far] }) + sizeWith(far, { bets: [near] });
    expect(sizeWith(far)).toBeGreaterThan(0.9 * alone);
    expect(together).toBeLessThan(1.1 * alone);
    expect(together).toBeGreaterThan(0.9 * alone);
  });

  test('property: contracts that pay alike split one stake whatever their number and limits, and never leave it to each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 2, maxLength: 5 }),
        fc.double({ min: 0.02, max: 0.2, noNaN: true }),
        (displayed, edge) => {
          const bets = displayed.map((most) =>
            betOn(above(0), { probability: 0.5 + edge, displayedCount: count(most) }),
          );
          const alone = sizeWith(betOn(above(0), { probability: 0.5 + edge }));
          const together = sizesOf(bets).reduce((sum, size) => sum + size, 0);
          const wanted = Math.min(
            alone,
            displayed.reduce((sum, most) => sum + most, 0),
          );
          // Each is cut to whole lots, so a lot a contract may be lost.
          expect(together).toBeGreaterThanOrEqual(wanted - displayed.length - 1);
          expect(together).toBeLessThanOrEqual(wanted + displayed.length + 1);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a position that wins with the bet makes it smaller, one that wins against it makes it larger', () => {
    const own = betOn(above(0));
    const holding = (position: number) => ({
      holdings: [{ sums: sumsOf(above(20)), position: count(position), paidDollars: 10 }],
    });
    expect(sizeWith(own, holding(2_000))).toBeLessThan(sizeWith(own));
    expect(sizeWith(own, holding(-2_000))).toBeGreaterThan(sizeWith(own));
    expect(
      sizeWith(own, { holdings: [{ sums: undefined, position: count(2_000), paidDollars: 10 }] }),
    ).toBeLessThan(sizeWith(own));
  });

  test('an open order counts where it wins with the bet, and makes no room where it would hedge', () => {
    const own = betOn(above(0));
    const order = (side: 'bid' | 'ask') => ({
      orders: [{ sums: sumsOf(above(20)), side, remaining: count(2_000), costDollars: 0.45 }],
    });
    expect(sizeWith(own, order('bid'))).toBeLessThan(sizeWith(own));
    expect(sizeWith(own, order('ask'))).toBe(sizeWith(own));
    expect(
      sizeWith(own, {
        orders: [{ sums: undefined, side: 'ask', remaining: count(2_000), costDollars: 0.45 }],
      }),
    ).toBeLessThan(sizeWith(own));
  });

  test('an account that a settlement value would already ruin buys nothing more', () => {
    const ruin = { holdings: [{ sums: sumsOf(above(20)), position: count(1_000_000), paidDollars: 5_000 }] };
    expect(sizeWith(betOn(above(0)), ruin)).toBe(0);
  });
});
