import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Order } from '../../../src/domain/events/order.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../../src/domain/time.ts';
import { CLOSE_AT } from '../../portfolio/samples.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { deskBench } from './desk-bench.ts';

const TICKER = 'KXBTCD-A';

const maker = (make: Record<string, unknown> = {}, orders: 'venue' | 'paper' = 'venue') => {
  const bench = deskBench({ orders, take: false, make: { mode: 'always', ...make } });
  bench.ready();
  bench.book(4_700, 5_300);
  bench.pass(1_200 * MILLISECOND);
  const quotes = (): readonly Order[] => bench.orders();
  const rest = (): void => {
    for (const { clientOrderId, ticker, count: remaining } of quotes())
      bench.answer({ kind: 'orderResting', clientOrderId, ticker, at: bench.clock.at, remaining });
  };
  const asked = () => bench.only('cancelAsked').map(({ clientOrderId, why }) => ({ clientOrderId, why }));
  const trade = (ticks: number, size: number, taker: 'bid' | 'ask', id: number): void =>
    bench.tell({
      kind: 'contractTrade',
      at: bench.clock.at,
      receivedAt: bench.clock.at,
      ticker: TICKER,
      sid: 1,
      seq: id,
      tradeId: `t${id}`,
      priceTicks: priceTicks(ticks),
      count: count(size),
      taker,
      block: false,
    });
  return { bench, quotes, rest, asked, trade };
};

