import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { summariser, type Totals } from '../../pipelines/run/summary.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { ContractTop } from '../../src/domain/events/market.ts';
import type { Fill, Settlement } from '../../src/domain/events/order.ts';
import type { Rejected } from '../../src/domain/events/venue.ts';
import type { ConnectionFrame } from '../../src/domain/frame.ts';
import { cash, count, microDollars, priceTicks } from '../../src/domain/money.ts';
import { contractOf } from '../portfolio/samples.ts';
import { BTC } from '../support/btc.ts';
import { gap } from '../support/kalshi-events.ts';
import { decisionAt, sampleEvents } from '../telemetry/samples.ts';

const AT = 1_778_504_400_000_000;
const stamp = { at: AT, receivedAt: AT };

/** One event of each kind, as the graph says them. */
const samples: readonly AuditEvent[] = sampleEvents(AT);

const totalsOf = (events: readonly AuditEvent[]): Totals => {
  const { add, read } = summariser([BTC]);
  for (const event of events) add(event);
  return read();
};
const fill = (ticker: string, side: 'bid' | 'ask', size: number): Fill => ({
  kind: 'fill',
  clientOrderId: 'v-1',
  ticker,
  at: AT,
  fillId: `f-${ticker}-${side}-${size}`,
  side,
  priceTicks: priceTicks(4_000),
  count: count(size),
  taker: true,
  fee: microDollars(0),
  cash: cash(0),
});
const settlement = (ticker: string): Settlement => ({
  kind: 'settlement',
  ticker,
  at: AT,
  result: 'yes',
  valueUnits: undefined,
  valueDollars: undefined,
  source: 'venue',
  position: count(0),
  cash: cash(0),
  pnl: cash(0),
});
const rejected = (why: string): Rejected => ({
  kind: 'rejected',
  ...stamp,
  venue: 'kalshi',
  why,
  excerpt: '{',
});
const top: ContractTop = {
  ticker: 'A',
  live: true,
  bidTicks: priceTicks(4_800),
  askTicks: priceTicks(5_000),
  bidCount: count(2_000),
  askCount: count(2_000),
  crossed: false,
};
const book = (crossed: boolean, byDelta: boolean): AuditEvent => ({
  kind: 'contractBook',
  ...stamp,
  ticker: 'A',
  version: 1,
  top: { ...top, crossed },
  topChanged: true,
  change: byDelta
    ? { kind: 'delta', side: 'bid', priceTicks: priceTicks(1), change: count(1) }
    : { kind: 'void' },
});

