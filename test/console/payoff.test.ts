import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { payoffOf } from '../../src/console/payoff.ts';
import type { Contract, StrikeType } from '../../src/domain/contracts.ts';
import { cash, count, microDollars } from '../../src/domain/money.ts';
import { emptyPortfolio, type Holding, type Portfolio } from '../../src/portfolio/portfolio.ts';
import { CLOSE_AT, contractOf } from '../portfolio/samples.ts';
import '../support/properties.ts';

const CLOSE = { asset: 'BTC', closeAt: CLOSE_AT };
const held = (contract: Contract, position: number, paid: number): Holding => ({
  ticker: contract.ticker,
  contract,
  position: count(position),
  paid: cash(paid),
  realised: cash(0),
  fees: microDollars(0),
  fillIds: new Set(),
});
const portfolioOf = (holdings: readonly Holding[]): Portfolio => ({
  ...emptyPortfolio(cash(0)),
  holdings: new Map(holdings.map((holding, i) => [`${holding.ticker}${i}`, holding])),
});

/** The law of settlement written out: is V, in units, a YES? */
const isYes = ({ strikeType, floorUnits = Number.NaN, capUnits = Number.NaN }: Contract, value: number) => {
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
};
const pnlAt = (holdings: readonly Holding[], units: number): number => {
  let ticks = 0;
  for (const { contract, position, paid } of holdings) {
    const won = contract !== undefined && isYes(contract, units) === position > 0;
    ticks += (won ? Math.abs(position) * 100 : 0) - paid;
  }
  return ticks / 10_000;
};

const holding = fc
  .record({
    strikeType: fc.constantFrom<StrikeType>(
      'greater',
      'greater_or_equal',
      'less',
      'less_or_equal',
      'between',
    ),
    floorUnits: fc.integer({ min: 8_000_000, max: 8_000_020 }),
    width: fc.nat(8),
    position: fc.integer({ min: -500, max: 500 }).filter((position) => position !== 0),
    paid: fc.nat(30_000),
  })
  .map(({ strikeType, floorUnits, width, position, paid }) =>
    held(contractOf({ strikeType, floorUnits, capUnits: floorUnits + width }), position, paid),
  );

describe('payoffOf', () => {
  test('a YES above a strike loses its cost below it and wins the rest of a dollar above', () => {
    const payoff = payoffOf(portfolioOf([held(contractOf({ floorUnits: 8_000_000 }), 100, 4_000)]), CLOSE);
    expect(payoff?.worst).toEqual([80_000, -0.4]);
    expect(payoff?.points.slice(1, 3)).toEqual([
      [80_000, -0.4],
      [80_000.01, 0.6],
    ]);
  });

  test('nothing that is held on another close, or of no known strike, makes a curve', () => {
    const other = contractOf({ closeAt: CLOSE_AT + 1 });
    const unknown = contractOf({ floorUnits: undefined });
    expect(payoffOf(portfolioOf([held(other, 100, 1)]), CLOSE)).toBeUndefined();
    expect(payoffOf(portfolioOf([held(unknown, 100, 1)]), CLOSE)).toBeUndefined();
    expect(payoffOf(portfolioOf([]), CLOSE)).toBeUndefined();
  });

  test('property: at every settlement value the curve is what the holdings would pay, and its worst the least', () => {
    fc.assert(
      fc.property(fc.array(holding, { minLength: 1, maxLength: 6 }), (holdings) => {
        const payoff = payoffOf(portfolioOf(holdings), CLOSE);
        let least = Number.POSITIVE_INFINITY;
        for (let units = 7_999_990; units <= 8_000_040; units++) {
          const pnl = pnlAt(holdings, units);
          least = Math.min(least, pnl);
          // The last point at or below the value says what the step there is.
          const point = payoff?.points.filter(([value]) => Math.round(value * 100) <= units).at(-1);
          if (point) expect(point[1]).toBeCloseTo(pnl, 9);
        }
        if (!payoff) return;
        expect(payoff.worst[1]).toBeCloseTo(least, 9);
        expect(pnlAt(holdings, Math.round(payoff.worst[0] * 100))).toBeCloseTo(least, 9);
        const values = payoff.points.map(([value]) => value);
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });
});
