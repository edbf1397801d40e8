import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count } from '../../src/domain/money.ts';
import { settlementSums } from '../../src/domain/settlement-sums.ts';
import { closeMoments, type OpenMoments } from '../../src/pricing/close-moments.ts';
import { jointKelly } from '../../src/pricing/joint-kelly.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { probabilityOf } from '../../src/pricing/settlement.ts';
import { paysIn, settlementGrid, tilted, weightOf } from '../../src/pricing/settlement-grid.ts';
import {
  type CloseBet,
  type CloseHolding,
  type CloseOrder,
  jointSizes,
} from '../../src/pricing/size-jointly.ts';
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
/** What else stands at the close of a bet, which is the one at `place`. */
interface RestOfClose {
  readonly bets: readonly CloseBet[];
  readonly place: number;
  readonly holdings: readonly CloseHolding[];
  readonly orders: readonly CloseOrder[];
}
const sizeWith = (
  own: CloseBet,
  { bets = [], place = 0, holdings = [], orders = [] }: Partial<RestOfClose> = {},
) => {
  const all = [...bets.slice(0, place), own, ...bets.slice(place)];
  return jointSizes({ bets: all, holdings, moments, bankrollDollars: 1_000, settings: sizing })(
    place,
    orders,
  );
};

/** Each contract's size when it is asked, as a desk asks them one by one, in one order of the bets. */
const sizesOf = (bets: readonly CloseBet[]): readonly number[] =>
  bets.map((own, place) => sizeWith(own, { bets: bets.filter((other) => other !== own), place }));

type Side = 'bid' | 'ask';

/** The sizes as their definition says: for each bet anew, outcome by outcome, with nothing kept. */
function defined(
  bets: readonly CloseBet[],
  place: number,
  holdings: readonly CloseHolding[],
  orders: readonly CloseOrder[],
): number {
  const own = bets[place] as CloseBet;
  const known = [...bets, ...holdings, ...orders].flatMap(({ sums }) => sums ?? []);
  const grid = tilted(settlementGrid(moments, known), bets);
  const weights = [...grid.weights];
  const pays = (sums: CloseBet['sums'] | undefined, side: Side): number[] =>
    grid.starts.map((start) => {
      if (!sums) return 0;
      const yes = start >= sums.from && start < sums.to;
      return yes === (side === 'bid') ? 1 : 0;
    });
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0);
  const wealth = weights.map(() => sizing.kellyFraction * 1_000);
  const add = (contracts: number, paid: readonly number[], worth: number) =>
    paid.forEach((pay, k) => {
      wealth[k] = (wealth[k] ?? 0) + contracts * (pay - worth);
    });
  for (const { sums, position, paidDollars } of holdings)
    if (sums) add(position / 100, pays(sums, 'bid'), mean(pays(sums, 'bid')));
    else add(1, pays(undefined, 'bid'), paidDollars);
  const offered = bets.map(({ sums, side, position, costDollars, displayedCount }) => {
    const paid = pays(sums, side);
    add((position / 100) * (side === 'bid' ? 1 : -1), paid, costDollars);
    const most = Math.min(displayedCount * sizing.displayedShare, sizing.maxOrderCount) / 100;
    return { returns: paid.map((pay) => pay - costDollars), most };
  });
  const ownPays = pays(own.sums, own.side);
  for (const { sums, side, remaining, costDollars } of orders) {
    const paid = pays(sums, side);
    const both = paid.map((pay, k) => pay * (ownPays[k] ?? 0));
    if (!sums || mean(both) > mean(paid) * mean(ownPays)) add(remaining / 100, paid, costDollars);
  }
  const wanted = 100 * (jointKelly(weights, wealth, offered)[place] ?? 0);
  return Math.max(0, Math.floor(wanted / sizing.lotCount + 1e-9)) * sizing.lotCount;
}

const anyContract = fc
  .record({
    at: fc.integer({ min: -60, max: 60 }),
    width: fc.nat(40),
    type: fc.constantFrom('greater', 'less', 'between'),
  })
  .map(({ at, width, type }) => {
    const floorUnits = SPOT_CENTS + 100 * at - 1;
    return contractOf({ strikeType: type as 'greater', floorUnits, capUnits: floorUnits + 100 * width });
  });
const side = fc.constantFrom<Side>('bid', 'ask');
const dollars = fc.double({ min: 0.02, max: 0.97, noNaN: true });
const anyClose = fc.record({
  bets: fc.array(
    fc
      .record({
        contract: anyContract,
        side,
        costDollars: dollars,
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
        displayed: fc.nat(100_000),
        position: fc.integer({ min: -2_000, max: 2_000 }),
      })
      .map(({ contract, displayed, position, ...terms }) =>
        betOn(contract, { ...terms, displayedCount: count(displayed), position: count(position) }),
      ),
    { minLength: 1, maxLength: 6 },
  ),
  holdings: fc.array(
    fc
      .record({
        contract: fc.option(anyContract),
        position: fc.integer({ min: -2_000, max: 2_000 }),
        paidDollars: fc.nat(20),
      })
      .map(({ contract, position, paidDollars }) => ({
        sums: contract ? sumsOf(contract) : undefined,
        position: count(position),
        paidDollars,
      })),
    { maxLength: 3 },
  ),
  // What stands in the market from one order to the next.
  ordered: fc.array(
    fc.array(
      fc
        .record({ contract: fc.option(anyContract), side, remaining: fc.nat(2_000), costDollars: dollars })
        .map(({ contract, side: of, remaining, costDollars }) => ({
          sums: contract ? sumsOf(contract) : undefined,
          side: of,
          remaining: count(remaining),
          costDollars,
        })),
      { maxLength: 3 },
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

describe('jointSizes', () => {
  test('property: what the bets of a close share gives each bet, while orders come, the size that its definition gives alone', () => {
    let bought = 0;
    fc.assert(
      fc.property(anyClose, ({ bets, holdings, ordered }) => {
        const sizes = jointSizes({ bets, holdings, moments, bankrollDollars: 1_000, settings: sizing });
        for (const orders of ordered)
          bets.forEach((_, place) => {
            const expected = defined(bets, place, holdings, orders);
            if (expected > 0) bought++;
            expect(sizes(place, orders)).toBe(expected);
          });
      }),
      { numRuns: 150 },
    );
    expect(bought).toBeGreaterThan(100);
  });

  test('a place where no bet stands is an error of the program', () => {
    const sizes = jointSizes({
      bets: [],
      holdings: [],
      moments,
      bankrollDollars: 1_000,
      settings: sizing,
    });
    expect(() => sizes(0, [])).toThrow('place must be that of a bet');
  });
});

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

describe('jointSizes of one contract', () => {
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
