import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../src/domain/contracts.ts';
import type { Fill, GatewayEvent, Settlement } from '../../src/domain/events/order.ts';
import { cash, count } from '../../src/domain/money.ts';
import { DAY } from '../../src/domain/time.ts';
import { applyContract } from '../../src/portfolio/apply-contract.ts';
import { applyGateway } from '../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../src/portfolio/apply-order.ts';
import { exposuresOf } from '../../src/portfolio/exposures.ts';
import { emptyPortfolio, type Portfolio } from '../../src/portfolio/portfolio.ts';
import { settle } from '../../src/portfolio/settle.ts';
import { worstOutcome } from '../../src/portfolio/worst-outcome.ts';
import { CLOSE_AT, contractOf, fillOf, orderOf } from './samples.ts';

// Invariants, held below by property tests:
// 1. After everything has settled, cash less the start is the sum of what fills moved and what each fill's own side was paid.
// 2. It is also the sum of the settlements' pnl, and of the realised days.
// 3. A fill split any way gives the same position and cash. 4. Repeats change nothing. 5. Every number is a safe integer.
// 6. The worst outcome told before settling is never worse than what comes.

const START = cash(5_000_000);
const TICKERS = ['A', 'B', 'C'] as const;
const contracts = new Map<string, Contract>(
  TICKERS.map((ticker, i) => [ticker, contractOf({ ticker, floorUnits: 8_000_000 + i * 100 })]),
);
const termsOf = (ticker: string): Contract => contracts.get(ticker) ?? contractOf({ ticker });

const trade = fc.record({
  ticker: fc.constantFrom(...TICKERS),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  limitTicks: fc.integer({ min: 1, max: 99 }).map((cents) => cents * 100),
  count: fc.integer({ min: 1, max: 50 }).map((contracts) => contracts * 100),
  feeCash: fc.nat(300),
  day: fc.nat(2),
});
type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;

const orderFor = (t: Trade, i: number) =>
  orderOf({ ...t, clientOrderId: `o${i}`, at: CLOSE_AT - (3 - t.day) * DAY });

const place = (portfolio: Portfolio, t: Trade, i: number): Portfolio =>
  applyOrder(portfolio, orderFor(t, i), termsOf(t.ticker), cash(t.feeCash));

const run = (portfolio: Portfolio, events: readonly GatewayEvent[]): Portfolio =>
  events.reduce(applyGateway, portfolio);

const traded = (trades: readonly Trade[]): Portfolio =>
  trades.reduce((p, t, i) => run(place(p, t, i), [fillOf(orderFor(t, i), t)]), emptyPortfolio(START));

