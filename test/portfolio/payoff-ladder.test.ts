import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StrikeType } from '../../src/domain/contracts.ts';
import { cash } from '../../src/domain/money.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { exposureOfOrder, exposuresOf } from '../../src/portfolio/exposures.ts';
import { ladderOf, payoffLadder } from '../../src/portfolio/payoff-ladder.ts';
import { emptyPortfolio } from '../../src/portfolio/portfolio.ts';
import { type Exposure, worstOutcome } from '../../src/portfolio/worst-outcome.ts';
import { CLOSE_AT, contractOf, orderOf } from './samples.ts';

const terms = fc
  .record({
    strikeType: fc.constantFrom<StrikeType>(
      'greater',
      'greater_or_equal',
      'less',
      'less_or_equal',
      'between',
    ),
    floorUnits: fc.option(fc.integer({ min: 100, max: 110 }), { nil: undefined, freq: 12 }),
    width: fc.nat(6),
  })
  .map(({ strikeType, floorUnits, width }) =>
    contractOf({
      strikeType,
      floorUnits,
      capUnits: floorUnits === undefined ? undefined : floorUnits + width,
    }),
  );
const exposure: fc.Arbitrary<Exposure> = fc.record({
  contract: fc.option(terms, { nil: undefined, freq: 12 }),
  yes: fc.integer({ min: -500, max: 500 }),
  no: fc.integer({ min: -500, max: 500 }),
});

describe('payoffLadder', () => {
  test('property: its worst, and its worst with one exposure more, are those of adding everything up again', () => {
    fc.assert(
      fc.property(
        fc.array(exposure, { maxLength: 8 }),
        fc.array(exposure, { minLength: 1, maxLength: 8 }),
        (exposures, more) => {
          const ladder = payoffLadder(exposures);
          expect(ladder.worst).toBe(worstOutcome(exposures));
          for (const added of more) expect(ladder.worstWith(added)).toBe(worstOutcome([...exposures, added]));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('property: an exposure that is not a number leaves no worst, so that the checks refuse', () => {
    fc.assert(
      fc.property(fc.array(exposure, { maxLength: 4 }), exposure, (exposures, { contract }) => {
        expect(payoffLadder(exposures).worstWith({ contract, yes: Number.NaN, no: Number.NaN })).toBeNaN();
      }),
      { numRuns: 100 },
    );
  });
});

describe('ladderOf', () => {
  test('is built once for a portfolio and a close, however many contracts ask for it', () => {
    const contract = contractOf();
    const portfolio = applyOrder(emptyPortfolio(cash(10_000_000)), orderOf(), contract, cash(7));
    expect(ladderOf(portfolio, contract)).toBe(ladderOf(portfolio, { asset: 'BTC', closeAt: CLOSE_AT }));
    expect(ladderOf(portfolio, contract)).not.toBe(ladderOf(portfolio, { asset: 'ETH', closeAt: CLOSE_AT }));
  });

  test('property: after each order it is the ladder of the orders of that asset and close, and of no other', () => {
    const orders = fc.array(
      fc.record({ contract: terms, asset: fc.constantFrom('BTC', 'ETH'), later: fc.nat(2) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(orders, (placed) => {
        let portfolio = emptyPortfolio(cash(10_000_000));
        placed.forEach(({ contract, asset, later }, i) => {
          const of = { ...contract, asset, closeAt: CLOSE_AT + later, ticker: `T${i}` };
          portfolio = applyOrder(
            portfolio,
            orderOf({ clientOrderId: `o${i}`, ticker: of.ticker }),
            of,
            cash(7),
          );
          const added = exposureOfOrder(of, 'ask', 6_000, 300, 5);
          for (const at of [CLOSE_AT, CLOSE_AT + 1, CLOSE_AT + 2])
            for (const name of ['BTC', 'ETH']) {
              const close = { asset: name, closeAt: at };
              const exposures = exposuresOf(portfolio.holdings, portfolio.orders, close);
              for (let times = 0; times < 2; times++) {
                expect(ladderOf(portfolio, close).worst).toBe(worstOutcome(exposures));
                expect(ladderOf(portfolio, close).worstWith(added)).toBe(worstOutcome([...exposures, added]));
              }
            }
        });
      }),
      { numRuns: 50 },
    );
  });
});
