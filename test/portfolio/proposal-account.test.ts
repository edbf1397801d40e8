import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Proposal } from '../../src/domain/events/decision.ts';
import type { Order } from '../../src/domain/events/order.ts';
import { cash, count, priceTicks } from '../../src/domain/money.ts';
import { SECOND } from '../../src/domain/time.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { emptyPortfolio } from '../../src/portfolio/portfolio.ts';
import { proposalAccount } from '../../src/portfolio/proposal-account.ts';
import { CLOSE_AT, contractOf, fillOf, orderOf } from './samples.ts';

const proposalOf = (order: Pick<Order, 'ticker' | 'side' | 'limitTicks' | 'count'>): Proposal => ({
  ...order,
  modelProbability: 0.5,
  probability: 0.5,
  probabilityError: 0.01,
  edgeDollars: 0.01,
  feeDollars: 0,
});

/** Two closes of one asset, and one of another at the same time as the first. */
const CLOSES = [
  { asset: 'BTC', closeAt: CLOSE_AT },
  { asset: 'BTC', closeAt: CLOSE_AT + 1 },
  { asset: 'ETH', closeAt: CLOSE_AT },
] as const;
type Close = (typeof CLOSES)[number];

const order = fc.record({
  strike: fc.nat(3),
  close: fc.constantFrom(...CLOSES),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  limitTicks: fc.integer({ min: 1, max: 99 }).map((cents) => cents * 100),
  count: fc.integer({ min: 1, max: 20 }).map((contracts) => contracts * 100),
  filled: fc.boolean(),
});

const termsOf = ({ strike, close }: { strike: number; close: Close }) =>
  contractOf({
    ticker: `K${strike}-${CLOSES.indexOf(close)}`,
    floorUnits: 1_000 + strike,
    ...close,
  });

describe('proposalAccount', () => {
  test('property: the worst outcome is that of the least kind value and the least kind fills, close by close and asset by asset', () => {
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 5 }), (orders) => {
        const all = orders.map((o, i) => ({
          ...o,
          contract: termsOf(o),
          order: orderOf({ ...o, clientOrderId: `o${i}`, ticker: termsOf(o).ticker }),
        }));
        const last = all.pop();
        if (!last) return;
        let portfolio = emptyPortfolio(cash(0));
        for (const { contract, order, filled } of all) {
          portfolio = applyOrder(portfolio, order, contract, cash(0));
          if (filled) portfolio = applyGateway(portfolio, fillOf(order));
        }
        const realised = [...portfolio.holdings.values()].reduce((sum, held) => sum + held.realised, 0);
        const worstOf = (close: Close): number => {
          const sure = all.filter((o) => o.close === close && o.filled);
          const maybe = [...all.filter((o) => !o.filled), { ...last, filled: false }].filter(
            (o) => o.close === close,
          );
          let worst = Number.POSITIVE_INFINITY;
          for (let value = 999; value <= 1_005; value++)
            for (let subset = 0; subset < 1 << maybe.length; subset++) {
              const filled = [...sure, ...maybe.filter((_, i) => subset & (1 << i))];
              let pnl = 0;
              for (const { contract, order } of filled) {
                const price = order.side === 'bid' ? order.limitTicks : 10_000 - order.limitTicks;
                const won = (order.side === 'bid') === value > (contract.floorUnits ?? 0);
                pnl += ((won ? 10_000 : 0) - price) * (order.count / 100);
              }
              worst = Math.min(worst, pnl);
            }
          return worst;
        };
        const account = proposalAccount(portfolio, CLOSE_AT, last.contract, proposalOf(last.order));
        // What was realised by closing is booked already and no longer at stake.
        const byClose = (close: Close) =>
          [...portfolio.holdings.values()]
            .filter(({ contract }) => contract?.closeAt === close.closeAt && contract.asset === close.asset)
            .reduce((sum, held) => sum + held.realised, 0);
        expect(account.worstOfClose()).toBe(worstOf(last.close) - byClose(last.close));
        expect(account.worstOfAll()).toBe(CLOSES.reduce((sum, close) => sum + worstOf(close), 0) - realised);
      }),
      { numRuns: 300 },
    );
  });

  test('open orders and the proposal count toward its side, positions with their sign', () => {
    const contract = contractOf();
    const no = orderOf({ side: 'ask', count: 500 });
    let portfolio = applyGateway(
      applyOrder(emptyPortfolio(cash(900_000)), no, contract, cash(0)),
      fillOf(no),
    );
    portfolio = applyOrder(
      portfolio,
      orderOf({ clientOrderId: 'o2', count: 200, at: CLOSE_AT - SECOND }),
      contract,
      cash(90),
    );
    const view = (side: 'bid' | 'ask') =>
      proposalAccount(portfolio, CLOSE_AT, contract, {
        ...proposalOf({ ticker: contract.ticker, side, limitTicks: priceTicks(2_500), count: count(300) }),
        feeDollars: 0.0132,
      });
    expect(view('bid')).toMatchObject({
      positionIfFilled: -500 + 200 + 300,
      ordersInTheWay: 1,
      ordersOpen: 1,
      cost: 7_500 + 396,
      available: 900_000 - 30_000 - 8_000 - 90,
      lastOrderAt: CLOSE_AT - SECOND,
    });
    expect(view('ask')).toMatchObject({ positionIfFilled: 500 + 300, ordersInTheWay: 0, cost: 22_500 + 396 });
    portfolio = applyGateway(portfolio, {
      kind: 'orderUnknown',
      clientOrderId: 'o2',
      ticker: contract.ticker,
      at: CLOSE_AT,
      why: 'timed out',
    });
    // An order that may or may not exist is in the way of both sides.
    expect([view('bid').ordersInTheWay, view('ask').ordersInTheWay]).toEqual([1, 1]);
    expect(view('bid').ordersWithin(SECOND)).toBe(0);
    expect(view('bid').ordersWithin(SECOND + 1)).toBe(1);
  });

  test('a proposal with NaN in it has NaN for its cost and its outcomes', () => {
    const contract = contractOf();
    const account = proposalAccount(emptyPortfolio(cash(0)), CLOSE_AT, contract, {
      ...proposalOf(orderOf()),
      feeDollars: Number.NaN,
    });
    expect([account.cost, account.worstOfClose(), account.worstOfAll()]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});
