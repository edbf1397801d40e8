import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Observable, of } from 'rxjs';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { type OrderEntry, orderEntry, type Prepared } from '../../../src/execution/kalshi/order-entry.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { onGrid } from '../../../src/venues/kalshi/tick-grid.ts';
import { approved, bodyOf, emulatedExchange, statusOf, terms } from './emulated-exchange.ts';
import '../../support/properties.ts';

const ready = (found: Prepared | string): Prepared => {
  if (typeof found === 'string') throw new Error(found);
  return found;
};

/** Order entry whose calls are kept and answered with 200 at once. */
function scripted() {
  const clock = tapeScheduler(0);
  const calls: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
    readonly at: number;
  }[] = [];
  const entry = orderEntry({
    clock,
    writes: {
      call: (method, path, body) => {
        calls.push({ method, path, body: body === undefined ? undefined : JSON.parse(body), at: clock.at });
        return of({ kind: 'answered', status: 200, text: '{}' });
      },
    },
  });
  return { clock, calls, entry };
}

describe('orderEntry says to the venue', () => {
  test('all that an order needs: strings of money, shard, group, self-trade, pause, and when it ends by itself', () => {
    const { entry, calls } = scripted();
    const order = approved({ at: 1_800_000_000_999_999, limitTicks: priceTicks(5_600), count: count(1_050) });
    ready(
      entry.create({
        order,
        terms: terms({ groupId: 'g-1', reduceOnly: true, restMaxMicros: 90 * SECOND }),
      }),
    )
      .send()
      .subscribe();
    expect(calls).toEqual([
      {
        method: 'POST',
        path: '/portfolio/events/orders',
        at: 0,
        body: {
          ticker: order.ticker,
          client_order_id: 'a-1',
          side: 'bid',
          count: '10.50',
          price: '0.5600',
          time_in_force: 'good_till_canceled',
          expiration_time: 1_800_000_090,
          post_only: false,
          self_trade_prevention_type: 'taker_at_cross',
          cancel_order_on_pause: true,
          reduce_only: true,
          order_group_id: 'g-1',
          subaccount: 0,
          exchange_index: 2,
        },
      },
    ]);
  });

  test('an order that takes at once has no end of its own, and one outside a group names none', () => {
    const { entry, calls } = scripted();
    ready(entry.create({ order: approved({ timeInForce: 'ioc' }), terms: terms() }))
      .send()
      .subscribe();
    expect(calls[0]?.body).toMatchObject({ time_in_force: 'immediate_or_cancel' });
    for (const key of ['expiration_time', 'order_group_id', 'reduce_only'])
      expect(calls[0]?.body).not.toHaveProperty(key);
  });

  const address = { orderId: 'o/1', ticker: 'KXBTCD-26MAY0112-T1.5', exchangeIndex: 2 };
  const group = { groupId: 'g-1', exchangeIndex: 2 };
  const at = 'subaccount=0&exchange_index=2';
  test.each<[string, (entry: OrderEntry) => ReturnType<OrderEntry['cancel']>, string, string, unknown]>([
    [
      'a cancel',
      (entry) => entry.cancel(address),
      'DELETE',
      `/portfolio/events/orders/o%2F1?${at}&market_ticker=KXBTCD-26MAY0112-T1.5`,
      undefined,
    ],
    [
      'a decrease by',
      (entry) => entry.decrease(address, { reduceBy: count(250) }),
      'POST',
      '/portfolio/events/orders/o%2F1/decrease?subaccount=0',
      { reduce_by: '2.50', market_ticker: address.ticker, exchange_index: 2 },
    ],
    [
      'a decrease to',
      (entry) => entry.decrease(address, { reduceTo: count(0) }),
      'POST',
      '/portfolio/events/orders/o%2F1/decrease?subaccount=0',
      { reduce_to: '0.00', market_ticker: address.ticker, exchange_index: 2 },
    ],
    [
      'a batch of cancels',
      (entry) => entry.cancelBatch([address]),
      'DELETE',
      '/portfolio/events/orders/batched',
      {
        orders: [{ order_id: 'o/1', subaccount: 0, exchange_index: 2, market_ticker: address.ticker }],
      },
    ],
    ['a cancel of all', (entry) => entry.cancelAll(), 'DELETE', '/portfolio/events/orders', undefined],
    [
      'an amendment',
      (entry) => ready(entry.amend('o/1', { order: approved({ count: count(300) }), terms: terms() })).send(),
      'POST',
      '/portfolio/events/orders/o%2F1/amend?subaccount=0',
      {
        ticker: approved().ticker,
        side: 'bid',
        price: '0.0100',
        count: '3.00',
        client_order_id: 'a-1',
        exchange_index: 2,
      },
    ],
    [
      'a new group',
      (entry) => ready(entry.createGroup(2, count(5_000))).send(),
      'POST',
      '/portfolio/order_groups/create',
      { contracts_limit_fp: '50.00', subaccount: 0, exchange_index: 2 },
    ],
    [
      'a limit of a group',
      (entry) => entry.limitGroup(group, count(100)),
      'PUT',
      `/portfolio/order_groups/g-1/limit?${at}`,
      { contracts_limit_fp: '1.00' },
    ],
    [
      'a trigger',
      (entry) => entry.triggerGroup(group),
      'PUT',
      `/portfolio/order_groups/g-1/trigger?${at}`,
      undefined,
    ],
    [
      'a reset',
      (entry) => entry.resetGroup(group),
      'PUT',
      `/portfolio/order_groups/g-1/reset?${at}`,
      undefined,
    ],
    [
      'a deletion',
      (entry) => entry.deleteGroup(group),
      'DELETE',
      `/portfolio/order_groups/g-1?${at}`,
      undefined,
    ],
  ])('%s with its shard and its market', (_, call, method, path, body) => {
    const { entry, calls } = scripted();
    call(entry).subscribe();
    expect(calls).toEqual([{ method, path, body, at: 0 }]);
  });
});

