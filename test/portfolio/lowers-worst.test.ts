import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cash, count, priceTicks } from '../../src/domain/money.ts';
import { adopt } from '../../src/portfolio/adopt.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { emptyPortfolio } from '../../src/portfolio/portfolio.ts';
import { proposalAccount } from '../../src/portfolio/proposal-account.ts';
import { killSwitch } from '../../src/risk/checks/kill-switch.ts';
import { accountOf, contextOf } from '../risk/samples.ts';
import { CLOSE_AT, contractOf, fillOf, orderOf } from './samples.ts';
import '../support/properties.ts';

const START = emptyPortfolio(cash(10_000_000));
const side = fc.constantFrom('bid' as const, 'ask' as const);
const cents = fc.integer({ min: 1, max: 99 }).map((each) => each * 100);
const size = fc.integer({ min: 1, max: 20 }).map((each) => each * 100);

describe('lowersWorst', () => {
  test('property: it says whether the worse of the two ends of one contract is better after the fill', () => {
    fc.assert(
      fc.property(side, cents, size, side, cents, size, (heldSide, heldTicks, heldCount, to, limit, of) => {
        const order = orderOf({ side: heldSide, limitTicks: heldTicks, count: heldCount });
        const portfolio = applyGateway(applyOrder(START, order, contractOf(), cash(0)), fillOf(order));
        // In $0.0001: a YES pays 100 for 0.01 contracts.
        const endsOf = (s: 'bid' | 'ask', ticks: number, n: number) =>
          s === 'bid'
            ? { yes: ((10_000 - ticks) * n) / 100, no: (-ticks * n) / 100 }
            : { yes: (-(10_000 - ticks) * n) / 100, no: (ticks * n) / 100 };
        const before = endsOf(heldSide, heldTicks, heldCount);
        const added = endsOf(to, limit, of);
        const better =
          Math.min(before.yes + added.yes, before.no + added.no) > Math.min(before.yes, before.no);
        const account = proposalAccount(portfolio, CLOSE_AT - 1, contractOf(), {
          ...contextOf().proposal,
          side: to,
          limitTicks: priceTicks(limit),
          count: count(of),
          feeDollars: 0,
        });
        expect(account.lowersWorst()).toBe(better);
      }),
    );
  });

  test('an account that holds nothing has nothing to lower', () => {
    expect(proposalAccount(START, 1, contractOf(), contextOf().proposal).lowersWorst()).toBe(false);
  });

  test('a sale whose fee takes more than it saves lowers nothing', () => {
    const order = orderOf({ limitTicks: 100, count: 100 });
    const portfolio = applyGateway(applyOrder(START, order, contractOf(), cash(0)), fillOf(order));
    const sale = {
      ...contextOf().proposal,
      side: 'ask' as const,
      limitTicks: priceTicks(100),
      count: count(100),
    };
    const lowers = (feeDollars: number): boolean =>
      proposalAccount(portfolio, 1, contractOf(), { ...sale, feeDollars }).lowersWorst();
    expect([lowers(0), lowers(0.02)]).toEqual([true, false]);
  });

  test('a position whose terms are not known is not lowered by a trade in a contract that is', () => {
    const portfolio = adopt(START, { positions: [{ ticker: 'X', position: count(100), paid: cash(9) }] });
    expect(proposalAccount(portfolio, 1, contractOf(), contextOf().proposal).lowersWorst()).toBe(false);
  });
});

describe('killSwitch', () => {
  test.each([
    ['armed', false, true],
    ['armed', true, true],
    ['reduce', false, false],
    ['reduce', true, true],
    ['halted', false, false],
    ['halted', true, false],
  ] as const)('%s, with an order that lowers the worst outcome: %s, passes: %s', (mode, lowers, passes) => {
    const finding = killSwitch(contextOf({ mode, account: accountOf({ lowersWorst: () => lowers }) }));
    expect(finding.headroom >= 0).toBe(passes);
    expect(finding.observed).toBe(passes ? 0 : 1);
    expect(finding.note).toBe(
      mode === 'reduce' && !passes ? 'only orders that lower the worst outcome' : undefined,
    );
  });
});