describe('summariser', () => {
  test('one of each event is one of each count', () => {
    expect(totalsOf(samples)).toMatchObject({
      rejectedFrames: 1,
      kalshi: { sequenceGaps: 1, negativeLevels: 0 },
      forecasts: 1,
      decisions: { approved: 1, abstained: 1, byCheck: { edge: 1, warm: 1 } },
      orders: 1,
      fills: 1,
      settled: 1,
      outcomes: 1,
      pnlDollars: -2.6527,
      feesDollars: 0.1027,
      cashDollars: 997.3473,
      open: [],
    });
  });

  test('nothing seen is nothing counted, and cash is not known', () => {
    expect(totalsOf([])).toMatchObject({ fills: 0, cashDollars: undefined, open: [], feedsLacking: [] });
  });

  test('a refusal counts once for each check that refused', () => {
    const { decisions } = totalsOf([
      decisionAt(AT, ['edge', 'warm']),
      decisionAt(AT, ['edge']),
      decisionAt(AT, []),
    ]);
    expect(decisions).toEqual({ approved: 1, abstained: 2, byCheck: { edge: 2, warm: 1 } });
  });

  test('nothing to buy for want of an edge is one reason, and an order that is too large beside it is another', () => {
    const of = (observed: number | null, failing: readonly string[]): AuditEvent => ({
      ...decisionAt(AT, failing),
      findings: [{ check: 'orderSize', observed, limit: 500, headroom: null }],
    });
    const { decisions } = totalsOf([
      of(null, ['edge', 'orderSize']),
      of(null, ['orderSize']),
      of(900, ['edge', 'orderSize']),
    ]);
    expect(decisions.byCheck).toEqual({ edge: 2, orderSize: 2 });
  });

  test('what a check refused is valued by its contract’s result, if the contract’s close is known', () => {
    const { ticker } = decisionAt(AT, ['edge']);
    const { checks } = totalsOf([
      { kind: 'contract', ...stamp, contract: contractOf({ ticker }), state: 'active', result: undefined },
      decisionAt(AT, ['edge']),
      settlement(ticker),
    ]);
    expect(checks).toEqual([
      {
        check: 'edge',
        refused: 1,
        settled: 1,
        closes: 1,
        hours: 1,
        wouldDollars: expect.closeTo(1 - 0.43 - 0.0172, 9),
        lowDollars: null,
        highDollars: null,
      },
    ]);
    expect(totalsOf([decisionAt(AT, ['edge']), settlement(ticker)]).checks).toMatchObject([
      { check: 'edge', settled: 0, wouldDollars: null },
    ]);
  });

  test('gaps count by their cause, trades by their venue, book messages by their verdict', () => {
    const trade = (venue: 'kraken' | 'coinbase'): AuditEvent => ({
      kind: 'spotTrade',
      ...stamp,
      venue,
      symbol: 'BTC/USD',
      price: 1,
      quantity: 1,
      taker: 'buy',
      tradeId: 1,
      replayed: false,
    });
    const checked = (verdict: 'passed' | 'failed' | 'ignored'): AuditEvent => ({
      kind: 'krakenBookChecked',
      ...stamp,
      venue: 'kraken',
      symbol: 'BTC/USD',
      verdict,
      version: 1,
      priceScale: 10,
      quantityScale: 1e8,
      bids: [],
      asks: [],
    });
    const { kraken, coinbase, kalshi } = totalsOf([
      gap('sequence'),
      gap('negativeLevel'),
      gap('negativeLevel'),
      gap('tradeId', 'kraken'),
      gap('session'),
      trade('kraken'),
      trade('coinbase'),
      trade('coinbase'),
      checked('passed'),
      checked('passed'),
      checked('failed'),
      checked('ignored'),
    ]);
    expect(kalshi).toMatchObject({ sequenceGaps: 1, negativeLevels: 2 });
    expect(kraken).toEqual({
      bookMessages: 4,
      checksumsPassed: 2,
      checksumsFailed: 1,
      trades: 1,
      tradeGaps: 1,
    });
    expect(coinbase).toMatchObject({ trades: 2, tradeGaps: 0, bookMessages: 0 });
  });

  test('a book counts as crossed in passing only when a delta crossed it', () => {
    expect(totalsOf([book(true, true), book(false, true), book(true, false)]).kalshi.crossed).toBe(1);
  });

  test('a position is open until its result; one that was closed again, or never was, is neither open nor settled', () => {
    const filled = [
      fill('B', 'ask', 500),
      fill('A', 'bid', 100),
      fill('C', 'bid', 300),
      fill('C', 'ask', 300),
    ];
    expect(totalsOf(filled).open.map(({ ticker }) => ticker)).toEqual(['A', 'B']);
    const { settled, outcomes, open } = totalsOf([
      ...filled,
      ...['A', 'C', 'D'].map((ticker) => settlement(ticker)),
    ]);
    expect({ settled, outcomes, open: open.map(({ ticker }) => ticker) }).toEqual({
      settled: 1,
      outcomes: 3,
      open: ['B'],
    });
  });

  test('a result that is corrected later settles a position once', () => {
    expect(totalsOf([fill('A', 'bid', 100), settlement('A'), settlement('A')])).toMatchObject({
      settled: 1,
      outcomes: 2,
    });
  });

  test('reasons are kept up to a limit, counted beyond it where they are known, and all frames are counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => rejected(`why ${i}`));
    const { rejectedFrames, rejectedReasons } = totalsOf([...many, rejected('why 0'), rejected('why 29')]);
    expect(rejectedFrames).toBe(32);
    expect(Object.keys(rejectedReasons)).toHaveLength(20);
    expect(rejectedReasons['kalshi: why 0']).toBe(2);
    expect(rejectedReasons['kalshi: why 29']).toBeUndefined();
  });

  test('it is JSON all the way', () => {
    const totals = totalsOf(samples);
    expect(JSON.parse(JSON.stringify(totals))).toEqual(totals);
  });
});

