import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cash, count, priceTicks } from '../../src/domain/money.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { emptyPortfolio } from '../../src/portfolio/portfolio.ts';
import { proposalAccount } from '../../src/portfolio/proposal-account.ts';
import { settle } from '../../src/portfolio/settle.ts';
import { standardChecks } from '../../src/risk/checks.ts';
import type { Check } from '../../src/risk/context.ts';
import { decide } from '../../src/risk/decide.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { CLOSE_AT, contractOf, fillOf, orderOf } from '../portfolio/samples.ts';
import { bookOf, contextOf, NOW } from './samples.ts';

const check =
  (name: string, headroom: number): Check =>
  () => ({ check: name, observed: 0, limit: 0, headroom });

describe('decide', () => {
  test('every check runs and is told, in order, and those that refuse are named', () => {
    const checks = [check('a', -1), check('b', 0), check('c', Number.NaN), check('d', 1)];
    const { verdict, findings, failing } = decide(checks, contextOf());
    expect([verdict, findings.map((f) => f.check), failing]).toEqual([
      'abstained',
      ['a', 'b', 'c', 'd'],
      ['a', 'c'],
    ]);
  });

  test('headroom of zero approves, less or none refuses, and no checks at all refuse', () => {
    expect(decide([check('a', 0)], contextOf()).verdict).toBe('approved');
    for (const headroom of [-Number.MIN_VALUE, Number.NaN, Number.NEGATIVE_INFINITY])
      expect(decide([check('a', headroom)], contextOf()).verdict).toBe('abstained');
    expect(decide([], contextOf()).verdict).toBe('abstained');
  });

  test('property: whatever is approved, filled or not, and however it settles, keeps the account within its limits', () => {
    const step = fc.record({
      strike: fc.nat(2),
      side: fc.constantFrom('bid' as const, 'ask' as const),
      cents: fc.integer({ min: 5, max: 95 }),
      contracts: fc.integer({ min: 1, max: 40 }),
      fills: fc.boolean(),
    });
    const limits = riskSettings.parse({
      positionMaxCount: 3_000,
      closeLossMaxDollars: 15,
      totalLossMaxDollars: 20,
      dayLossMaxDollars: 18,
      orderMaxCount: 4_000,
      orderCooldownMicros: 0,
      orderRateMax: 100,
      fairCollarTicks: 10_000,
      edgeMinDollars: 0,
    });
    const START = cash(400_000);
    let approvals = 0;
    let refusals = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        let portfolio = emptyPortfolio(START);
        const trades: { strike: number; bid: boolean; price: number; contracts: number; fills: boolean }[] =
          [];
        steps.forEach(({ strike, side, cents, contracts, fills }, i) => {
          const contract = contractOf({ ticker: `K${strike}`, floorUnits: 1_000 + strike });
          const order = orderOf({
            clientOrderId: `o${i}`,
            ticker: contract.ticker,
            side,
            limitTicks: cents * 100,
            count: contracts * 100,
            at: NOW,
          });
          const base = contextOf({ contract, limits });
          const proposal = { ...base.proposal, ...order, feeDollars: 0.02, edgeDollars: 0.1 };
          const book = bookOf({
            ticker: contract.ticker,
            bidTicks: priceTicks(cents * 100),
            askTicks: priceTicks(cents * 100),
            bidCount: count(9_000),
            askCount: count(9_000),
          });
          const account = proposalAccount(portfolio, NOW, contract, proposal);
          const { verdict, failing } = decide(standardChecks, { ...base, proposal, book, account });
          if (verdict === 'abstained') {
            refusals++;
            // What the samples vary is money alone, so nothing else may have refused.
            for (const name of failing)
              expect([
                'position',
                'closeLoss',
                'totalLoss',
                'dayLoss',
                'collateral',
                'ordersOpen',
                'duplicate',
              ]).toContain(name);
            return;
          }
          approvals++;
          portfolio = applyOrder(portfolio, order, contract, cash(contracts * 200));
          if (fills) portfolio = applyGateway(portfolio, fillOf(order, { feeCash: contracts * 200 }));
          trades.push({
            strike,
            bid: side === 'bid',
            price: side === 'bid' ? cents * 100 : 10_000 - cents * 100,
            contracts,
            fills,
          });
        });
        // The oracle knows nothing of holdings: it adds up each trade's own win or loss, open orders filled where that is worse.
        for (let value = 999; value <= 1_004; value++) {
          let total = 0;
          for (const { strike, bid, price, contracts, fills } of trades) {
            const won = bid === value > 1_000 + strike;
            const pnl = ((won ? 10_000 : 0) - price - 200) * contracts;
            total += fills ? pnl : Math.min(0, pnl);
          }
          expect(-total).toBeLessThanOrEqual(limits.dayLossMaxDollars * 10_000);
        }
        for (let strike = 0; strike < 3; strike++)
          for (const bid of [true, false]) {
            const onSide = trades.filter((t) => t.strike === strike && t.bid === bid);
            const open = onSide.filter((t) => !t.fills).reduce((sum, t) => sum + t.contracts, 0);
            const net = trades
              .filter((t) => t.strike === strike && t.fills)
              .reduce((sum, t) => sum + (t.bid === bid ? t.contracts : -t.contracts), 0);
            expect((net + open) * 100).toBeLessThanOrEqual(limits.positionMaxCount);
          }
        const spent = trades.reduce((sum, { price, contracts }) => sum + (price + 200) * contracts, 0);
        const redeemed = portfolio.cash + portfolio.reserved - START;
        expect(portfolio.cash - portfolio.reserved).toBeGreaterThanOrEqual(0);
        expect(redeemed).toBeGreaterThanOrEqual(-spent);
        expect(portfolio.orders.size).toBeLessThanOrEqual(limits.ordersOpenMax);
      }),
      { numRuns: 300 },
    );
    // The property says something only if both verdicts were common.
    expect(approvals).toBeGreaterThan(300);
    expect(refusals).toBeGreaterThan(300);
  });

  test('a day that has lost its limit stays out until the next', () => {
    const contract = contractOf();
    const order = orderOf({ at: NOW, limitTicks: 5_000, count: 25_000 });
    const placed = applyOrder(emptyPortfolio(cash(9_000_000)), order, contract, cash(0));
    const { portfolio } = settle(applyGateway(placed, fillOf(order)), {
      ticker: order.ticker,
      at: NOW,
      result: 'no',
      valueUnits: undefined,
      valueDollars: undefined,
      source: 'venue',
    });
    const failingAt = (now: number) => {
      const base = contextOf({ now });
      const account = proposalAccount(portfolio, now, contract, base.proposal);
      return decide(standardChecks, { ...base, account }).failing;
    };
    expect(failingAt(NOW)).toEqual(['dayLoss']);
    expect(failingAt(CLOSE_AT + 24 * 3_600_000_000)).not.toContain('dayLoss');
  });
});