function settleAll(portfolio: Portfolio, resultOf: (ticker: string) => 'yes' | 'no') {
  let after = portfolio;
  const settlements: Settlement[] = [];
  for (const ticker of TICKERS) {
    const settled = settle(after, {
      ticker,
      at: CLOSE_AT,
      result: resultOf(ticker),
      valueUnits: undefined,
      valueDollars: undefined,
      source: 'index',
    });
    after = settled.portfolio;
    if (settled.settlement) settlements.push(settled.settlement);
  }
  return { after, settlements };
}

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (value instanceof Map || value instanceof Set) return [...value.values()].flatMap(numbersIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const result = fc.constantFrom('yes' as const, 'no' as const);

describe('portfolio', () => {
  test('property: what is left after settlement is what fills moved and what their sides were paid', () => {
    fc.assert(
      fc.property(
        fc.array(trade, { maxLength: 20 }),
        fc.array(result, { minLength: 3 }),
        (trades, results) => {
          const resultOf = (ticker: string) => results['ABC'.indexOf(ticker)] ?? 'no';
          let expected: number = START;
          trades.forEach((t, i) => {
            expected += fillOf(orderFor(t, i), t).cash;
            if ((t.side === 'bid') === (resultOf(t.ticker) === 'yes')) expected += t.count * 100;
          });
          const before = traded(trades);
          const { after, settlements } = settleAll(before, resultOf);
          expect(after.cash).toBe(expected);
          const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);
          expect(sumOf(settlements.map(({ pnl }) => pnl))).toBe(after.cash - START);
          expect(sumOf(after.realisedByDay.values())).toBe(after.cash - START);
          expect([after.holdings.size, after.orders.size, after.reserved, after.worst]).toEqual([0, 0, 0, 0]);
          expect(numbersIn([before, after, settlements]).every(Number.isSafeInteger)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('property: the worst outcome told beforehand is reached by no settlement value', () => {
    fc.assert(
      fc.property(
        fc.array(trade, { maxLength: 12 }),
        fc.integer({ min: 7_999_900, max: 8_000_400 }),
        (trades, value) => {
          const before = traded(trades);
          const invested = [...before.holdings.values()].reduce(
            (sum, { position, paid }) => sum + (position === 0 ? 0 : paid),
            0,
          );
          const { after } = settleAll(before, (ticker) =>
            value > (termsOf(ticker).floorUnits ?? 0) ? 'yes' : 'no',
          );
          expect(after.cash - before.cash - invested).toBeGreaterThanOrEqual(before.worst);
        },
      ),
    );
  });

  test('property: a fill split any way gives the same position and cash', () => {
    fc.assert(
      fc.property(
        fc.array(trade, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 }),
        (trades, cuts) => {
          const whole = traded(trades);
          const split = trades.reduce((p, t, i) => {
            const order = orderFor(t, i);
            const first = Math.max(1, Math.floor((t.count * (cuts[i] ?? 1)) / 10));
            const all = fillOf(order, t);
            const a = fillOf(order, { ...t, id: `a${i}`, count: first, feeCash: 0 });
            const b: Fill = {
              ...all,
              fillId: `b${i}`,
              count: count(t.count - first),
              cash: cash(all.cash - a.cash),
            };
            return run(place(p, t, i), [a, b]);
          }, emptyPortfolio(START));
          expect(split.cash).toBe(whole.cash);
          expect(split.reserved).toBe(0);
          for (const [ticker, { position }] of whole.holdings)
            expect(split.holdings.get(ticker)?.position).toBe(position);
        },
      ),
    );
  });

  test('property: events repeated, or the end reported before the fills, give the same account', () => {
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 8 }), fc.boolean(), (trades, endFirst) => {
        const once = traded(trades);
        const again = trades.reduce((p, t, i) => {
          const order = orderFor(t, i);
          const fill = fillOf(order, t);
          const { clientOrderId, ticker, at } = order;
          const done: GatewayEvent = {
            kind: 'orderDone',
            clientOrderId,
            ticker,
            at,
            state: 'filled',
            filled: order.count,
          };
          const events = endFirst ? [done, fill, fill, done] : [fill, done, fill, done];
          const placed = place(p, t, i);
          const first = run(placed, events.slice(0, 1));
          // Between the end and its fill the exposure must not be forgotten.
          if (endFirst) expect(first.worst).toBe(placed.worst);
          return run(first, events.slice(1));
        }, emptyPortfolio(START));
        expect({ ...again, ordersPlaced: 0 }).toEqual({ ...once, ordersPlaced: 0 });
      }),
    );
  });

  test('an order reserves its cost and fee until it ends, and NO costs one dollar less its YES price', () => {
    const bid = applyOrder(emptyPortfolio(START), orderOf({ limitTicks: 4_000 }), contractOf(), cash(168));
    expect([bid.reserved, bid.cash]).toEqual([4_168, START]);
    const cheap = orderOf({ clientOrderId: 'o3', limitTicks: 4_801, count: 1 });
    expect(applyOrder(bid, cheap, contractOf(), cash(0)).reserved).toBe(4_168 + 49);
    const both = applyOrder(
      bid,
      orderOf({ clientOrderId: 'o2', side: 'ask', limitTicks: 4_000 }),
      contractOf(),
      cash(168),
    );
    expect(both.reserved).toBe(4_168 + 6_168);
    const { clientOrderId, ticker, at } = orderOf();
    const rejected = applyGateway(both, { kind: 'orderRejected', clientOrderId, ticker, at, why: 'no' });
    expect([rejected.reserved, rejected.worst]).toEqual([6_168, -6_168]);
    const resting = applyGateway(rejected, {
      kind: 'orderResting',
      clientOrderId: 'o2',
      ticker,
      at,
      remaining: count(100),
    });
    expect(resting.orders.get('o2')?.state).toBe('resting');
    expect(resting.reserved).toBe(6_168);
  });

  test('a bid while NO is held closes it: pairs are redeemed at a dollar and the difference is realised', () => {
    const no = orderOf({ side: 'ask', limitTicks: 6_000, count: 1_000 });
    const held = run(applyOrder(emptyPortfolio(START), no, contractOf(), cash(0)), [
      fillOf(no, { feeCash: 100 }),
    ]);
    expect(held.holdings.get(no.ticker)).toMatchObject({ position: -1_000, paid: 40_100, realised: 0 });
    const yes = orderOf({ clientOrderId: 'o2', limitTicks: 5_000, count: 400 });
    const closed = run(applyOrder(held, yes, contractOf(), cash(0)), [fillOf(yes, { feeCash: 60 })]);
    // Ten NO at 0.4010, four of them sold at 0.50 less a fee of 0.0060.
    expect(closed.holdings.get(no.ticker)).toMatchObject({ position: -600, paid: 24_060, realised: 3_900 });
    expect(closed.cash - held.cash).toBe(400 * 50 - 60);
    expect(closed.realisedByDay.get(Math.floor(yes.at / DAY))).toBe(3_900);
  });

  test('a result told twice pays once, and one corrected pays the difference', () => {
    const order = orderOf({ count: 300 });
    const held = run(applyOrder(emptyPortfolio(START), order, contractOf(), cash(0)), [fillOf(order)]);
    const outcome = {
      ticker: order.ticker,
      at: CLOSE_AT,
      result: 'yes',
      valueUnits: 8_000_200,
      valueDollars: 80_002,
      source: 'index',
    } as const;
    const first = settle(held, outcome);
    expect(first.settlement).toMatchObject({ position: 300, cash: 30_000, pnl: 18_000 });
    expect(settle(first.portfolio, { ...outcome, source: 'venue' }).settlement).toBeUndefined();
    const second = settle(first.portfolio, { ...outcome, result: 'no', source: 'venue' });
    expect(second.settlement).toMatchObject({ cash: -30_000, pnl: -30_000 });
    expect(second.portfolio.cash).toBe(START - 12_000);
    expect(applyGateway(second.portfolio, fillOf(order, { id: 'late' }))).toMatchObject({
      cash: START - 12_000,
      lateFills: 1,
    });
  });

  test('an order still open at the settlement is forgotten with what it reserved', () => {
    const order = orderOf();
    const placed = applyOrder(emptyPortfolio(START), order, contractOf(), cash(168));
    const { portfolio, settlement } = settle(placed, {
      ticker: order.ticker,
      at: CLOSE_AT,
      result: 'no',
      valueUnits: undefined,
      valueDollars: undefined,
      source: 'venue',
    });
    expect(settlement).toMatchObject({ position: 0, pnl: 0 });
    expect([portfolio.orders.size, portfolio.reserved, portfolio.worst]).toEqual([0, 0, 0]);
  });

  test('a contract we never had to do with settles with zeros', () => {
    const { portfolio, settlement } = settle(emptyPortfolio(START), {
      ticker: 'X',
      at: CLOSE_AT,
      result: 'no',
      valueUnits: undefined,
      valueDollars: undefined,
      source: 'file',
    });
    expect(settlement).toMatchObject({ position: 0, cash: 0, pnl: 0 });
    expect(portfolio.settled.size).toBe(0);
  });

  test('a strike that becomes known frees what was assumed lost', () => {
    const open = { strikeType: 'greater_or_equal', floorUnits: undefined } as const;
    const a = contractOf({ ticker: 'A', ...open });
    const b = contractOf({ ticker: 'B', floorUnits: 99 });
    const yes = orderOf({ ticker: 'A', count: 100 });
    const no = orderOf({ ticker: 'B', clientOrderId: 'o2', side: 'ask', count: 100 });
    let held = run(applyOrder(emptyPortfolio(START), yes, a, cash(0)), [fillOf(yes)]);
    held = run(applyOrder(held, no, b, cash(0)), [fillOf(no)]);
    expect(held.worst).toBe(-4_000 - 6_000);
    expect(applyContract(held, { ...a, floorUnits: 50 }).worst).toBe(-4_000 - 6_000 + 10_000);
    const moved = applyContract(held, { ...a, closeAt: CLOSE_AT + DAY });
    expect([...(moved.worstByClose.get('BTC') ?? [])]).toEqual([
      [CLOSE_AT, -6_000],
      [CLOSE_AT + DAY, -4_000],
    ]);
  });

  test('property: closes of two assets at one time are two unknowns, and the worst of both is the sum of the worst of each', () => {
    const assetOf = (ticker: string): string => (ticker === 'A' ? 'ETH' : 'BTC');
    const onAssets = (trades: readonly Trade[]): Portfolio =>
      trades.reduce((portfolio, t, i) => {
        const order = orderFor(t, i);
        const terms = { ...termsOf(t.ticker), asset: assetOf(t.ticker) };
        const placed = applyOrder(portfolio, order, terms, cash(t.feeCash));
        // Every other order stays open.
        return i % 2 === 0 ? run(placed, [fillOf(order, t)]) : placed;
      }, emptyPortfolio(START));
    fc.assert(
      fc.property(fc.array(trade, { minLength: 1, maxLength: 8 }), (trades) => {
        const both = onAssets(trades);
        const alone = (asset: string): number => {
          const own = new Map([...both.holdings].filter(([ticker]) => assetOf(ticker) === asset));
          const orders = new Map([...both.orders].filter(([, { order }]) => assetOf(order.ticker) === asset));
          return worstOutcome(exposuresOf(own, orders, { asset, closeAt: CLOSE_AT }));
        };
        const worst = (asset: string): number => both.worstByClose.get(asset)?.get(CLOSE_AT) ?? 0;
        expect(worst('ETH')).toBe(alone('ETH'));
        expect(worst('BTC')).toBe(alone('BTC'));
        expect(both.worst).toBe(alone('ETH') + alone('BTC'));
        let settled: Portfolio = both;
        for (const ticker of TICKERS)
          settled = settle(settled, {
            ticker,
            at: CLOSE_AT,
            result: 'yes',
            valueUnits: undefined,
            valueDollars: undefined,
            source: 'venue',
          }).portfolio;
        expect([settled.worst, settled.worstByClose.size]).toEqual([0, 0]);
      }),
    );
  });

  test('a hedge on one asset’s index does not cover another’s', () => {
    const yes = orderOf({ ticker: 'A', count: 100 });
    const no = orderOf({ ticker: 'B', clientOrderId: 'o2', side: 'ask', count: 100 });
    const held = (asset: string): number => {
      const first = run(
        applyOrder(emptyPortfolio(START), yes, contractOf({ ticker: 'A', floorUnits: 99 }), cash(0)),
        [fillOf(yes)],
      );
      return run(applyOrder(first, no, contractOf({ ticker: 'B', floorUnits: 99, asset }), cash(0)), [
        fillOf(no),
      ]).worst;
    };
    expect(held('BTC')).toBe(-4_000 - 6_000 + 10_000);
    expect(held('ETH')).toBe(-4_000 - 6_000);
  });

  test('a client order id is used once', () => {
    const once = applyOrder(emptyPortfolio(START), orderOf(), contractOf(), cash(0));
    expect(() => applyOrder(once, orderOf(), contractOf(), cash(0))).toThrow('must be new, was o1');
  });
});