describe('connections', () => {
  const connection = (change: ConnectionFrame['change'], detail = ''): AuditEvent => ({
    kind: 'connection',
    at: AT,
    venue: 'kraken',
    change,
    detail,
  });

  test('are counted by venue, and a refusal is kept once in its own words', () => {
    const { connections, recovered } = totalsOf([
      connection('opened'),
      connection('refused', 'no such pair'),
      connection('refused', 'no such pair'),
      connection('live'),
      connection('resyncing', 'book'),
      connection('shed', '12 frames'),
      connection('closed', 'silence'),
      connection('opened'),
      { kind: 'clock', at: AT, venue: 'kraken', offsetMicros: -2_500, roundTripMicros: 9 },
      { kind: 'recovered', ...stamp, venue: 'kraken', cause: 'tradeId', scope: 'BTC/USD', detail: '' },
    ]);
    expect(connections.kraken).toEqual({
      opened: 2,
      closed: 1,
      resyncs: 1,
      shed: 1,
      refused: ['no such pair'],
      clockOffsetMs: -2.5,
    });
    expect(connections.kalshi.opened).toBe(0);
    expect(recovered).toBe(1);
  });

  test('property: an open position is worth what a sale brings after what all its fills cost, pairs in full', () => {
    const fills = fc.array(
      fc.record({
        side: fc.constantFrom('bid' as const, 'ask' as const),
        size: fc.integer({ min: 1, max: 900 }),
        paid: fc.integer({ min: 1, max: 9_000 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 9_999 }), (bought, ticks) => {
        const events: AuditEvent[] = bought.map(({ side, size, paid }, i) => ({
          ...fill('A', side, size),
          fillId: `f-${i}`,
          cash: cash(-paid),
        }));
        const price = priceTicks(ticks);
        const flat: AuditEvent = {
          kind: 'contractBook',
          ...stamp,
          ticker: 'A',
          version: 1,
          top: { ...top, bidTicks: price, askTicks: price },
          topChanged: true,
          change: { kind: 'void' },
        };
        const { open, markedDollars } = totalsOf([...events, flat]);
        // At a book without a spread a YES is worth its price and a NO the rest of a dollar, paired or not.
        const sum = (of: (each: (typeof bought)[number]) => number): number =>
          bought.reduce((total, each) => total + of(each), 0);
        const worth = sum(({ side, size }) => (size / 100) * (side === 'bid' ? ticks : 10_000 - ticks));
        const position = sum(({ side, size }) => (side === 'bid' ? size : -size));
        if (position === 0) return expect(open).toEqual([]);
        expect(open).toMatchObject([{ ticker: 'A', contracts: position / 100 }]);
        return expect(markedDollars).toBeCloseTo((worth - sum(({ paid }) => paid)) / 10_000, 8);
      }),
    );
  });

  test('YES is marked at the bid and NO at what the ask leaves; a side without a price is not known', () => {
    const marked = (side: 'bid' | 'ask', quotes: Partial<ContractTop>): number | undefined =>
      totalsOf([
        fill('A', side, 100),
        {
          kind: 'contractBook',
          ...stamp,
          ticker: 'A',
          version: 1,
          top: { ...top, ...quotes },
          topChanged: true,
          change: { kind: 'void' },
        },
      ]).markedDollars;
    expect(marked('bid', {})).toBe(0.48);
    expect(marked('ask', {})).toBe(0.5);
    expect(marked('bid', { bidTicks: undefined })).toBeUndefined();
    expect(marked('ask', { askTicks: undefined })).toBeUndefined();
  });
});