describe('orderEntry keeps back', () => {
  test.each([
    ['an unknown shard', { exchangeIndex: undefined }, {}, /shard of .* is not known/],
    ['an id with a dot', { clientOrderId: 'KXBTC.1' }, {}, /letters, digits/],
    ['an empty id', { clientOrderId: '' }, {}, /letters, digits/],
    ['a price off the grid', { limitTicks: priceTicks(150) }, {}, /no price of 150 ticks/],
    ['a price of a dollar', { limitTicks: priceTicks(10_000) }, {}, /no price of 10000 ticks/],
    ['no contracts', { count: count(0) }, {}, /0.01 contracts at least/],
    ['a maker that takes', { timeInForce: 'ioc', postOnly: true }, {}, /only rests/],
    ['a rest that is over', {}, { restMaxMicros: SECOND }, /two seconds/],
    ['a rest that is no number', {}, { restMaxMicros: Number.NaN }, /two seconds/],
  ] as const)('%s, with a sentence and without a call', (_, order, change, why) => {
    const { entry, calls } = scripted();
    for (const found of [
      entry.create({ order: approved(order), terms: terms(change) }),
      entry.amend('o-1', { order: approved(order), terms: terms(change) }),
      entry.createBatch([
        { order: approved({ clientOrderId: 'good' }), terms: terms() },
        { order: approved(order), terms: terms(change) },
      ]),
    ])
      expect(found).toMatch(why);
    expect(calls).toEqual([]);
  });

  test('property: an order leaves exactly if its price is one of the contract, and is written exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.constantFrom(1, 10, 100, 250),
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.integer({ min: 1, max: 10_000_000_000_000_000 / 2 }),
        (ticks, step, hundredths, atMicros) => {
          const bands = [
            { startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(step) },
          ];
          const { entry, calls } = scripted();
          const found = entry.create({
            order: approved({ limitTicks: priceTicks(ticks), count: count(hundredths), at: atMicros }),
            terms: terms({ tickBands: bands }),
          });
          expect(typeof found !== 'string').toBe(onGrid(bands, ticks));
          if (typeof found === 'string') return;
          found.send().subscribe();
          const body = calls[0]?.body as Record<string, string | number>;
          expect(body['price']).toMatch(/^0\.\d{4}$/);
          expect(body['count']).toMatch(/^\d+\.\d{2}$/);
          expect(BigInt(String(body['price']).replace('.', ''))).toBe(BigInt(ticks));
          expect(BigInt(String(body['count']).replace('.', ''))).toBe(BigInt(hundredths));
          // Whole seconds, never later than asked, never a second earlier.
          const early = atMicros + 10 * MINUTE - Number(body['expiration_time']) * SECOND;
          expect(early >= 0 && early < SECOND).toBe(true);
        },
      ),
    );
  });
});

