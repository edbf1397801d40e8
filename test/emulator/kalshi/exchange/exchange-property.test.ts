import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KalshiOutput } from '../../../../src/emulator/kalshi/exchange/port.ts';
import { exchangeBench } from './exchange-bench.ts';

type Level = readonly [number, number];
const OPENING = 8;

const act = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), middle: fc.integer({ min: 40, max: 60 }) }),
  fc.record({
    kind: fc.constant('flicker' as const),
    side: fc.constantFrom('bid' as const, 'ask' as const),
    deep: fc.integer({ min: 0, max: 4 }),
    contracts: fc.integer({ min: -8, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('taker' as const),
    taker: fc.constantFrom('bid' as const, 'ask' as const),
    contracts: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('order' as const),
    side: fc.constantFrom('bid' as const, 'ask' as const),
    cents: fc.integer({ min: 35, max: 65 }),
    contracts: fc.integer({ min: 1, max: 25 }),
    timeInForce: fc.constantFrom('good_till_canceled', 'immediate_or_cancel', 'fill_or_kill'),
    prevention: fc.constantFrom('taker_at_cross', 'maker'),
    postOnly: fc.boolean(),
    reduceOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant('amend' as const),
    which: fc.nat(),
    cents: fc.integer({ min: 35, max: 65 }),
    contracts: fc.integer({ min: 1, max: 25 }),
  }),
  fc.record({ kind: fc.constant('decrease' as const), which: fc.nat(), by: fc.integer({ min: 1, max: 5 }) }),
);

/** Makers who know nothing of the member: their own two sides never cross each other. */
function makers(bench: ReturnType<typeof exchangeBench>) {
  const sides = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  const change = (side: 'bid' | 'ask', cents: number, by: number): void => {
    const after = (sides[side].get(cents) ?? 0) + by;
    if (after > 0) sides[side].set(cents, after);
    else sides[side].delete(cents);
    bench.makers(side, cents, by);
  };
  const best = (side: 'bid' | 'ask'): number | undefined => {
    const prices = [...sides[side].keys()];
    return prices.length === 0 ? undefined : side === 'bid' ? Math.max(...prices) : Math.min(...prices);
  };
  return {
    move: (middle: number): void => {
      for (const [cents, count] of [...sides.bid]) if (cents >= middle) change('bid', cents, -count);
      for (const [cents, count] of [...sides.ask]) if (cents <= middle) change('ask', cents, -count);
      for (let i = 1; i <= 4; i++) {
        if (!sides.bid.has(middle - i)) change('bid', middle - i, 5 * i);
        if (!sides.ask.has(middle + i)) change('ask', middle + i, 5 * i);
      }
    },
    flicker: (side: 'bid' | 'ask', deep: number, by: number): void => {
      const top = best(side);
      if (top === undefined || by === 0) return;
      const cents = side === 'bid' ? top - deep : top + deep;
      change(side, cents, Math.max(by, -(sides[side].get(cents) ?? 0)));
    },
    taker: (taker: 'bid' | 'ask', contracts: number): void => {
      const side = taker === 'bid' ? 'ask' : 'bid';
      const cents = best(side);
      if (cents === undefined) return;
      const count = Math.min(contracts, sides[side].get(cents) ?? 0);
      const left = (sides[side].get(cents) ?? 0) - count;
      if (left > 0) sides[side].set(cents, left);
      else sides[side].delete(cents);
      bench.takers(taker, cents, count);
    },
  };
}

/** What an order would take from the public book, by walking it; own orders left out of account, so only asked without any. */
const walked = (levels: readonly Level[], within: (cents: number) => boolean, wanted: number): number =>
  levels.reduce((sum, [cents, count]) => (within(cents) ? Math.min(wanted, sum + count) : sum), 0);

/** The member's cash in ten-thousandths of a dollar, from his fills alone: YES against NO netted, fees by the published formula. */
function cashOf(said: readonly KalshiOutput[]): { readonly cash: number; readonly position: number } {
  let cash = OPENING * 10_000;
  let position = 0;
  for (const each of said) {
    if (each.kind !== 'fill') continue;
    const contracts = each.count / 100;
    const price = each.ticks / 10_000;
    const sign = each.side === 'bid' ? 1 : -1;
    const closes = Math.min(contracts, Math.max(0, -sign * position));
    const opens = contracts - closes;
    const paid = sign === 1 ? price : 1 - price;
    const received = sign === 1 ? 1 - price : price;
    const fee = each.taker
      ? Math.ceil(Number((0.07 * price * (1 - price) * contracts * 1e6).toFixed(4))) / 1e6
      : 0;
    const revenue = closes * received - opens * paid;
    // Rounding is handed back in whole cents, which these sizes never reach: one fill rounds off less than $0.0001.
    cash += Math.floor(Number(((revenue - fee) * 10_000).toFixed(4)));
    position += sign * contracts;
  }
  return { cash, position };
}

describe('the emulated exchange, under any sequence of makers, takers and orders', () => {
  test('keeps its public book uncrossed and rebuildable, fills nobody beyond his limit, and its money equal to its fills', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 5, maxLength: 60, size: 'max' }), (acts) => {
        const bench = exchangeBench(OPENING);
        bench.open([], []);
        const crowd = makers(bench);
        crowd.move(50);
        const limits = new Map<string, number>();
        let heard = 0;
        const resting = () =>
          (bench.call('GET', '/portfolio/orders?status=resting&limit=1000').json['orders'] as {
            order_id: string;
            book_side: 'bid' | 'ask';
            remaining_count_fp: string;
            yes_price_dollars: string;
          }[]) ?? [];
        for (const each of acts) {
          switch (each.kind) {
            case 'move':
              crowd.move(each.middle);
              break;
            case 'flicker':
              crowd.flicker(each.side, each.deep, each.contracts);
              break;
            case 'taker':
              crowd.taker(each.taker, each.contracts);
              break;
            case 'order': {
              const before = bench.book();
              const facing = each.side === 'bid' ? before.asks : before.bids;
              const within = (cents: number) =>
                each.side === 'bid' ? cents <= each.cents : cents >= each.cents;
              const own = resting().some((order) => order.book_side !== each.side);
              const { status, json } = bench.order({
                side: each.side,
                price: (each.cents / 100).toFixed(4),
                count: each.contracts.toFixed(2),
                time_in_force: each.timeInForce,
                self_trade_prevention_type: each.prevention,
                post_only: each.postOnly,
                reduce_only: each.reduceOnly,
              });
              if (status !== 201) break;
              limits.set(String(json['order_id']), each.cents * 100);
              if (each.postOnly) expect(json['fill_count']).toBe('0.00');
              if (!own && !each.reduceOnly)
                expect(Number(json['fill_count'])).toBe(walked(facing, within, each.contracts));
              if (each.timeInForce === 'fill_or_kill' && !each.reduceOnly)
                expect(json['fill_count']).toBe(each.contracts.toFixed(2));
              break;
            }
            default: {
              const orders = resting();
              const order = orders[each.which % Math.max(1, orders.length)];
              if (!order) break;
              const path = `/portfolio/events/orders/${order.order_id}`;
              if (each.kind === 'cancel')
                expect(bench.call('DELETE', `${path}?exchange_index=2`).status).toBe(200);
              else if (each.kind === 'decrease')
                bench.call('POST', `${path}/decrease`, { reduce_by: each.by.toFixed(2), exchange_index: 2 });
              else {
                const { status } = bench.call('POST', `${path}/amend`, {
                  ticker: 'KXBTCD-26SEP2509-T84099.99',
                  side: order.book_side,
                  price: (each.cents / 100).toFixed(4),
                  count: each.contracts.toFixed(2),
                });
                if (status === 200) limits.set(order.order_id, each.cents * 100);
              }
            }
          }
          const { bids, asks } = bench.book();
          expect((bids[0]?.[0] ?? 0) < (asks[0]?.[0] ?? 100)).toBe(true);
          for (const { book_side: side, yes_price_dollars: price, remaining_count_fp: left } of resting()) {
            const level = (side === 'bid' ? bids : asks).find(
              ([cents]) => cents === Math.round(Number(price) * 100),
            );
            expect(level?.[1] ?? 0).toBeGreaterThanOrEqual(Number(left));
          }
          expect(bench.balance()).toBeGreaterThanOrEqual(0);
          for (const said of bench.said.slice(heard)) {
            if (said.kind !== 'fill') continue;
            const limit = limits.get(said.orderId);
            const better = said.side === 'bid' ? (limit ?? 0) - said.ticks : said.ticks - (limit ?? 10_000);
            if (said.taker) expect(better).toBeGreaterThanOrEqual(0);
            else expect(better).toBe(0);
          }
          heard = bench.said.length;
        }
        bench.call('DELETE', '/portfolio/events/orders');
        const { cash, position } = cashOf(bench.said);
        expect(Math.round(bench.balance() * 10_000)).toBe(cash);
        expect(bench.position()).toBe(position);
      }),
      { numRuns: 300 },
    );
  });
});
