import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SettlesBy, StrikeType } from '../../src/domain/contracts.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { settlementSums } from '../../src/domain/settlement-sums.ts';
import { type Bundle, type BundleQuote, findBundles, profitOf } from '../../src/pricing/bundles.ts';
import { feeOfFill, NOTHING_OVERPAID } from '../../src/venues/kalshi/fees.ts';

const FEE = { kind: 'quadratic', multiplier: 1 } as const;
const TERMS = { member: 'direct', lotCount: 100, most: 8 } as const;

interface Listed {
  readonly strikeType: StrikeType;
  readonly settlesBy: SettlesBy;
  readonly floorUnits: number;
  readonly capUnits: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidCount: number;
  readonly askCount: number;
}

const quoteOf = (listed: Listed, i: number): BundleQuote => {
  const sums = settlementSums(listed);
  if (!sums) throw new Error('test: a contract must have its strikes, had none');
  return {
    ticker: `T${i}`,
    sums,
    fee: FEE,
    bidTicks: listed.bid > 0 ? priceTicks(listed.bid) : undefined,
    askTicks: listed.ask < 10_000 ? priceTicks(listed.ask) : undefined,
    bidCount: count(listed.bidCount),
    askCount: count(listed.askCount),
  };
};

/** Whether sixty prints of the sum `sum` pay YES, straight from the rules of the series. */
function pays({ strikeType, settlesBy, floorUnits, capUnits }: Listed, sum: number): boolean {
  const value = settlesBy === 'average' ? sum / 60 : Math.floor(sum / 60 + 0.5);
  switch (strikeType) {
    case 'greater':
      return value > floorUnits;
    case 'greater_or_equal':
      return value >= floorUnits;
    case 'less':
      return value < capUnits;
    case 'less_or_equal':
      return value <= capUnits;
    case 'between':
      return value >= floorUnits && value <= capUnits;
  }
}

const LOW = 1_000;
const SUMS = Array.from({ length: 60 * 8 }, (_, i) => 60 * (LOW - 2) + i);
type Side = 'bid' | 'ask';

type Leg = readonly [contract: number, side: Side];

/** The ways in which contracts pay together, each once, over every settlement value. */
const outcomesOf = (listed: readonly Listed[]): readonly (readonly boolean[])[] => {
  const seen = new Map<string, readonly boolean[]>();
  for (const sum of SUMS) {
    const paying = listed.map((each) => pays(each, sum));
    seen.set(paying.join(), paying);
  }
  return [...seen.values()];
};

/** What sides of contracts leave in the worst outcome after the exact fees, `size` of each. */
function worstOf(
  legs: readonly Leg[],
  size: number,
  listed: readonly Listed[],
  outcomes: readonly (readonly boolean[])[],
): number {
  let cost = 0;
  for (const [i, side] of legs) {
    const { bid, ask } = listed[i] as Listed;
    const fee = feeOfFill({
      terms: FEE,
      role: 'taker',
      side,
      priceTicks: priceTicks(side === 'bid' ? ask : bid),
      count: count(size),
      accumulator: NOTHING_OVERPAID,
      member: 'direct',
    });
    cost -= fee.cash * 100;
  }
  const payoffs = outcomes.map((paying) => legs.filter(([i, side]) => paying[i] === (side === 'bid')).length);
  return Math.min(...payoffs) * 10_000 * size - cost;
}

/** The most that any set of sides leaves in its worst outcome, every set tried at what its thinnest leg shows. */
function bestByHand(listed: readonly Listed[]): number {
  const outcomes = outcomesOf(listed);
  let best = Number.NEGATIVE_INFINITY;
  const visit = (i: number, legs: readonly Leg[], shown: number): void => {
    const next = listed[i];
    if (next === undefined) {
      const size = Math.floor(shown / 100) * 100;
      if (legs.length > 0 && size > 0) best = Math.max(best, worstOf(legs, size, listed, outcomes));
      return;
    }
    visit(i + 1, legs, shown);
    if (next.ask < 10_000) visit(i + 1, [...legs, [i, 'bid']], Math.min(shown, next.askCount));
    if (next.bid > 0) visit(i + 1, [...legs, [i, 'ask']], Math.min(shown, next.bidCount));
  };
  visit(0, [], Number.POSITIVE_INFINITY);
  return best;
}