describe('the tokens of orderEntry', () => {
  const place = (entry: OrderEntry, exchangeIndex = 2): boolean =>
    typeof entry.create({ order: approved({ exchangeIndex }), terms: terms() }) !== 'string';
  const placed = (entry: OrderEntry): number => {
    let made = 0;
    while (place(entry)) made++;
    return made;
  };
  const cancel = (entry: OrderEntry): void => {
    entry.cancel({ orderId: 'o-1', ticker: 'T', exchangeIndex: 2 }).subscribe();
  };

  test('orders leave a fifth of the bucket, which pays for ten cancels at once', () => {
    const { entry, calls } = scripted();
    expect(placed(entry)).toBe(8);
    for (let i = 0; i < 10; i++) cancel(entry);
    expect(calls).toHaveLength(10);
    cancel(entry);
    expect(calls).toHaveLength(10);
  });

  test('a cancel that waits for its token is sent once, as soon as there is one', () => {
    const { entry, calls, clock } = scripted();
    for (let i = 0; i < 51; i++) cancel(entry);
    expect(calls).toHaveLength(50);
    clock.runTo(19_000);
    expect(calls).toHaveLength(50);
    clock.runTo(SECOND);
    expect(calls).toHaveLength(51);
  });

  test('an order never waits behind cancels and never passes them', () => {
    const { entry, calls, clock } = scripted();
    for (let i = 0; i < 60; i++) cancel(entry);
    expect(place(entry)).toBe(false);
    clock.runTo(150_000);
    expect(place(entry)).toBe(false);
    expect(calls.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test('each shard has its own bucket, and a batch over two takes from both or from none', () => {
    const { entry } = scripted();
    expect(placed(entry)).toBe(8);
    const batch = (shards: readonly number[]) =>
      entry.createBatch(
        shards.map((exchangeIndex, i) => ({
          order: approved({ clientOrderId: `b-${i}`, exchangeIndex }),
          terms: terms(),
        })),
      );
    expect(batch([3, 3, 2])).toMatch(/no token/);
    expect(typeof batch([3, 3, 3, 3, 3, 3, 3, 3])).toBe('object');
    expect(place(entry, 3)).toBe(false);
  });

  test('the account’s own limits are used once they are known', () => {
    const { entry, clock } = scripted();
    entry.useLimits({ ratePerSecond: 300, capacity: 300 });
    expect(placed(entry)).toBe(24);
    clock.runTo(SECOND);
    expect(placed(entry)).toBe(24);
  });

  test('property: whatever is asked for, no shard is billed more than its bucket and its refill, and orders leave their part', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('create' as const), shard: fc.constantFrom(0, 2) }),
      fc.record({ kind: fc.constant('cancel' as const), shard: fc.constantFrom(0, 2) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { entry, calls, clock } = scripted();
        for (const each of steps) {
          if (each.kind === 'wait') clock.runTo(clock.at + each.ms * 1_000);
          else if (each.kind === 'cancel')
            entry.cancel({ orderId: 'o', ticker: 'T', exchangeIndex: each.shard }).subscribe();
          else {
            const found = entry.create({ order: approved({ exchangeIndex: each.shard }), terms: terms() });
            if (typeof found !== 'string') found.send().subscribe();
          }
        }
        clock.runTo(clock.at + 60 * SECOND);
        const cancels = steps.filter(({ kind }) => kind === 'cancel').length;
        expect(calls.filter(({ method }) => method === 'DELETE')).toHaveLength(cancels);
        for (const shard of [0, 2]) {
          // The oracle: the venue's own bucket, refilled by its rate.
          let level = 100;
          let last = 0;
          for (const { method, path, body, at } of calls) {
            const own = path.includes('exchange_index')
              ? path.includes(`exchange_index=${shard}`)
              : (body as Record<string, unknown>)['exchange_index'] === shard;
            if (!own) continue;
            level = Math.min(100, level + ((at - last) / SECOND) * 100);
            last = at;
            level -= method === 'POST' ? 10 : 2;
            expect(level).toBeGreaterThanOrEqual((method === 'POST' ? 20 : 0) - 1e-6);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('orderEntry against the emulated exchange', () => {
  const code = (answer: Parameters<typeof bodyOf>[0]): unknown =>
    (bodyOf(answer)['error'] as Record<string, unknown> | undefined)?.['code'];

  test('an order is made, amended, decreased and cancelled where it is', () => {
    const { entry, order, all, resting, ticker } = emulatedExchange();
    const made = order({ count: count(500) });
    const [created] = all(ready(entry.create({ order: made, terms: terms() })).send());
    expect(statusOf(created)).toBe(201);
    const orderId = String(bodyOf(created)['order_id']);
    const address = { orderId, ticker, exchangeIndex: 2 };
    const [amended] = all(
      ready(
        entry.amend(orderId, {
          order: { ...made, limitTicks: priceTicks(200), count: count(400) },
          terms: terms(),
        }),
      ).send(),
    );
    expect([statusOf(amended), bodyOf(amended)['remaining_count']]).toEqual([200, '4.00']);
    const [decreased] = all(entry.decrease(address, { reduceBy: count(150) }));
    expect([statusOf(decreased), bodyOf(decreased)['remaining_count']]).toEqual([200, '2.50']);
    expect(resting()).toMatchObject([
      { yes_price_dollars: '0.0200', remaining_count_fp: '2.50', cancel_order_on_pause: true },
    ]);
    const [cancelled] = all(entry.cancel(address));
    expect([statusOf(cancelled), resting().length]).toEqual([200, 0]);
  });

  test('batches are made and cancelled, and a cancel of all leaves nothing', () => {
    const { entry, order, all, resting, ticker, run } = emulatedExchange();
    const three = [1, 2, 3].map(() => ({ order: order(), terms: terms() }));
    const [made] = all(ready(entry.createBatch(three)).send());
    const ids = (bodyOf(made)['orders'] as readonly Record<string, unknown>[]).map((each) =>
      String(each['order_id']),
    );
    expect(resting()).toHaveLength(3);
    all(entry.cancelBatch(ids.slice(1).map((orderId) => ({ orderId, ticker, exchangeIndex: 2 }))));
    expect(resting().map((each) => each['order_id'])).toEqual([ids[0]]);
    run(1);
    const [ended] = all(entry.cancelAll());
    expect([statusOf(ended), resting().length]).toEqual([204, 0]);
  });

  test('the dead man’s switch ends what rests when nobody renews it', () => {
    const { entry, order, all, resting, run } = emulatedExchange();
    all(ready(entry.create({ order: order(), terms: terms({ restMaxMicros: 5 * SECOND }) })).send());
    run(3);
    expect(resting()).toHaveLength(1);
    run(3);
    expect(resting()).toHaveLength(0);
  });

  test('whatever is lost on the way, each call is sent once', () => {
    const { entry, order, all, sent, fault, resting } = emulatedExchange();
    fault('timeoutAfterAccept@0+60s=1:kalshi/create');
    const [lost] = all(ready(entry.create({ order: order(), terms: terms() })).send());
    expect(lost).toMatchObject({ kind: 'failed', arrived: true });
    fault('serverErrorAfterAccept@0+60s=1:kalshi/create');
    const [failed] = all(ready(entry.create({ order: order(), terms: terms() })).send());
    expect(statusOf(failed)).toBe(503);
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(resting()).toHaveLength(2);
  });

  test.each(['timeoutAfterAccept', 'serverErrorAfterAccept'] as const)(
    'a change of orders whose answer is lost (%s) is sent once and done, and the list of orders says so',
    (kind) => {
      const { entry, order, all, sent, fault, resting, ticker } = emulatedExchange();
      const one = order({ count: count(500) });
      const other = order({ count: count(500) });
      all(ready(entry.createBatch([one, other].map((each) => ({ order: each, terms: terms() })))).send());
      const idOf = (clientOrderId: string): string =>
        String(resting().find((each) => each['client_order_id'] === clientOrderId)?.['order_id']);
      const address = (orderId: string) => ({ orderId, ticker, exchangeIndex: 2 });
      const remaining = (): unknown => resting().map((each) => each['remaining_count_fp']);
      const lost = (call: string, answer$: Observable<HttpAnswer>): void => {
        fault(`${kind}@0+60s=1:kalshi/${call}`);
        const before = sent.length;
        const [answer] = all(answer$);
        expect(answer?.kind === 'failed' ? answer.arrived : answer?.status === 503).toBe(true);
        expect(sent.length - before).toBe(1);
      };
      const smaller = { order: { ...one, count: count(300) }, terms: terms() };
      lost('amend', ready(entry.amend(idOf(one.clientOrderId), smaller)).send());
      expect(remaining()).toEqual(expect.arrayContaining(['3.00', '5.00']));
      lost('decrease', entry.decrease(address(idOf(other.clientOrderId)), { reduceTo: count(100) }));
      expect(remaining()).toEqual(expect.arrayContaining(['3.00', '1.00']));
      lost('batchCancel', entry.cancelBatch([one, other].map((each) => address(idOf(each.clientOrderId)))));
      expect(remaining()).toEqual([]);
      const more = [order(), order()].map((each) => ({ order: each, terms: terms() }));
      lost('batchCreate', ready(entry.createBatch(more)).send());
      expect(resting()).toHaveLength(2);
      lost('cancelAll', entry.cancelAll());
      expect(resting()).toHaveLength(0);
    },
  );

  test('an order that rests is renewed by another id: an amendment keeps its end', () => {
    const { entry, order, all, resting, run, ticker } = emulatedExchange();
    const first = order();
    const made = all(
      ready(entry.create({ order: first, terms: terms({ restMaxMicros: 6 * SECOND }) })).send(),
    );
    const orderId = String(bodyOf(made[0])['order_id']);
    const before = resting()[0]?.['expiration_time'];
    run(3);
    const smaller = { ...first, count: count(50) };
    all(ready(entry.amend(orderId, { order: smaller, terms: terms({ restMaxMicros: 60 * SECOND }) })).send());
    expect(resting()).toMatchObject([{ order_id: orderId, expiration_time: before }]);
    // The old one is gone before the new one is there, so that they never fill together.
    expect(statusOf(all(entry.cancel({ orderId, ticker, exchangeIndex: 2 }))[0])).toBe(200);
    all(ready(entry.create({ order: order(), terms: terms({ restMaxMicros: 6 * SECOND }) })).send());
    run(4);
    expect(resting()).toHaveLength(1);
    run(4);
    expect(resting()).toHaveLength(0);
  });

  test('a pause refuses with its code, and the sweep takes what rests; a paused exchange refuses cancels too', () => {
    const { entry, order, all, fault, run, resting, ticker } = emulatedExchange();
    const [made] = all(ready(entry.create({ order: order(), terms: terms() })).send());
    const address = { orderId: String(bodyOf(made)['order_id']), ticker, exchangeIndex: 2 };
    fault(`marketHalt@0+2s:kalshi/${ticker}`);
    run(0.1);
    expect(code(all(ready(entry.create({ order: order(), terms: terms() })).send())[0])).toBe(
      'trading_is_paused',
    );
    run(3);
    expect(resting()).toHaveLength(0);
    fault('exchangePause@0+2s:kalshi');
    run(0.1);
    expect(code(all(entry.cancel(address))[0])).toBe('exchange_is_paused');
  });

  test('the same id a second time is refused, and one cancelled is used up', () => {
    const { entry, order, all } = emulatedExchange();
    const once = order();
    all(ready(entry.create({ order: once, terms: terms() })).send());
    all(entry.cancelAll());
    expect(code(all(ready(entry.create({ order: once, terms: terms() })).send())[0])).toBe(
      'order_already_exists',
    );
  });

  test('an order outside the real account’s bucket is never sent, so the venue never says 429', () => {
    const { entry, order, all, sent, run } = emulatedExchange({ rateLimited: true });
    run(2);
    let kept = 0;
    for (let i = 0; i < 30; i++) {
      const found = entry.create({ order: order(), terms: terms() });
      if (typeof found === 'string') kept++;
      else expect(statusOf(all(found.send())[0])).toBe(201);
    }
    expect(kept).toBeGreaterThan(0);
    expect(statusOf(all(entry.cancelAll())[0])).toBe(204);
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(30 - kept);
  });
});
