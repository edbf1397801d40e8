import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cash, count } from '../../src/domain/money.ts';
import { adopt } from '../../src/portfolio/adopt.ts';
import { cashAgainst, positionsAgainst, totalCash } from '../../src/portfolio/against-venue.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { emptyPortfolio, type Portfolio } from '../../src/portfolio/portfolio.ts';
import { contractOf, fillOf, orderOf } from './samples.ts';
import '../support/properties.ts';

const START = emptyPortfolio(cash(1_000_000));
const held = (ticker: string, position: number, paid = 0) => ({
  ticker,
  position: count(position),
  paid: cash(paid),
});
const bought = (): Portfolio => {
  const order = orderOf();
  return applyGateway(applyOrder(START, order, contractOf(), cash(0)), fillOf(order));
};
const told = fc.uniqueArray(
  fc.record({
    ticker: fc.constantFrom('A', 'B', 'C', 'D'),
    position: fc.integer({ min: -500, max: 500 }).filter((each) => each !== 0),
  }),
  { selector: ({ ticker }) => ticker },
);

describe('adopt', () => {
  test('property: afterwards exactly the positions and the cash of the venue are held', () => {
    fc.assert(
      fc.property(told, fc.nat({ max: 1e7 }), (positions, found) => {
        const after = adopt(START, {
          cash: cash(found),
          positions: positions.map(({ ticker, position }) => held(ticker, position, 7)),
        });
        expect(after.cash).toBe(found);
        expect([...after.holdings.values()].map(({ ticker, position }) => ({ ticker, position }))).toEqual(
          positions,
        );
        // Terms are not known, so all of it counts as lost.
        expect(after.worst + 7 * positions.length).toBe(0);
        expect(
          positionsAgainst(
            after,
            positions.map(({ ticker, position }) => held(ticker, position)),
          ),
        ).toEqual([]);
        expect(cashAgainst(after, cash(found), () => false)).toEqual([]);
      }),
    );
  });

  test('what is not named stays: positions without cash, and cash without positions', () => {
    const before = bought();
    expect(adopt(before, { cash: cash(5) }).holdings).toEqual(before.holdings);
    expect(adopt(before, { positions: [held('B', 100)] }).cash).toBe(before.cash);
    expect([...adopt(before, { positions: [held('B', 100)] }).holdings.keys()]).toEqual(['KXBTCD-A', 'B']);
  });

  test('a position of zero ends what we hold, and frees its worst outcome', () => {
    const before = bought();
    expect(before.worst).toBeLessThan(0);
    const after = adopt(before, { positions: [held('KXBTCD-A', 0)] });
    expect(after.holdings.size).toBe(0);
    expect(after.worst).toBe(0);
  });

  test('a contract that we know keeps its terms, its fees and the ids of its fills', () => {
    const before = bought();
    const after = adopt(before, { positions: [held('KXBTCD-A', 300, 9)] });
    expect(after.holdings.get('KXBTCD-A')).toEqual({
      ...before.holdings.get('KXBTCD-A'),
      position: 300,
      paid: 9,
    });
    expect(after.worst).toBe(-9);
  });
});

describe('against the venue', () => {
  test('property: a position differs exactly where the numbers do, without contracts that are open or settled', () => {
    const tickers = ['A', 'B', 'C', 'D'] as const;
    const state = fc.record({
      ours: fc.constantFrom(0, 100, -100),
      theirs: fc.constantFrom(0, 100, -100),
      open: fc.boolean(),
      settled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.tuple(state, state, state, state), (states) => {
        const named = tickers.map((ticker, i) => ({ ticker, ...(states[i] as (typeof states)[number]) }));
        const base = adopt(START, { positions: named.map(({ ticker, ours }) => held(ticker, ours)) });
        const portfolio: Portfolio = {
          ...base,
          orders: new Map(
            named
              .filter(({ open }) => open)
              .map(({ ticker }) => [
                ticker,
                {
                  order: orderOf({ ticker, clientOrderId: ticker }),
                  contract: contractOf(),
                  state: 'resting',
                  filled: count(0),
                  remaining: count(1),
                  feeBound: cash(0),
                } as const,
              ]),
          ),
          settled: new Map(
            named
              .filter(({ settled }) => settled)
              .map(({ ticker }) => [
                ticker,
                { result: 'yes', position: count(0), valueUnits: undefined } as const,
              ]),
          ),
        };
        const theirs = named
          .filter(({ theirs: each }) => each !== 0)
          .map(({ ticker, theirs: each }) => held(ticker, each));
        expect(positionsAgainst(portfolio, theirs).map(({ scope }) => scope)).toEqual(
          named
            .filter((each) => each.ours !== each.theirs && !each.open && !each.settled)
            .map(({ ticker }) => ticker),
        );
      }),
    );
  });

  test('cash is compared to the last unit, and told in dollars', () => {
    expect(cashAgainst(START, cash(1_000_000), () => true)).toEqual([]);
    expect(cashAgainst(START, cash(1_000_001), () => true)).toEqual([
      {
        scope: 'account',
        about: 'cash',
        why: 'we count $100.0000 in cash, the venue says $100.0001',
      },
    ]);
  });

  test('cash is not compared while an order is open, or while a settled position is not paid', () => {
    const open = applyOrder(START, orderOf(), contractOf(), cash(0));
    expect(cashAgainst(open, cash(1), () => true)).toEqual([]);
    const settled = (position: number): Portfolio => ({
      ...START,
      settled: new Map([['A', { result: 'yes', position: count(position), valueUnits: undefined }]]),
    });
    expect(cashAgainst(settled(100), cash(1), () => false)).toEqual([]);
    expect(cashAgainst(settled(100), cash(1), (ticker) => ticker === 'A')).toHaveLength(1);
    expect(cashAgainst(settled(0), cash(1), () => false)).toHaveLength(1);
  });

  test('cash is that of all shards together', () => {
    expect(
      totalCash([
        { index: 0, cash: cash(3) },
        { index: 2, cash: cash(4) },
      ]),
    ).toBe(7);
    expect(totalCash([])).toBe(0);
  });
});
