import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../../src/domain/time.ts';
import type { KalshiOutput } from '../../../../src/emulator/kalshi/exchange/port.ts';
import { exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const OPENING = 50;
const ORDERS = '/portfolio/events/orders';
const GROUPS = '/portfolio/order_groups';
const ACCOUNTS = [0, 1, 2] as const;

const side = fc.constantFrom('bid' as const, 'ask' as const);
const subaccount = fc.constantFrom(...ACCOUNTS);
const which = fc.nat(50);
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('move' as const), middle: fc.integer({ min: 42, max: 58 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      subaccount,
      side,
      cents: fc.integer({ min: 35, max: 65 }),
      contracts: fc.integer({ min: 1, max: 30 }),
      timeInForce: fc.constantFrom('good_till_canceled', 'immediate_or_cancel', 'fill_or_kill'),
      prevention: fc.constantFrom('taker_at_cross', 'maker'),
      reduceOnly: fc.boolean(),
      onPause: fc.boolean(),
      grouped: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('decrease' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('amend' as const),
      which,
      cents: fc.integer({ min: 35, max: 65 }),
      contracts: fc.integer({ min: 1, max: 30 }),
    }),
  },
  fc.record({
    kind: fc.constant('cancelAll' as const),
    subaccount: fc.option(subaccount, { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('group' as const),
    action: fc.constantFrom('trigger', 'reset', 'limit'),
    limit: fc.integer({ min: 1, max: 20 }),
  }),
  fc.record({
    kind: fc.constant('pause' as const),
    what: fc.constantFrom('tradingPause' as const, 'exchangePause' as const, 'marketHalt' as const),
    on: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('cash' as const),
    what: fc.constantFrom('deposit' as const, 'withdrawal' as const),
    cents: fc.integer({ min: 1, max: 3_000 }),
    seconds: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({
    kind: fc.constant('transfer' as const),
    from: subaccount,
    to: subaccount,
    cents: fc.integer({ min: 1, max: 2_000 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 40 }) }),
  fc.record({
    kind: fc.constant('misbehave' as const),
    what: fc.constantFrom('wrongOrder', 'tail', 'lag', 'contradict'),
  }),
);

const end = fc.record({
  result: fc.constantFrom('yes' as const, 'no' as const),
  dispute: fc.constantFrom(undefined, 'amended' as const, 'upheld' as const),
});

/** Makers around a middle, who never cross themselves; each call replaces the book's change by deltas. */
function makers(bench: ReturnType<typeof exchangeBench>) {
  const sides = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  const put = (which: 'bid' | 'ask', cents: number, count: number): void => {
    const by = count - (sides[which].get(cents) ?? 0);
    if (by === 0) return;
    sides[which].set(cents, count);
    bench.makers(which, cents, by);
  };
  return (middle: number): void => {
    for (const [cents] of sides.bid) if (cents >= middle) put('bid', cents, 0);
    for (const [cents] of sides.ask) if (cents <= middle) put('ask', cents, 0);
    for (let i = 1; i <= 4; i++) {
      put('bid', middle - i, 5 * i);
      put('ask', middle + i, 5 * i);
    }
  };
}

/** What each subaccount's cash must be in ten-thousandths of a dollar, by its fills alone; and its contracts. */
function booked(said: readonly KalshiOutput[], number: number) {
  let cash = 0;
  let position = 0;
  for (const each of said) {
    if (each.kind !== 'fill' || each.subaccount !== number) continue;
    const contracts = each.count / 100;
    const price = each.ticks / 10_000;
    const sign = each.side === 'bid' ? 1 : -1;
    const closes = Math.min(contracts, Math.max(0, -sign * position));
    const paid = sign === 1 ? price : 1 - price;
    const revenue = closes * (1 - paid) - (contracts - closes) * paid;
    const fee = each.taker
      ? Math.ceil(Number((0.07 * price * (1 - price) * contracts * 1e6).toFixed(4))) / 1e6
      : 0;
    cash += Math.floor(Number(((revenue - fee) * 10_000).toFixed(4)));
    position += sign * contracts;
  }
  return { cash, position };
}

describe('the exchange’s money', () => {
  test('property: cash is the opening, what came and went, the fills and the payouts of the last result, in every subaccount', () => {
    let settledOtherwise = 0;
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 10, maxLength: 70, size: 'max' }),
        end,
        (acts, { result, dispute }) => {
          const bench = exchangeBench(OPENING);
          const { exchange, call } = bench;
          bench.open([], []);
          const move = makers(bench);
          move(50);
          const created = call('POST', `${GROUPS}/create`, { contracts_limit: 10, exchange_index: 2 });
          const group = String(created.json['order_group_id']);
          let transfers = 0;
          const transferred = new Map<number, number>(ACCOUNTS.map((number) => [number, 0]));
          type Row = Readonly<Record<string, string>> & { readonly subaccount_number: number };
          const live = <T>(read: () => T): T => {
            exchange.strike({ kind: 'readLag', lag: 0, contradict: false });
            return read();
          };
          const rows = (status: string): readonly Row[] =>
            live(() => call('GET', `/portfolio/orders?limit=1000${status}`).json['orders'] as Row[]);
          const transfer = (from: number, to: number, cents: number): void => {
            const { status } = call('POST', '/portfolio/subaccounts/transfer', {
              client_transfer_id: `t-${++transfers}`,
              from_subaccount: from,
              to_subaccount: to,
              amount_cents: cents,
            });
            if (status !== 200) return;
            transferred.set(from, (transferred.get(from) ?? 0) - cents * 100);
            transferred.set(to, (transferred.get(to) ?? 0) + cents * 100);
          };
          transfer(0, 1, 1_500);

          for (const each of acts) {
            switch (each.kind) {
              case 'move':
                move(each.middle);
                break;
              case 'order':
                bench.order({
                  subaccount: each.subaccount,
                  side: each.side,
                  price: (each.cents / 100).toFixed(4),
                  count: each.contracts.toFixed(2),
                  time_in_force: each.timeInForce,
                  self_trade_prevention_type: each.prevention,
                  reduce_only: each.reduceOnly,
                  cancel_order_on_pause: each.onPause,
                  ...(each.grouped && each.subaccount === 0 && { order_group_id: group }),
                });
                break;
              case 'cancelAll':
                call(
                  'DELETE',
                  each.subaccount === undefined ? ORDERS : `${ORDERS}?subaccount=${each.subaccount}`,
                );
                break;
              case 'group':
                call('PUT', `${GROUPS}/${group}/${each.action}?exchange_index=2`, {
                  contracts_limit: each.limit,
                });
                break;
              case 'pause':
                exchange.strike(
                  each.what === 'marketHalt'
                    ? { kind: 'marketHalt', ticker: bench.contract.ticker, on: each.on }
                    : { kind: each.what, on: each.on },
                );
                bench.pass(0);
                break;
              case 'cash':
                exchange.strike({ kind: each.what, cents: each.cents, span: each.seconds * SECOND });
                break;
              case 'transfer':
                transfer(each.from, each.to, each.cents);
                break;
              case 'wait':
                bench.pass(each.seconds * SECOND);
                break;
              case 'misbehave':
                if (each.what === 'wrongOrder') exchange.strike({ kind: 'wrongOrder', count: 1 });
                else if (each.what === 'tail') exchange.strike({ kind: 'cancelAllTail', on: true });
                else
                  exchange.strike({
                    kind: 'readLag',
                    lag: 3 * SECOND,
                    contradict: each.what === 'contradict',
                  });
                break;
              default: {
                const resting = rows('&status=resting');
                const order = resting[each.which % Math.max(1, resting.length)];
                if (!order) break;
                const path = `${ORDERS}/${order['order_id']}`;
                const query = `?subaccount=${order.subaccount_number}&exchange_index=2`;
                if (each.kind === 'cancel') call('DELETE', `${path}${query}`);
                else if (each.kind === 'decrease')
                  call('POST', `${path}/decrease${query}`, { reduce_by: '1.00', exchange_index: 2 });
                else
                  call('POST', `${path}/amend${query}`, {
                    ticker: bench.contract.ticker,
                    side: order['book_side'],
                    price: (each.cents / 100).toFixed(4),
                    count: each.contracts.toFixed(2),
                  });
              }
            }
            const { bids, asks } = bench.book();
            expect((bids[0]?.[0] ?? 0) < (asks[0]?.[0] ?? 100)).toBe(true);
            for (const number of ACCOUNTS)
              expect(
                Number(
                  live(() => call('GET', `/portfolio/balance?subaccount=${number}`).json['balance_dollars']),
                ),
              ).toBeGreaterThanOrEqual(0);
          }

          if (dispute)
            exchange.strike({
              kind: 'dispute',
              ticker: undefined,
              upheld: dispute === 'upheld',
              span: 20 * SECOND,
            });
          exchange.strike({ kind: 'exchangePause', on: false });
          exchange.strike({ kind: 'tradingPause', on: false });
          bench.pass(bench.contract.closeAt - bench.now() + SECOND);
          const held = new Map(ACCOUNTS.map((number) => [number, booked(bench.said, number)]));
          bench.finish(result);
          bench.pass(MINUTE);
          bench.pass(MINUTE);
          bench.pass(MINUTE);
          const last = dispute === 'amended' ? (result === 'yes' ? 'no' : 'yes') : result;
          if (last !== result && [...held.values()].some(({ position }) => position !== 0))
            settledOtherwise++;
          expect(bench.audience.market(bench.contract.ticker)?.settledAt).toBeDefined();
          expect(rows('&status=resting')).toEqual([]);
          const moves = (name: string): number =>
            (
              call('GET', `/portfolio/${name}?limit=1000`).json[name] as {
                status: string;
                amount_cents: number;
              }[]
            )
              .filter(({ status }) => status === 'applied')
              .reduce((sum, each) => sum + each.amount_cents * 100, 0);
          for (const number of ACCOUNTS) {
            const { cash, position } = held.get(number) ?? { cash: 0, position: 0 };
            const payout = Math.max(0, last === 'yes' ? position : -position) * 10_000;
            const own = number === 0 ? OPENING * 10_000 + moves('deposits') - moves('withdrawals') : 0;
            const told = Number(
              call('GET', `/portfolio/balance?subaccount=${number}`).json['balance_dollars'],
            );
            expect(Math.round(told * 10_000)).toBe(own + (transferred.get(number) ?? 0) + cash + payout);
          }
        },
      ),
      { numRuns: 200 },
    );
    // Without this the amended result would not have been tried.
    expect(settledOtherwise).toBeGreaterThan(10);
  });
});
