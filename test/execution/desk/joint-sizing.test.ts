import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../../src/domain/contracts.ts';
import type { ContractTop } from '../../../src/domain/events/market.ts';
import { cash, count, microDollars, priceTicks } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { feePerContract } from '../../../src/execution/desk/assess.ts';
import { drawdownOf } from '../../../src/execution/desk/drawdown-of.ts';
import { type CloseSizer, closeSizer } from '../../../src/execution/desk/joint-sizing.ts';
import { emptyMarket } from '../../../src/execution/desk/market-state.ts';
import { emptySlot, type Slot } from '../../../src/execution/desk/slot.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { applyGateway } from '../../../src/portfolio/apply-gateway.ts';
import { applyOrder } from '../../../src/portfolio/apply-order.ts';
import { emptyPortfolio } from '../../../src/portfolio/portfolio.ts';
import { closeMoments } from '../../../src/pricing/close-moments.ts';
import { propose } from '../../../src/pricing/edge.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { probabilityOf } from '../../../src/pricing/settlement.ts';
import { riskSettings } from '../../../src/risk/settings.ts';
import { contractOf, fillOf, orderOf } from '../../portfolio/samples.ts';
import { inputAt, SPOT_CENTS, contractOf as worldContract } from '../../pricing/worlds.ts';
import { BTC } from '../../support/assets.ts';
import { deskBench } from './desk-bench.ts';

const CHEAP = [4_000, 4_200] as const;
const [A, B] = ['KXBTCD-A', 'KXBTCD-B'] as const;
const SIZING = { displayedShare: 1, maxOrderCount: 1e6, lotCount: 1, kellyFraction: 0.05 };

/** What is bought of two contracts whose strikes are `apart` units from each other, when both are cheap. */
function bought(sizing: Record<string, unknown>, apart: number, closeAt = contractOf().closeAt) {
  const bench = deskBench({ sizing: { ...SIZING, ...sizing } });
  bench.ready();
  bench.contract({ ticker: B, floorUnits: (contractOf().floorUnits ?? 0) + apart, closeAt });
  bench.book(...CHEAP, A);
  bench.book(...CHEAP, B);
  bench.pass();
  const of = (ticker: string) => bench.orders().find((order) => order.ticker === ticker)?.count ?? 0;
  return { a: of(A), b: of(B) };
}

const law = closeMoments(inputAt(900), pricingSettings.parse({}).law);
const pricing = pricingSettings.parse({
  edge: { blend: { marketWeight: 0.5, modelWeight: 0.5 } },
  sizing: { ...SIZING, method: 'joint' },
});
const limits = { ...riskSettings.parse({ edgeErrorMultiple: 0 }), edgeMinDollars: 0.05 };
const TICKERS = ['A', 'B', 'C', 'D', 'E'];
const terms = (index: number, strike: number) =>
  worldContract({
    ticker: TICKERS[index] as string,
    strikeType: 'greater',
    floorUnits: SPOT_CENTS + 2_000 * strike,
  });

