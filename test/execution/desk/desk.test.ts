import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VenueStatus } from '../../../src/domain/events/venue.ts';
import { HOUR, MILLISECOND, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { CLOSE_AT } from '../../portfolio/samples.ts';
import { BTC, ETH, SOL } from '../../support/assets.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { deskBench, EVERY, START_AT } from './desk-bench.ts';

/** Cheap against a fair value of a half, so that YES is bought. */
const CHEAP = [4_000, 4_200] as const;
/** Where nothing pays: the fee alone is wider than the spread. */
const FAIR = [4_900, 5_100] as const;

describe('desk', () => {
  forbidWallClock();

  test('what pays is approved and goes out as one immediate-or-cancel order that carries the decision', () => {
    const bench = deskBench();
    bench.ready();
    bench.book(...CHEAP);
    bench.pass();
    const { verdict, id, proposal, failing } = bench.last();
    expect({ verdict, id, failing }).toEqual({ verdict: 'approved', id: 1, failing: [] });
    expect(bench.order()).toMatchObject({
      decisionId: 1,
      ticker: 'KXBTCD-A',
      side: 'bid',
      limitTicks: 4_200,
      count: proposal.count,
      timeInForce: 'ioc',
      at: bench.clock.at,
    });
    expect(bench.said.map(({ kind }) => kind)).toEqual(['decision', 'orderSent']);
  });

  test('property: however fast quotes move, a contract is evaluated at most once in its span, and the last quote is never left unseen', () => {
    const tickers = ['KXBTCD-A', 'KXBTCD-B'];
    const move = fc.record({
      wait: fc.integer({ min: 0, max: 150 }),
      shift: fc.integer({ min: 0, max: 3 }),
      ticker: fc.constantFrom(...tickers),
    });
    fc.assert(
      fc.property(fc.array(move, { minLength: 2, maxLength: 40 }), (walk) => {
        // Every price is refused for its edge, and a refusal at another price is told: each evaluation of something new is seen.
        const bench = deskBench({ risk: { edgeMinDollars: 1 } });
        bench.ready();
        bench.contract({ ticker: 'KXBTCD-B' });
        const asks = new Map<string, number>();
        for (const { wait, shift, ticker } of walk) {
          bench.pass(wait * MILLISECOND);
          const ask = 5_000 + 100 * shift;
          asks.set(ticker, ask);
          bench.book(ask - 200, ask, ticker);
          bench.pass();
        }
        bench.pass(EVERY);
        for (const [ticker, ask] of asks) {
          const told = bench.decisions().filter((decision) => decision.ticker === ticker);
          for (let i = 1; i < told.length; i++)
            expect((told[i]?.at ?? 0) - (told[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(EVERY);
          expect(told.at(-1)?.askTicks).toBe(ask);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('property: however many contracts an index moves, no instant evaluates more than may be, and each gets its turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }), (contracts, most) => {
        const bench = deskBench({ desk: { evaluateAtOnce: most, repeatMicros: 1 } });
        bench.ready();
        const tickers = Array.from({ length: contracts }, (_, i) => `KXBTCD-${i}`);
        for (const ticker of tickers) {
          bench.contract({ ticker });
          bench.book(...FAIR, ticker);
        }
        bench.pass(SECOND / 2);
        const from = bench.decisions().length;
        bench.index(80_001);
        bench.pass(EVERY / 2);
        const told = bench.decisions().slice(from);
        const counts = new Map<number, number>();
        for (const { at } of told) counts.set(at, (counts.get(at) ?? 0) + 1);
        expect(Math.max(...counts.values())).toBe(Math.min(most, contracts));
        expect(counts.size).toBe(Math.ceil(contracts / most));
        expect(told.map(({ ticker }) => ticker).sort()).toEqual([...tickers].sort());
      }),
      { numRuns: 40 },
    );
  });

  test('what one frame says is seen together: nothing is decided between its events, in whatever order they come', () => {
    for (const inOrder of [true, false]) {
      const bench = deskBench({
        risk: { edgeMinDollars: 0.2, fairCollarTicks: 10_000, midCollarTicks: 10_000 },
      });
      bench.ready();
      bench.book(...FAIR);
      bench.pass(SECOND);
      expect(bench.last().verdict).toBe('abstained');
      const before = bench.said.length;
      // The index jumps and the book follows in the same frame. On the old book the new index would be a gift, and the other way about.
      const index = () => bench.index(80_400);
      const book = () => bench.book(9_400, 9_600);
      for (const event of inOrder ? [index, book] : [book, index]) event();
      expect(bench.said.length).toBe(before);
      bench.pass(EVERY);
      expect(bench.orders()).toEqual([]);
      const { bidTicks, proposal } = bench.last();
      expect(bidTicks).toBe(9_400);
      expect(proposal.modelProbability).toBeGreaterThan(0.9);
    }
  });

  test('a verdict that stays the same is told again after its span, and not before', () => {
    const bench = deskBench({ desk: { repeatMicros: 20 * SECOND } });
    bench.ready();
    bench.book(...FAIR);
    const from = bench.clock.at;
    bench.pass(59 * SECOND);
    expect(bench.decisions().map(({ at }) => at - from)).toEqual([0, 20 * SECOND, 40 * SECOND]);
    expect(bench.decisions().map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('silence itself is noticed: without any input a quote grows old', () => {
    const bench = deskBench({ risk: { bookMaxAgeMicros: 5 * SECOND } });
    bench.ready();
    bench.book(...FAIR);
    bench.pass(4 * SECOND);
    expect(bench.last().failing).not.toContain('bookFresh');
    bench.pass(3 * SECOND);
    expect(bench.last().failing).toContain('bookFresh');
  });

  test('an order in flight blocks a second one of its side until the venue has answered', () => {
    const bench = deskBench();
    bench.ready();
    bench.book(...CHEAP);
    bench.pass();
    const order = bench.order();
    bench.book(3_900, 4_100);
    bench.pass(SECOND);
    expect(bench.last().failing).toEqual(['duplicate']);
    expect(bench.orders()).toHaveLength(1);
    bench.answer(bench.cancelled(order));
    bench.pass(SECOND);
    expect(bench.orders()).toHaveLength(2);
    expect(new Set(bench.orders().map(({ clientOrderId }) => clientOrderId)).size).toBe(2);
  });

  test('a later contract of a ticker that was traded is neither traded nor settles the first, not even in another session', () => {
    const bench = deskBench();
    bench.ready();
    bench.book(...CHEAP);
    bench.pass();
    bench.answer(...bench.filled(bench.order()));
    bench.contract({}, { state: 'determined', result: 'no' });
    const settled = bench.only('settlement');
    expect(settled).toHaveLength(1);
    bench.session(HOUR);
    bench.warm();
    bench.forecast();
    bench.index(80_000.99);
    const later = { openAt: CLOSE_AT, closeAt: CLOSE_AT + HOUR };
    bench.contract(later);
    bench.book(...CHEAP);
    bench.pass(SECOND);
    bench.contract(later, { state: 'determined', result: 'yes' });
    expect(bench.only('settlement')).toEqual(settled);
    expect(bench.orders()).toHaveLength(1);
  });

  test.each([
    ['measured', { kind: 'clock', venue: 'kraken', offsetMicros: -2 * SECOND, roundTripMicros: 0 }],
    [
      'revealed by stamps',
      {
        kind: 'stampOffset',
        venue: 'kalshi',
        asset: undefined,
        offsetMicros: 2 * SECOND,
        receivedAt: START_AT,
      },
    ],
  ] as const)(
    'an offset of the clocks beyond a second that is %s refuses, until a session begins',
    (_, offset) => {
      const bench = deskBench();
      bench.ready();
      bench.tell({ ...offset, at: START_AT });
      bench.book(...CHEAP);
      bench.pass();
      expect(bench.last().failing).toEqual(['clockTrue']);
      bench.ready();
      bench.book(...CHEAP);
      bench.pass(EVERY);
      expect(bench.last().verdict).toBe('approved');
    },
  );

  test('a rejected order frees what it held', () => {
    const bench = deskBench({ risk: { ordersOpenMax: 1 } });
    bench.ready();
    bench.book(...CHEAP);
    bench.pass(SECOND);
    const { clientOrderId, ticker } = bench.order();
    expect(bench.last().failing).toEqual(['ordersOpen', 'duplicate']);
    bench.answer({ kind: 'orderRejected', clientOrderId, ticker, at: bench.clock.at, why: 'test' });
    bench.pass(SECOND);
    expect(bench.orders()).toHaveLength(2);
  });

  test('an order sent for one contract counts at once against the next, evaluated in the same instant', () => {
    const bench = deskBench({ risk: { ordersOpenMax: 1 }, sizing: { method: 'single' } });
    bench.ready();
    bench.contract({ ticker: 'KXBTCD-B' });
    bench.book(...CHEAP);
    bench.book(...CHEAP, 'KXBTCD-B');
    bench.pass();
    expect(bench.decisions().map(({ verdict, failing }) => [verdict, ...failing])).toEqual([
      ['approved'],
      ['abstained', 'ordersOpen'],
    ]);
  });

  test('two contracts that pay alike share one stake, and neither leaves it to the other', () => {
    const bench = deskBench();
    bench.ready();
    bench.contract({ ticker: 'KXBTCD-B' });
    bench.book(...CHEAP);
    bench.book(...CHEAP, 'KXBTCD-B');
    bench.pass();
    const [first, second] = bench.orders().map((order) => order.count);
    const single = deskBench();
    single.ready();
    single.book(...CHEAP);
    single.pass();
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(0);
    expect(Number(first) + Number(second)).toBeLessThanOrEqual(1.05 * single.order().count);
  });

  test('an order of which nobody knows what became keeps its place and its cash until the venue gives evidence', () => {
    const bench = deskBench({ risk: { ordersOpenMax: 1 } });
    bench.ready();
    bench.book(...CHEAP);
    bench.pass();
    const order = bench.order();
    const { clientOrderId, ticker } = order;
    const at = bench.clock.at;
    bench.answer(
      { kind: 'orderSubmitted', clientOrderId, ticker, at },
      { kind: 'orderUnknown', clientOrderId, ticker, at, why: 'timed out' },
    );
    bench.pass(MINUTE);
    expect(bench.last().failing).toEqual(expect.arrayContaining(['ordersOpen', 'duplicate']));
    expect(bench.orders()).toHaveLength(1);
    bench.answer(bench.cancelled(order));
    bench.forecast();
    bench.index(80_000.99);
    bench.book(...CHEAP);
    bench.pass(SECOND);
    expect(bench.orders()).toHaveLength(2);
  });

  test('a fill moves cash by its own cash, and one told twice is booked once', () => {
    const bench = deskBench({ desk: { startingDollars: 100 } });
    bench.ready();
    bench.book(...CHEAP);
    bench.pass();
    const order = bench.order();
    const [fill, done] = bench.filled(order, { feeCash: 37 });
    if (fill?.kind !== 'fill' || !done) throw new Error('the bench fills first');
    bench.answer(fill, fill, done);
    expect(bench.only('fill')).toHaveLength(1);
    expect(bench.only('account')).toEqual([
      expect.objectContaining({
        cashDollars: (1_000_000 + fill.cash) / 10_000,
        feesDollars: 0.0037,
        realisedDollars: 0,
        openPositions: 1,
      }),
    ]);
  });

  test('the kill switch stops approvals and nothing else, until it is lifted', () => {
    const bench = deskBench();
    bench.ready();
    bench.tell({ kind: 'command', at: bench.clock.at, command: 'halt', reason: '' });
    bench.book(...CHEAP);
    bench.pass(SECOND);
    expect(bench.last().failing).toEqual(['killSwitch']);
    bench.tell({ kind: 'command', at: bench.clock.at, command: 'resume', reason: '' });
    bench.pass(SECOND);
    expect(bench.orders()).toHaveLength(1);
  });

  test('an exchange that says it is paused is believed', () => {
    const bench = deskBench();
    bench.ready();
    const status = { kind: 'venueStatus', at: START_AT, receivedAt: START_AT, detail: '' } as const;
    bench.tell({ ...status, venue: 'kalshi', trading: false });
    bench.book(...CHEAP);
    bench.pass();
    expect(bench.last().failing).toEqual(['exchangeOpen']);
    bench.tell({ ...status, venue: 'kraken', trading: true });
    bench.pass(2 * SECOND);
    expect(bench.orders()).toEqual([]);
  });

  test('a contract trades while its own shard does, whatever the exchange says of the others', () => {
    const status = {
      kind: 'venueStatus',
      venue: 'kalshi',
      at: START_AT,
      receivedAt: START_AT,
      detail: '',
    } as const;
    const failing = (trading: boolean, shards: VenueStatus['shards'], exchangeIndex: number | undefined) => {
      const bench = deskBench();
      bench.ready();
      bench.contract({ exchangeIndex });
      bench.tell({ ...status, trading, ...(shards && { shards }) });
      bench.book(...CHEAP);
      bench.pass();
      return bench.last().failing;
    };
    const second = [
      { index: 0, trading: true },
      { index: 2, trading: false },
    ];
    expect(failing(true, second, 2)).toEqual(['exchangeOpen']);
    expect(failing(true, second, 0)).toEqual([]);
    expect(failing(true, second, 3)).toEqual([]);
    expect(failing(false, [{ index: 2, trading: true }], 2)).toEqual([]);
    expect(failing(false, [{ index: 2, trading: true }], undefined)).toEqual(['exchangeOpen']);
    expect(failing(false, undefined, 2)).toEqual(['exchangeOpen']);
  });

  test('contracts of two assets that close together settle each by its own index, in its own unit', () => {
    const bench = deskBench({ assets: [BTC, SOL] });
    bench.ready();
    bench.contract({
      ticker: 'KXSOLD-A',
      series: 'KXSOLD',
      asset: 'SOL',
      indexDecimals: 4,
      floorUnits: 1_390_000,
    });
    bench.pass(CLOSE_AT - bench.clock.at);
    for (let i = 60; i > 0; i--) {
      bench.print(8_000_099, CLOSE_AT - i * SECOND);
      bench.tell({
        kind: 'indexPrint',
        at: CLOSE_AT - i * SECOND,
        receivedAt: bench.clock.at,
        indexId: SOL.indexId,
        asset: 'SOL',
        sid: 9,
        seq: 1,
        units: 1_390_001,
        decimals: 4,
        hertz: 1,
      });
    }
    expect(
      bench
        .only('settlement')
        .map(({ ticker, result, valueUnits, valueDollars }) => [ticker, result, valueUnits, valueDollars]),
    ).toEqual([
      ['KXBTCD-A', 'no', 8_000_099, 80_000.99],
      ['KXSOLD-A', 'yes', 1_390_001, 139.0001],
    ]);
  });

  describe('settlement', () => {
    const holding = () => {
      const bench = deskBench({ desk: { startingDollars: 100 } });
      bench.ready();
      bench.book(...CHEAP);
      bench.pass();
      const order = bench.order();
      bench.answer(...bench.filled(order, { feeCash: 50 }));
      bench.tell({ kind: 'command', at: bench.clock.at, command: 'halt', reason: '' });
      return { bench, order, paid: (4_200 * order.count) / 100 + 50 };
    };

    test('an outcome of a contract that nobody heard of does nothing', () => {
      const bench = deskBench();
      bench.ready();
      bench.tell({ kind: 'outcome', at: START_AT, ticker: 'KXBTCD-Z', valueUnits: 1, result: 'yes' });
      bench.pass(SECOND);
      expect(bench.said).toEqual([]);
    });

    test('an outcome from a file pays a position out, and cash is the start plus what was realised', () => {
      const { bench, order, paid } = holding();
      bench.tell({
        kind: 'outcome',
        at: START_AT,
        ticker: order.ticker,
        valueUnits: 8_000_200,
        result: 'yes',
      });
      const won = order.count * 100;
      expect(bench.only('settlement')).toEqual([
        {
          kind: 'settlement',
          at: bench.clock.at,
          ticker: order.ticker,
          result: 'yes',
          valueUnits: 8_000_200,
          valueDollars: 80_002,
          source: 'file',
          position: order.count,
          cash: won,
          pnl: won - paid,
        },
      ]);
      const account = bench.only('account').at(-1);
      expect(account?.realisedDollars).toBeCloseTo((won - paid) / 10_000, 9);
      expect(account?.cashDollars).toBeCloseTo(100 + (won - paid) / 10_000, 9);
      expect(account).toMatchObject({ openPositions: 0, worstDollars: 0 });
    });

    test('however often the venue says it, a result is booked once, with a position and without', () => {
      const { bench } = holding();
      bench.contract({ ticker: 'KXBTCD-B' });
      bench.book(...FAIR, 'KXBTCD-B');
      bench.pass(SECOND);
      for (const state of ['determined', 'settled', 'settled', 'settled'] as const)
        for (const ticker of ['KXBTCD-A', 'KXBTCD-B']) bench.contract({ ticker }, { state, result: 'no' });
      expect(bench.only('settlement').map(({ ticker, result, source }) => [ticker, result, source])).toEqual([
        ['KXBTCD-A', 'no', 'venue'],
        ['KXBTCD-B', 'no', 'venue'],
      ]);
      expect(bench.only('account')).toHaveLength(3);
    });

    test('a result that contradicts the one booked pays the difference, so that cash stays the start plus what was realised', () => {
      const { bench, order, paid } = holding();
      bench.tell({
        kind: 'outcome',
        at: START_AT,
        ticker: order.ticker,
        valueUnits: undefined,
        result: 'yes',
      });
      bench.contract({}, { state: 'determined', result: 'no' });
      expect(bench.only('settlement').map(({ pnl }) => pnl)).toEqual([
        order.count * 100 - paid,
        -order.count * 100,
      ]);
      const account = bench.only('account').at(-1);
      expect(account?.cashDollars).toBeCloseTo(100 - paid / 10_000, 9);
      expect(account?.realisedDollars).toBeCloseTo(-paid / 10_000, 9);
    });

    test('sixty prints settle a contract at its close by themselves; fifty-nine do not', () => {
      for (const missing of [0, 1]) {
        const { bench } = holding();
        bench.clock.jumpTo(CLOSE_AT - MINUTE);
        for (let second = missing; second < 60; second++) {
          bench.pass(SECOND);
          expect(bench.only('settlement')).toEqual([]);
          bench.print(8_000_100, CLOSE_AT - (60 - second) * SECOND);
        }
        bench.pass(5 * SECOND);
        expect(
          bench.only('settlement').map(({ source, valueUnits, result }) => [source, valueUnits, result]),
        ).toEqual(missing ? [] : [['index', 8_000_100, 'yes']]);
      }
    });

    test('property: it settles within a beat of its close, its terms and its prints, in whatever order they come', () => {
      const offset = fc.integer({ min: -900, max: 1_500 }).map((ms) => ms * MILLISECOND);
      fc.assert(
        fc.property(offset, offset, (printsAfter, termsAfter) => {
          const bench = deskBench();
          bench.session();
          bench.forecast();
          bench.clock.jumpTo(CLOSE_AT - 2 * SECOND);
          const prints = (): void => {
            for (let second = 60; second > 0; second--) bench.print(8_000_100, CLOSE_AT - second * SECOND);
          };
          const acts = [
            { after: printsAfter, tell: prints },
            { after: termsAfter, tell: () => bench.contract() },
          ].sort((a, b) => a.after - b.after);
          for (const { after, tell } of acts) {
            bench.clock.runTo(CLOSE_AT + after);
            tell();
          }
          bench.pass(5 * SECOND);
          const [settled, second] = bench.only('settlement');
          const soonest = CLOSE_AT + Math.max(0, printsAfter, termsAfter);
          expect(settled?.at).toBeGreaterThanOrEqual(soonest);
          expect(settled?.at).toBeLessThanOrEqual(soonest + SECOND);
          expect(second).toBeUndefined();
        }),
        { numRuns: 60 },
      );
    });

    test('a settled contract is decided on no more', () => {
      const { bench, order } = holding();
      bench.pass(SECOND);
      bench.tell({
        kind: 'outcome',
        at: START_AT,
        ticker: order.ticker,
        valueUnits: undefined,
        result: 'no',
      });
      const before = bench.decisions().length;
      bench.book(...CHEAP);
      bench.pass(2 * MINUTE);
      expect(bench.decisions()).toHaveLength(before);
    });
  });

  describe('a session', () => {
    test('voids index, forecast, warm-up and book: nothing is approved before each has come anew', () => {
      const bench = deskBench();
      bench.ready();
      bench.book(...FAIR);
      bench.pass(SECOND);
      bench.session();
      bench.pass(5 * SECOND);
      const before = bench.decisions().length;
      bench.pass(MINUTE);
      expect(bench.decisions()).toHaveLength(before);
      bench.book(...CHEAP);
      bench.pass(SECOND);
      expect(bench.last().failing).toEqual(
        expect.arrayContaining(['indexKnown', 'warm', 'forecastFresh', 'forecastUsable', 'priced']),
      );
      for (const [come, wanted] of [
        [bench.warm, 'warm'],
        [bench.forecast, 'forecastUsable'],
      ] as const) {
        come();
        bench.pass(SECOND);
        expect(bench.last().failing).not.toContain(wanted);
        expect(bench.orders()).toEqual([]);
      }
      bench.index(80_000.99);
      bench.pass(SECOND);
      expect(bench.orders()).toHaveLength(1);
    });

    test('voids the prints: what came before the hole settles nothing after it', () => {
      const bench = deskBench();
      bench.ready();
      bench.book(...FAIR);
      bench.clock.jumpTo(CLOSE_AT - MINUTE);
      for (let second = 60; second > 0; second--) {
        if (second === 30) bench.session(0);
        bench.print(8_000_100, CLOSE_AT - second * SECOND);
        bench.pass(SECOND);
      }
      bench.pass(MINUTE);
      expect(bench.only('settlement')).toEqual([]);
    });

    test('leaves the kill switch, the account and the numbering of decisions alone', () => {
      const bench = deskBench();
      bench.ready();
      bench.book(...CHEAP);
      bench.pass(SECOND);
      bench.tell({ kind: 'command', at: bench.clock.at, command: 'halt', reason: '' });
      bench.answer(...bench.filled(bench.order()));
      bench.pass(SECOND);
      const { id } = bench.last();
      bench.ready();
      bench.book(3_900, 4_100);
      bench.pass(SECOND);
      expect(bench.last().failing).toContain('killSwitch');
      expect(bench.last().id).toBe(id + 1);
      const held = bench.last().findings.find(({ check }) => check === 'position');
      expect(held?.observed).toBe(bench.order().count + bench.last().proposal.count);
    });
  });

  describe('several assets', () => {
    const ASSETS = [BTC, ETH] as const;
    const ETHER = {
      ticker: 'KXETHD-A',
      series: 'KXETHD',
      event: 'KXETHD',
      asset: 'ETH',
      floorUnits: 400_099,
    };
    type Bench = ReturnType<typeof deskBench>;
    const ether = {
      contract: (bench: Bench) => bench.contract(ETHER),
      warm: (bench: Bench) => bench.warm(600, 'ETH'),
      forecast: (bench: Bench) => bench.forecast(0.45, 'ETH'),
      index: (bench: Bench, value = 4_000.99) => bench.index(value, 'prints', 'ETH'),
    };

    test('a contract is priced from its own asset’s market, whatever the others know', () => {
      const bench = deskBench({ assets: ASSETS });
      bench.ready();
      ether.contract(bench);
      bench.book(...CHEAP, ETHER.ticker);
      bench.pass(SECOND);
      expect(bench.last()).toMatchObject({ ticker: ETHER.ticker, verdict: 'abstained' });
      expect(bench.last().failing).toEqual(
        expect.arrayContaining(['indexKnown', 'warm', 'forecastUsable', 'priced']),
      );
      for (const come of [ether.warm, ether.forecast, ether.index]) {
        expect(bench.orders()).toEqual([]);
        come(bench);
        bench.pass(SECOND);
      }
      expect(bench.order().ticker).toBe(ETHER.ticker);
    });

    test('a contract of a series that no asset has is passed over', () => {
      const bench = deskBench({ assets: ASSETS });
      bench.ready();
      bench.contract({ ticker: 'KXSOLD-A', series: 'KXSOLD', asset: '' });
      bench.book(...CHEAP, 'KXSOLD-A');
      bench.contract({ ticker: 'KXSOLD-A', asset: '' }, { state: 'determined', result: 'yes' });
      bench.pass(MINUTE);
      expect(bench.said).toEqual([]);
    });

    test('one account holds them all: an order of one asset counts at once against the other', () => {
      const bench = deskBench({ assets: ASSETS, risk: { ordersOpenMax: 1 } });
      bench.ready();
      ether.warm(bench);
      ether.forecast(bench);
      ether.index(bench);
      ether.contract(bench);
      bench.book(...CHEAP);
      bench.book(...CHEAP, ETHER.ticker);
      bench.pass();
      expect(bench.decisions().map(({ ticker, verdict, failing }) => [ticker, verdict, ...failing])).toEqual([
        ['KXBTCD-A', 'approved'],
        ['KXETHD-A', 'abstained', 'ordersOpen'],
      ]);
    });

    test('each asset says for itself which feeds it lacks', () => {
      const bench = deskBench({
        assets: ASSETS,
        desk: { requiredFeeds: ['index'], feedPatienceMicros: 5 * SECOND },
      });
      bench.session();
      bench.index(80_000);
      bench.pass(6 * SECOND);
      expect(bench.only('feedLacking').map(({ asset, feed }) => [asset, feed])).toEqual([['ETH', 'index']]);
    });

    test('a halt stops them all', () => {
      const bench = deskBench({ assets: ASSETS });
      bench.ready();
      for (const come of [ether.warm, ether.forecast, ether.index, ether.contract]) come(bench);
      bench.tell({ kind: 'command', at: bench.clock.at, command: 'halt', reason: 'lunch' });
      bench.book(...CHEAP);
      bench.book(...CHEAP, ETHER.ticker);
      bench.pass(SECOND);
      expect(bench.decisions().map(({ ticker, failing }) => [ticker, ...failing])).toEqual([
        ['KXBTCD-A', 'killSwitch'],
        ['KXETHD-A', 'killSwitch'],
      ]);
    });

    test('property: without a trade, what comes of one asset leaves every decision on another as it was', () => {
      const move = fc.record({
        wait: fc.oneof(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 1_500 })),
        shift: fc.integer({ min: 0, max: 6 }),
        what: fc.constantFrom('A' as const, 'B' as const, 'index' as const),
        mine: fc.boolean(),
      });
      fc.assert(
        fc.property(fc.array(move, { minLength: 2, maxLength: 40 }), (walk) => {
          const decided = (both: boolean) => {
            // So short a span that every evaluation is told.
            const bench = deskBench({
              assets: ASSETS,
              risk: { edgeMinDollars: 1 },
              desk: { repeatMicros: MILLISECOND },
            });
            bench.ready();
            bench.contract({ ticker: 'KXBTCD-B' });
            ether.contract(bench);
            ether.forecast(bench);
            for (const { wait, shift, what, mine } of walk) {
              bench.pass(wait * MILLISECOND);
              if (mine) {
                if (what === 'index') bench.index(80_000 + shift);
                else bench.book(4_000 + 100 * shift, 4_200 + 100 * shift, `KXBTCD-${what}`);
              } else if (both) {
                if (what !== 'index') bench.book(4_000 + 100 * shift, 4_200 + 100 * shift, ETHER.ticker);
                else ether.index(bench, 4_000 + shift);
              }
            }
            bench.pass(SECOND);
            return bench
              .decisions()
              .filter(({ ticker }) => ticker !== ETHER.ticker)
              .map(({ id: _, ...decision }) => decision);
          };
          expect(decided(true)).toEqual(decided(false));
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('feeds', () => {
    const WANTED = { requiredFeeds: ['krakenBook', 'kalshi', 'index'], feedPatienceMicros: 5 * SECOND };

    test('what a recording lacks is named once, after its patience, and does not keep the desk out', () => {
      const bench = deskBench({ desk: WANTED });
      bench.ready();
      bench.book(...CHEAP);
      bench.pass(4 * SECOND);
      expect(bench.only('feedLacking')).toEqual([]);
      expect(bench.orders()).toHaveLength(1);
      bench.pass(2 * SECOND);
      bench.ready();
      bench.book(...CHEAP);
      bench.pass(MINUTE);
      expect(bench.only('feedLacking').map(({ feed }) => feed)).toEqual(['krakenBook']);
    });

    test('a recording without any contract still says what it lacks', () => {
      const bench = deskBench({ desk: WANTED });
      bench.session();
      bench.pass(6 * SECOND);
      expect(bench.only('feedLacking').map(({ feed }) => feed)).toEqual(['krakenBook', 'kalshi', 'index']);
    });

    test('where feeds must come, their absence refuses', () => {
      const bench = deskBench({
        desk: { requiredFeeds: ['krakenBook', 'kraken', 'index'], feedsMustCome: true },
      });
      bench.ready();
      bench.book(...CHEAP);
      bench.pass(SECOND);
      expect(bench.last().failing).toEqual(['krakenBookFresh', 'krakenFresh']);
      expect(bench.orders()).toEqual([]);
    });

    test('one that has spoken and fell silent refuses until it speaks again', () => {
      const bench = deskBench({ desk: WANTED, risk: { indexMaxAgeMicros: 3 * SECOND } });
      bench.ready();
      bench.pass(4 * SECOND);
      bench.book(...CHEAP);
      bench.pass();
      expect(bench.last().failing).toEqual(['indexFresh']);
      bench.index(80_000.99);
      bench.pass(EVERY);
      expect(bench.orders()).toHaveLength(1);
    });
  });

  test('a book that is void approves nothing', () => {
    const bench = deskBench();
    bench.ready();
    bench.book(...CHEAP);
    bench.voidBook();
    bench.pass(SECOND);
    expect(bench.last().failing).toContain('bookIntact');
    expect(bench.orders()).toEqual([]);
  });

  test('a refusal says what would change it: a price, a volatility or a time', () => {
    const bench = deskBench({ risk: { toCloseMaxMicros: 5 * MINUTE } });
    bench.ready();
    bench.book(...FAIR);
    bench.pass();
    const { failing, wouldChange, proposal } = bench.last();
    expect(failing).toEqual(expect.arrayContaining(['toCloseMax', 'edge']));
    expect(wouldChange?.at).toBe(CLOSE_AT - 5 * MINUTE);
    // Taking the ask pays only lower, taking the bid only higher.
    const { side, limitTicks } = proposal;
    const cheaper = ((wouldChange?.priceTicks ?? Number.NaN) - limitTicks) * (side === 'bid' ? -1 : 1);
    expect(cheaper).toBeGreaterThan(0);
  });

  test('the same events give the same output, and a price altered by one tick another digest', () => {
    const outputOf = (ask: number) => {
      const bench = deskBench();
      bench.ready();
      bench.book(4_000, ask);
      bench.pass(HOUR / 60);
      return bench.said;
    };
    expect(outputOf(4_200)).toEqual(outputOf(4_200));
    const inputs = (ask: number) =>
      outputOf(ask).flatMap((event) => (event.kind === 'decision' ? [event.inputs] : []));
    expect(inputs(4_200)[0]).not.toBe(inputs(4_201)[0]);
  });
});
