import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FeeTerms } from '../../../src/domain/contracts.ts';
import { count, microDollars, priceTicks } from '../../../src/domain/money.ts';
import {
  type FillFee,
  feeOfFill,
  NOTHING_OVERPAID,
  revenueOfFill,
  roundFill,
  takerFee,
  tradeFee,
} from '../../../src/venues/kalshi/fees.ts';
import { dataPath, describeData } from '../../support/data.ts';

const plain: FeeTerms = { kind: 'quadratic', multiplier: 1 };
const withMaker: FeeTerms = { kind: 'quadratic_with_maker_fees', multiplier: 1 };
const combo: FeeTerms = { kind: 'quadratic_with_combo_maker_fees', multiplier: 1 };

const taken = (
  ticks: number,
  lots: number,
  member: 'direct' | 'nonDirect',
  more: Partial<Parameters<typeof feeOfFill>[0]> = {},
): FillFee =>
  feeOfFill({
    terms: plain,
    role: 'taker',
    side: 'bid',
    priceTicks: priceTicks(ticks),
    count: count(lots),
    accumulator: NOTHING_OVERPAID,
    member,
    ...more,
  });

describe('fees of a single fill', () => {
  // Columns: price in ticks; one contract direct and non-direct; 10 direct; 100 direct and non-direct; all in millionths of a dollar.
  test.each([
    [100, 700, 10_000, 7_000, 69_300, 70_000],
    [9_900, 700, 10_000, 7_000, 69_300, 70_000],
    [200, 1_400, 10_000, 13_800, 137_200, 140_000],
    [500, 3_400, 10_000, 33_300, 332_500, 340_000],
    [9_500, 3_400, 10_000, 33_300, 332_500, 340_000],
    [1_000, 6_300, 10_000, 63_000, 630_000, 630_000],
    [9_000, 6_300, 10_000, 63_000, 630_000, 630_000],
    [2_500, 13_200, 20_000, 131_300, 1_312_500, 1_320_000],
    [7_500, 13_200, 20_000, 131_300, 1_312_500, 1_320_000],
    [3_500, 16_000, 20_000, 159_300, 1_592_500, 1_600_000],
    [6_500, 16_000, 20_000, 159_300, 1_592_500, 1_600_000],
    [5_000, 17_500, 20_000, 175_000, 1_750_000, 1_750_000],
    [550, 3_700, 5_000, 36_400, 363_900, 370_000],
  ])('a taker at %p ticks pays what the table says', (ticks, one, oneCent, ten, hundred, hundredCent) => {
    expect(taken(ticks, 100, 'direct').net).toBe(one);
    expect(taken(ticks, 100, 'nonDirect').net).toBe(oneCent);
    expect(taken(ticks, 1_000, 'direct').net).toBe(ten);
    expect(taken(ticks, 10_000, 'direct').net).toBe(hundred);
    expect(taken(ticks, 10_000, 'nonDirect').net).toBe(hundredCent);
  });

  test.each([
    [100, 17_325],
    [200, 34_300],
    [500, 83_125],
    [1_000, 157_500],
    [2_500, 328_125],
    [3_500, 398_125],
    [5_000, 437_500],
    [550, 90_957],
  ])(
    'at %p ticks a maker of 100 pays a quarter of the rate, half in combos, nothing otherwise',
    (ticks, quarter) => {
      const [price, hundred] = [priceTicks(ticks), count(10_000)];
      expect(tradeFee(withMaker, 'maker', price, hundred)).toBe(quarter);
      expect(tradeFee(plain, 'maker', price, hundred)).toBe(0);
      const taker = tradeFee(plain, 'taker', price, hundred);
      expect(tradeFee(combo, 'maker', price, hundred)).toBe(Math.ceil(taker / 2));
      expect(tradeFee(combo, 'taker', price, hundred)).toBe(taker);
    },
  );

  test('148.78 contracts at 0.984 cost 0.163980 and move the balance by 146.5635', () => {
    expect(taken(9_840, 14_878, 'direct')).toEqual({
      trade: 163_968,
      rounding: 12,
      rebate: 0,
      net: 163_980,
      cash: -1_465_635,
      accumulator: 12,
    });
  });

  test('rounding costs a maker too: 0.37 contracts at 0.013 pay 0.00009', () => {
    expect(taken(130, 37, 'direct', { role: 'maker' })).toMatchObject({
      trade: 0,
      rounding: 90,
      net: 90,
      cash: -49,
    });
  });

  test('the multiplier scales the rate, and one of more than four places is refused', () => {
    const [price, lots] = [priceTicks(5_000), count(10_000)];
    expect(tradeFee({ ...plain, multiplier: 0.5 }, 'taker', price, lots)).toBe(875_000);
    expect(tradeFee({ ...plain, multiplier: 2 }, 'taker', price, lots)).toBe(3_500_000);
    expect(tradeFee({ ...plain, multiplier: 0 }, 'taker', price, lots)).toBe(0);
    for (const multiplier of [1e-5, -1, Number.NaN])
      expect(() => tradeFee({ ...plain, multiplier }, 'taker', price, lots)).toThrow(/^fees: multiplier/);
  });

  test('a price outside the dollar and an empty fill are programming errors', () => {
    expect(() => tradeFee(plain, 'taker', priceTicks(10_000), count(1))).toThrow(/^fees: priceTicks/);
    expect(() => tradeFee(plain, 'taker', priceTicks(5_000), count(0))).toThrow(/^fees: count/);
  });
});