const anyMarket = fc.record({
  strikes: fc.array(fc.integer({ min: -6, max: 6 }), {
    minLength: TICKERS.length,
    maxLength: TICKERS.length,
  }),
  books: fc.array(fc.tuple(fc.integer({ min: 2, max: 90 }), fc.integer({ min: 1, max: 8 }), fc.boolean()), {
    minLength: TICKERS.length,
    maxLength: TICKERS.length,
  }),
  acts: fc.array(
    fc.record({
      slot: fc.nat(TICKERS.length - 1),
      does: fc.constantFrom('nothing', 'order', 'fill', 'held', 'cash', 'less', 'book'),
      side: fc.constantFrom<'bid' | 'ask'>('bid', 'ask'),
      count: fc.integer({ min: 1, max: 900 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

describe('closeSizer', () => {
  const market = emptyMarket(BTC, executionSettings.parse({}).desk, pricing.twin);

  test('property: whatever was sized, sent and filled before, each contract gets the size that a sizer gives it that never saw another', () => {
    const seen = { sized: 0, unlisted: 0, crossed: 0 };
    fc.assert(
      fc.property(anyMarket, ({ strikes, books, acts }) => {
        const slots = new Map<string, Slot>();
        for (const [i, ticker] of TICKERS.entries()) {
          const [bid, spread, live] = books[i] ?? [50, 1, true];
          const slot = emptySlot(ticker, market, i);
          slot.contract = terms(i, strikes[i] ?? 0);
          slot.book = {
            ticker,
            live: live || i < 3,
            bidTicks: priceTicks(100 * bid),
            askTicks: priceTicks(100 * Math.min(99, bid + spread)),
            bidCount: count(10_000),
            askCount: count(5_000),
            crossed: false,
          };
          slots.set(ticker, slot);
        }
        const fresh = () =>
          closeSizer({
            slots,
            law,
            priceOf: (contract) => probabilityOf(contract, law),
            limits,
            member: 'direct',
          });
        const shared = fresh();
        let portfolio = emptyPortfolio(cash(1_000 * 10_000));
        let round = 1;
        let kellyFraction = pricing.sizing.kellyFraction;
        acts.forEach(({ slot: index, does, side, count: size }, i) => {
          const slot = slots.get(TICKERS[index] as string) as Slot;
          const contract = slot.contract as Contract;
          const settings = { ...pricing, sizing: { ...pricing.sizing, kellyFraction } };
          const proposal = (sizer: CloseSizer) => {
            const given: unknown[] = [];
            const jointly = sizer(slot, portfolio, settings, round);
            const found = propose(
              {
                book: slot.book as ContractTop,
                price: probabilityOf(contract, law),
                position: portfolio.holdings.get(slot.ticker)?.position ?? count(0),
                bankrollDollars: portfolio.cash / 10_000,
                feePerContract: feePerContract(contract, 'direct'),
                jointly: (bet) => {
                  const size = jointly(bet);
                  given.push(size);
                  return size;
                },
              },
              settings,
            );
            if (given.length > 0 && given[0] !== undefined) {
              seen.sized++;
              if (given.length > 1) seen.crossed++;
              if (found && found.edgeDollars < limits.edgeMinDollars) seen.unlisted++;
            }
            return { found, given };
          };
          expect(proposal(shared)).toEqual(proposal(fresh()));
          const order = orderOf({
            clientOrderId: `o${i}`,
            ticker: slot.ticker,
            side,
            count: size,
            limitTicks: 5_000,
            at: law.kind === 'open' ? law.closeAt - 900 * SECOND : 0,
          });
          if (does === 'order' || does === 'fill')
            portfolio = applyOrder(portfolio, order, contract, cash(0));
          if (does === 'fill') portfolio = applyGateway(portfolio, fillOf(order));
          if (does === 'held') {
            const holding = {
              ...(portfolio.holdings.get(slot.ticker) ?? {
                realised: cash(0),
                fees: microDollars(0),
                fillIds: new Set<string>(),
              }),
              ticker: slot.ticker,
              contract,
              position: count(size),
              paid: cash(4_000 * size),
            };
            portfolio = { ...portfolio, holdings: new Map(portfolio.holdings).set(slot.ticker, holding) };
          }
          if (does === 'cash') portfolio = { ...portfolio, cash: cash(portfolio.cash + 10_000 * size) };
          if (does === 'less') kellyFraction *= 0.9;
          if (does === 'book') {
            round++;
            const book = slot.book as ContractTop;
            slot.book = {
              ...book,
              live: size % 5 > 0,
              // Where the sides are crossed, both may have an edge.
              bidTicks: priceTicks(Math.min(9_900, 100 + 10 * size + (size % 3 === 0 ? 4_000 : 0))),
              askTicks: priceTicks(200 + 10 * size),
            };
          }
        });
      }),
      { numRuns: 200 },
    );
    expect(seen.sized).toBeGreaterThan(100);
    expect(seen.unlisted).toBeGreaterThan(10);
    expect(seen.crossed).toBeGreaterThan(0);
  });
});

describe('the desk sizes a close together', () => {
  test('two strikes that nearly always pay together get one stake between them, and two stakes if sized one by one', () => {
    const single = bought({ method: 'single' }, 100);
    expect(single.b).toBeGreaterThan(0.8 * single.a);
    const joint = bought({ method: 'joint' }, 100);
    expect(joint.a + joint.b).toBeGreaterThan(0.8 * single.a);
    expect(joint.a + joint.b).toBeLessThan(1.2 * single.a);
  });

  test('a contract of another close takes nothing away', () => {
    const later = contractOf().closeAt + 900 * SECOND;
    expect(bought({ method: 'joint' }, 100, later)).toEqual(bought({ method: 'single' }, 100, later));
  });

  test('after a loss less is bought, nothing past the limit, and all again where no limit is set', () => {
    const secondOf = (drawdownLimit: number) => {
      const bench = deskBench({ sizing: { ...SIZING, drawdownLimit }, desk: { startingDollars: 1_000 } });
      bench.ready();
      bench.book(...CHEAP);
      bench.pass();
      const first = bench.order();
      bench.answer(...bench.filled(first));
      bench.contract({}, { state: 'determined', result: 'no' });
      bench.contract({ ticker: B });
      bench.book(...CHEAP, B);
      bench.pass(SECOND);
      const second = bench.orders().find(({ ticker }) => ticker === B)?.count ?? 0;
      return second / first.count;
    };
    expect(secondOf(1)).toBeGreaterThan(0.9);
    expect(secondOf(0.02)).toBeLessThan(0.95 * secondOf(1));
    expect(secondOf(0.02)).toBeGreaterThan(0);
    expect(secondOf(0.003)).toBe(0);
  });

  test('money that came or went without a trade is no loss and hides none', () => {
    const watch = drawdownOf();
    const of = (dollars: number) => ({ ...emptyPortfolio(cash(0)), cash: cash(dollars * 10_000) });
    const share = (dollars: number) => {
      const { peak, equity } = watch.of(of(dollars));
      return peak - equity;
    };
    share(1_000);
    expect(share(900)).toBe(1_000_000);
    watch.moved(of(900), of(400));
    expect(share(400)).toBe(1_000_000);
    watch.moved(of(400), of(2_000));
    expect(share(2_000)).toBe(1_000_000);
  });
});