describe('the maker', () => {
  forbidWallClock();

  test('it rests a bid and an ask around fair value, post-only and with an end, each by a decision of its own', () => {
    const { bench, quotes } = maker();
    const [bid, ask] = quotes();
    for (const order of [bid, ask])
      expect(order).toMatchObject({ timeInForce: 'gtc', postOnly: true, expiresAt: expect.any(Number) });
    expect(bid?.side).toBe('bid');
    expect(ask?.side).toBe('ask');
    expect(bid?.limitTicks).toBeLessThan(5_000);
    expect(ask?.limitTicks).toBeGreaterThan(5_000);
    const approved = bench.decisions().filter(({ verdict }) => verdict === 'approved');
    expect(approved.map(({ id, proposal }) => [id, proposal.tactic])).toEqual(
      quotes().map(({ decisionId }) => [decisionId, 'make']),
    );
    bench.pass(SECOND);
    expect(quotes()).toHaveLength(2);
  });

  test('off by default, and with real orders only where a score shows that quotes earn', () => {
    const bench = deskBench({ take: false });
    bench.ready();
    bench.book(4_700, 5_300);
    bench.pass(SECOND);
    expect(bench.orders()).toEqual([]);
    expect(maker({ mode: 'proven' }).quotes()).toEqual([]);
    const found = { fromMinutes: 5, toMinutes: 15, markoutDollars: 0.01, standardErrorDollars: 0.001 };
    expect(maker({ mode: 'proven', evidence: [found] }).quotes()).toHaveLength(2);
  });

  test('a jump of the index, of a spot venue, a halt, a doubt and a gap each pull every quote within their own event', () => {
    type Bench = ReturnType<typeof maker>['bench'];
    const now = (bench: Bench) => ({ at: bench.clock.at, receivedAt: bench.clock.at });
    const spot = (bench: Bench, price: number) =>
      bench.tell({
        kind: 'spotTrade',
        ...now(bench),
        venue: 'coinbase',
        symbol: 'BTC-USD',
        price,
        quantity: 1,
        taker: 'buy',
        tradeId: price,
        replayed: false,
      });
    const causes: readonly (readonly [RegExp, (bench: Bench) => void])[] = [
      [/index jumped/, (bench) => bench.index(80_040)],
      [
        /coinbase jumped/,
        (bench) => {
          spot(bench, 80_000);
          spot(bench, 80_040);
        },
      ],
      [/halt/, (bench) => bench.tell({ kind: 'command', at: bench.clock.at, command: 'halt', reason: '' })],
      [
        /doubt/,
        (bench) =>
          bench.tell({
            kind: 'priceDoubt',
            ...now(bench),
            asset: 'BTC',
            source: 'index',
            state: 'held',
            price: 1,
            support: 2,
          } as never),
      ],
      [
        /gap/,
        (bench) =>
          bench.tell({
            kind: 'gap',
            ...now(bench),
            venue: 'coinbase',
            cause: 'disconnect',
            scope: '',
            detail: '',
          }),
      ],
    ];
    for (const [why, happen] of causes) {
      const { bench, quotes, rest, asked } = maker();
      rest();
      expect(asked()).toEqual([]);
      happen(bench);
      expect(asked().map(({ clientOrderId }) => clientOrderId)).toEqual(
        quotes().map(({ clientOrderId }) => clientOrderId),
      );
      for (const each of asked()) expect(each.why).toMatch(why);
      bench.pass(3 * SECOND);
      expect(asked()).toHaveLength(2);
    }
  });

  test('after a jump nothing is quoted until it is some time ago, and then around the new value', () => {
    const { bench, quotes } = maker({}, 'paper');
    bench.pass(SECOND);
    bench.index(80_100);
    for (let second = 0; second < 9; second++) {
      bench.pass(SECOND);
      bench.index(80_100);
      bench.book(7_000, 7_500);
    }
    expect(quotes()).toHaveLength(2);
    for (let second = 0; second < 6; second++) {
      bench.pass(SECOND);
      bench.index(80_100);
      bench.book(7_000, 7_500);
    }
    expect(quotes().length).toBeGreaterThan(2);
    expect(quotes()[2]?.limitTicks).toBeGreaterThan(quotes()[0]?.limitTicks ?? 0);
  });

  test('a stale index and the close pull the quotes', () => {
    const stale = maker();
    stale.rest();
    stale.bench.pass(8 * SECOND);
    expect(stale.asked().map(({ why }) => why)).toEqual(['the index is stale', 'the index is stale']);
    const near = maker({ toCloseMinMicros: 9 * MINUTE });
    near.rest();
    while (near.bench.clock.at < CLOSE_AT - 9 * MINUTE + SECOND) {
      near.bench.pass(2 * SECOND);
      near.bench.index(80_000.99);
      near.bench.book(4_700, 5_300);
    }
    expect(near.asked().every(({ why }) => why === 'the close is near')).toBe(true);
    expect(near.asked()).toHaveLength(2);
  });

  test('no second quote of a side leaves before the venue has told of the first one’s end', () => {
    const { bench, quotes, rest, asked } = maker({ jumpHoldMicros: 0, jumpBasisPoints: 1_000 });
    rest();
    bench.index(80_020);
    bench.pass(SECOND);
    bench.index(80_020);
    expect(asked().length).toBeGreaterThan(0);
    for (let second = 0; second < 8; second++) {
      bench.pass(SECOND);
      bench.index(80_020);
    }
    expect(quotes()).toHaveLength(2);
    for (const order of quotes()) bench.answer(bench.cancelled(order));
    bench.pass(SECOND);
    expect(quotes().length).toBeGreaterThan(2);
  });

  test('a quote whose end is near is cancelled and placed once more at its price, under the next id of its decision', () => {
    const { bench, quotes, rest, asked } = maker({ restMicros: 20 * SECOND });
    rest();
    for (let second = 0; second < 18; second++) {
      bench.pass(SECOND);
      bench.index(80_000.99);
    }
    expect(asked().every(({ why }) => why.includes('once more'))).toBe(true);
    expect(asked()).toHaveLength(2);
    for (const order of quotes()) bench.answer(bench.cancelled(order));
    bench.pass(SECOND);
    const ids = quotes().map(({ clientOrderId }) => clientOrderId);
    expect(ids.slice(2).sort()).toEqual(
      ids
        .slice(0, 2)
        .map((id) => `${id}-r1`)
        .sort(),
    );
  });

  test('a run of fills at one close pulls what still rests there', () => {
    const { bench, quotes, rest, asked } = maker({ fillsMaxCount: 400, fillsSpanMicros: 15 * SECOND });
    rest();
    const [bid, ask] = quotes();
    if (!bid || !ask) throw new Error('two quotes must rest');
    bench.answer(...bench.filled(bid));
    expect(asked()).toEqual([{ clientOrderId: ask.clientOrderId, why: 'too much filled at this close' }]);
  });

  test('property: whatever trades come, the position stays within the largest inventory', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 3_000 }),
      ticks: fc.integer({ min: 40, max: 60 }),
      size: fc.integer({ min: 1, max: 30 }),
      taker: fc.constantFrom('bid' as const, 'ask' as const),
      index: fc.integer({ min: -20, max: 20 }),
    });
    let filled = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const { bench, trade } = maker(
          { inventoryMaxCount: 700, fillsMaxCount: 1e6, minAgeMicros: 0, jumpHoldMicros: SECOND },
          'paper',
        );
        let position = 0;
        steps.forEach(({ wait, ticks, size, taker, index }, i) => {
          bench.pass(wait * MILLISECOND);
          bench.index(80_000.99 + index);
          bench.book(4_700, 5_300);
          trade(ticks * 100, size * 100, taker, i);
        });
        for (const { side, count: size } of bench.only('fill')) {
          position += side === 'bid' ? size : -size;
          filled++;
          expect(Math.abs(position)).toBeLessThanOrEqual(700);
        }
      }),
      { numRuns: 20 },
    );
    expect(filled).toBeGreaterThan(10);
  });
});