describe('fees of an order in several fills', () => {
  // Worked examples of docs.kalshi.com/getting_started/fee_rounding, balance precision $0.01; all in millionths.
  test.each([
    [-55_000, 8_500, 6_500, [15_000, 5_000, 15_000], [6_500, 3_000, 9_500], -70_000],
    [-150_000, 4_100, 5_900, [10_000, 0, 10_000], [5_900, 1_800, 7_700], -160_000],
    [-9_903, 500, 9_597, [10_097, 97, 97], [9_597, 9_194, 8_791], -20_000],
  ])(
    'the official example with revenue %p and trade fee %p',
    (revenue, trade, rounding, nets, accumulators, floor) => {
      let accumulator = NOTHING_OVERPAID;
      nets.forEach((net, i) => {
        const fee = roundFill({
          trade: microDollars(trade),
          revenue: microDollars(revenue),
          accumulator,
          member: 'nonDirect',
        });
        expect(fee).toMatchObject({ rounding, net, accumulator: accumulators[i] });
        expect(fee.cash * 100 - fee.rebate).toBe(floor);
        accumulator = fee.accumulator;
      });
    },
  );

  test('a cent comes back only once more than a cent is overpaid', () => {
    const fee = (accumulator: number): FillFee =>
      roundFill({
        trade: microDollars(15_000),
        revenue: microDollars(-10_000),
        accumulator: microDollars(accumulator),
        member: 'nonDirect',
      });
    expect(fee(5_000)).toMatchObject({ rounding: 5_000, rebate: 0, net: 20_000, accumulator: 10_000 });
    expect(fee(5_001)).toMatchObject({ rounding: 5_000, rebate: 10_000, net: 10_000, accumulator: 1 });
  });

  const price = fc.integer({ min: 1, max: 9_999 });
  const lots = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 40 });
  const member = fc.constantFrom('direct' as const, 'nonDirect' as const);
  const side = fc.constantFrom('bid' as const, 'ask' as const);
  const role = fc.constantFrom('taker' as const, 'maker' as const);

  const filled = (
    ticks: number,
    fills: readonly number[],
    more: Partial<Parameters<typeof feeOfFill>[0]>,
  ): readonly FillFee[] => {
    let accumulator = NOTHING_OVERPAID;
    return fills.map((n) => {
      const fee = taken(ticks, n, 'direct', { ...more, accumulator });
      accumulator = fee.accumulator;
      return fee;
    });
  };
  const total = (fees: readonly FillFee[], part: 'net' | 'trade' | 'cash'): number =>
    fees.reduce((sum, fee) => sum + fee[part], 0);

  test('property: every fill nets at least nothing, cash is revenue less net, and no fee is lost', () => {
    fc.assert(
      fc.property(price, lots, member, side, role, (ticks, fills, member, side, role) => {
        const fees = filled(ticks, fills, { member, side, role, terms: withMaker });
        const unit = member === 'direct' ? 1 : 100;
        fees.forEach((fee, i) => {
          expect(fee.net).toBeGreaterThanOrEqual(0);
          expect(fee.net).toBe(fee.trade + fee.rounding - fee.rebate);
          expect(fee.cash % unit === 0).toBe(true);
          const revenue = revenueOfFill(side, priceTicks(ticks), count(fills[i] ?? 0));
          expect(fee.cash * 100).toBe(revenue - fee.net);
        });
        expect(total(fees, 'net') - total(fees, 'trade')).toBe(fees.at(-1)?.accumulator);
      }),
    );
  });

  test('property: where no rebate has to wait, many fills cost within a cent of one', () => {
    // A rebate waits while a fill's own fee is below a cent; 20 contracts or more between 0.10 and 0.90 are always above.
    const wide = fc.integer({ min: 1_000, max: 9_000 });
    const large = fc.array(fc.integer({ min: 2_000, max: 50_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(wide, large, member, side, (ticks, fills, member, side) => {
        const many = total(filled(ticks, fills, { member, side }), 'net');
        const all = fills.reduce((sum, n) => sum + n, 0);
        const { net } = taken(ticks, all, 'direct', { member, side });
        // Each trade fee was rounded up by less than a millionth.
        expect(Math.abs(many - net)).toBeLessThanOrEqual(10_000 + fills.length);
      }),
    );
  });

  test('property: the trade fee equals exact arithmetic, at any size', () => {
    const big = fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 1, max: 200_000_000_000 }),
    );
    const multiplier = fc.integer({ min: 0, max: 30_000 }).map((parts) => parts / 10_000);
    fc.assert(
      fc.property(price, big, multiplier, (ticks, n, multiplier) => {
        const parts = BigInt(Math.round(multiplier * 10_000));
        const top = 7n * parts * BigInt(n) * BigInt(ticks) * BigInt(10_000 - ticks);
        const bottom = 1_000_000n * 10_000n;
        const exact = top / bottom + (top % bottom > 0n ? 1n : 0n);
        expect(tradeFee({ ...plain, multiplier }, 'taker', priceTicks(ticks), count(n))).toBe(Number(exact));
      }),
    );
  });

  test('property: buying YES at p and NO at p cost the same, and so do opening and closing', () => {
    fc.assert(
      fc.property(price, fc.integer({ min: 1, max: 50_000 }), member, (ticks, n, member) => {
        const mirrored = 10_000 - ticks;
        const yes = taken(ticks, n, member);
        expect(taken(mirrored, n, member, { side: 'ask' })).toEqual(yes);
        for (const side of ['bid', 'ask'] as const) {
          const revenue = revenueOfFill(side, priceTicks(ticks), count(n), 'closes');
          const opened = taken(ticks, n, member, { side });
          const closed = taken(ticks, n, member, { side, revenue });
          expect(closed).toEqual({ ...opened, cash: opened.cash + n * 100 });
        }
      }),
    );
  });

  test('property: the short way to a taker’s fee is the fee of a fresh order', () => {
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 1, max: 5_000_000 }),
        member,
        fc.constantFrom('bid', 'ask'),
        fc.constantFrom(plain, { ...plain, multiplier: 0.5 }, { ...plain, multiplier: 1.25 }),
        (ticks, n, member, side, terms) => {
          expect(takerFee(terms, side, priceTicks(ticks), count(n), member)).toBe(
            taken(ticks, n, member, { side, terms }).net,
          );
        },
      ),
    );
  });
});

describeData('fees of recorded fills', () => {
  test('every fill of the demo session is reproduced to the millionth', () => {
    const body = JSON.parse(
      readFileSync(dataPath('kalshi', 'wire', 'demo-2026-06', 'fills__after_taker.json'), 'utf8'),
    ) as {
      fills: {
        yes_price_dollars: string;
        count_fp: string;
        fee_cost: string;
        is_taker: boolean;
        book_side: 'bid';
      }[];
    };
    expect(body.fills).toHaveLength(3);
    for (const fill of body.fills) {
      const { net } = taken(
        Math.round(Number(fill.yes_price_dollars) * 10_000),
        Math.round(Number(fill.count_fp) * 100),
        'direct',
        {
          role: fill.is_taker ? 'taker' : 'maker',
          side: fill.book_side,
        },
      );
      expect((net / 1_000_000).toFixed(6)).toBe(fill.fee_cost);
    }
  });
});