const worstOfBundle = ({ legs, count: size }: Bundle, listed: readonly Listed[]): number =>
  worstOf(
    legs.map(({ ticker, side }) => [Number(ticker.slice(1)), side]),
    size,
    listed,
    outcomesOf(listed),
  );

const term = fc.record({
  strikeType: fc.constantFrom<StrikeType>('greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'),
  settlesBy: fc.constantFrom<SettlesBy>('rounded', 'average'),
  floorUnits: fc.integer({ min: LOW, max: LOW + 2 }),
  width: fc.nat(2),
});
const depth = fc.integer({ min: 50, max: 900 });

describe('findBundles', () => {
  test('property: a bundle is found if and only if a search over all sets and settlement values finds one, and it pays as told in every outcome', () => {
    const found = { some: 0, none: 0 };
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            term,
            fair: fc.integer({ min: 4, max: 96 }),
            half: fc.integer({ min: 1, max: 4 }),
            bidCount: depth,
            askCount: depth,
          }),
          { minLength: 1, maxLength: 5 },
        ),
        (made) => {
          const listed = made.map(({ term: { width, ...each }, fair, half, bidCount, askCount }) => ({
            ...each,
            capUnits: each.floorUnits + width,
            bid: 100 * (fair - half),
            ask: 100 * (fair + half),
            bidCount,
            askCount,
          }));
          const bundles = findBundles(listed.map(quoteOf), TERMS);
          const best = bestByHand(listed);
          expect(bundles.length > 0).toBe(best > 0);
          found[best > 0 ? 'some' : 'none']++;
          for (const bundle of bundles) {
            expect(worstOfBundle(bundle, listed)).toBe(profitOf(bundle));
            expect(profitOf(bundle)).toBeGreaterThan(0);
          }
          // Together the bundles take no more of a price than it shows.
          for (const [i, { askCount, bidCount }] of listed.entries())
            for (const [side, shown] of [
              ['bid', askCount],
              ['ask', bidCount],
            ] as const) {
              const taken = bundles
                .filter(({ legs }) => legs.some((leg) => leg.ticker === `T${i}` && leg.side === side))
                .reduce((sum, bundle) => sum + bundle.count, 0);
              expect(taken).toBeLessThanOrEqual(shown);
            }
        },
      ),
      { numRuns: 120 },
    );
    expect(Math.min(found.some, found.none)).toBeGreaterThan(15);
  });

  test('property: quotes around one distribution hold no bundle, however many strikes and ranges there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(term, fc.nat(3), fc.nat(3), depth), { minLength: 2, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: SUMS.length, maxLength: SUMS.length }),
        (made, weights) => {
          const total = weights.reduce((sum, each) => sum + each, 0);
          const listed = made.map(([{ width, ...each }, lower, higher, size]): Listed => {
            const contract = { ...each, capUnits: each.floorUnits + width };
            const weight = SUMS.reduce(
              (sum, value, i) =>
                sum +
                (pays({ ...contract, bid: 0, ask: 0, bidCount: 0, askCount: 0 }, value)
                  ? (weights[i] as number)
                  : 0),
              0,
            );
            const cents = (100 * weight) / total;
            return {
              ...contract,
              bid: 100 * Math.max(0, Math.floor(cents) - lower),
              ask: 100 * Math.min(100, Math.ceil(cents) + higher),
              bidCount: size,
              askCount: size,
            };
          });
          expect(findBundles(listed.map(quoteOf), TERMS)).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  });

  const above = (floorUnits: number, bid: number, ask: number, bidCount = 500, askCount = 500): Listed => ({
    strikeType: 'greater',
    settlesBy: 'average',
    floorUnits,
    capUnits: 0,
    bid,
    ask,
    bidCount,
    askCount,
  });

  test('a lower strike that is cheaper than a higher one is a bundle of what the thinner of them shows', () => {
    const bundles = findBundles(
      [above(1_000, 3_800, 4_000, 900, 700), above(1_001, 5_000, 5_200, 450, 800)].map(quoteOf),
      TERMS,
    );
    expect(bundles).toHaveLength(1);
    expect(bundles[0]?.count).toBe(400);
    expect(bundles[0]?.legs.map(({ ticker, side, limitTicks }) => [ticker, side, limitTicks]).sort()).toEqual(
      [
        ['T0', 'bid', 4_000],
        ['T1', 'ask', 5_000],
      ],
    );
    // YES at 40 ¢ and NO at 50 ¢, and the fees of 4 contracts: 4·7 %·(.4·.6 + .5·.5), each up to $0.0001.
    expect(profitOf(bundles[0] as Bundle)).toBe(4 * 100_000 - 67_200 - 70_000);
  });

  test('ranges that sum to more than a dollar are sold together, one each, and a single cent of it does not pay the fees', () => {
    const range = (i: number, bid: number): Listed => ({
      strikeType: i === 0 ? 'less' : i === 3 ? 'greater_or_equal' : 'between',
      settlesBy: 'rounded',
      floorUnits: 1_000 + i - 1,
      capUnits: 1_000 + i - (i === 0 ? 0 : 1),
      bid,
      ask: bid + 300,
      bidCount: 300 + 100 * i,
      askCount: 300,
    });
    const sold = findBundles(
      [2_900, 3_000, 3_000, 2_900].map((bid, i) => quoteOf(range(i, bid), i)),
      TERMS,
    );
    expect(sold).toHaveLength(1);
    expect(sold[0]).toMatchObject({ count: 300 });
    expect(sold[0]?.legs.map(({ side }) => side)).toEqual(['ask', 'ask', 'ask', 'ask']);
    expect(
      findBundles(
        [2_500, 2_600, 2_500, 2_500].map((bid, i) => quoteOf(range(i, bid), i)),
        TERMS,
      ),
    ).toEqual([]);
  });

  test('a quarter-hour and an hour that close together are one ladder, to the half cent by which they round apart', () => {
    const quarter = (floorUnits: number): Listed => ({
      ...above(floorUnits, 5_500, 5_700),
      strikeType: 'greater_or_equal',
      settlesBy: 'rounded',
    });
    const hour = above(1_000, 4_800, 5_000);
    // A value of at least 1,001 rounded needs 1,000.5; above 1,000 needs less: the hour contains the quarter.
    expect(findBundles([quarter(1_001), hour].map(quoteOf), TERMS)).toHaveLength(1);
    // At least 1,000 rounded is 999.5 already, which does not lie above 1,000.
    expect(findBundles([quarter(1_000), hour].map(quoteOf), TERMS)).toEqual([]);
  });

  test('a thinner bundle is found beside a larger one, and nothing is told without a whole lot', () => {
    const ladder = [
      above(1_000, 3_000, 3_200, 500, 1_000),
      above(1_001, 5_000, 5_200, 600, 500),
      above(1_002, 5_500, 5_700, 200, 500),
    ].map(quoteOf);
    const bundles = findBundles(ladder, TERMS);
    const sizes = bundles.map(({ count: size }) => size).sort();
    expect(sizes).toEqual([200, 600]);
    expect(findBundles(ladder, { ...TERMS, most: 1 })).toHaveLength(1);
    expect(findBundles(ladder, { ...TERMS, lotCount: 2_000 })).toEqual([]);
  });
});
