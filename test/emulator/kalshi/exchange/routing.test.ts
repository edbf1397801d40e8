import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CONTRACT, exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const ORDERS = '/portfolio/events/orders';
const NOT_FOUND = { status: 404, json: { error: { code: 'not_found', message: 'not found' } } };

/** A book, and one order that rests in it on shard 2. */
const resting = (change: Readonly<Record<string, unknown>> = {}) => {
  const bench = exchangeBench();
  bench.open([[48, 5]], [[52, 5]]);
  const { json } = bench.order({ price: '0.4000', count: '5.00', ...change });
  const id = String(json['order_id']);
  return {
    ...bench,
    id,
    status: () =>
      (bench.call('GET', `/portfolio/orders/${id}`).json['order'] as Record<string, unknown>)['status'],
  };
};

describe('a call about an order goes to one shard', () => {
  test('a cancel, a decrease and a batch item without a shard or a market find nothing, and the order rests on', () => {
    const { call, id, status } = resting();
    expect(call('DELETE', `${ORDERS}/${id}`)).toEqual(NOT_FOUND);
    expect(call('POST', `${ORDERS}/${id}/decrease`, { reduce_by: '1.00' })).toEqual(NOT_FOUND);
    const { json } = call('DELETE', `${ORDERS}/batched`, { orders: [{ order_id: id }] });
    expect(json['orders']).toEqual([{ order_id: id, reduced_by: '0.00', error: NOT_FOUND.json.error }]);
    expect(status()).toBe('resting');
  });

  test.each([
    ['exchange_index=2'],
    [`market_ticker=${CONTRACT.ticker}`],
    [`exchange_index=-1&market_ticker=${CONTRACT.ticker}`],
    [`exchange_index=2&market_ticker=UNKNOWN`],
  ])('a cancel with %s cancels', (query) => {
    const { call, id, status } = resting();
    expect(call('DELETE', `${ORDERS}/${id}?${query}`).status).toBe(200);
    expect(status()).toBe('canceled');
  });

  test.each([
    ['exchange_index=0', 404],
    ['exchange_index=3', 404],
    [`exchange_index=0&market_ticker=${CONTRACT.ticker}`, 404],
    ['market_ticker=UNKNOWN', 404],
    ['exchange_index=-1', 400],
    ['exchange_index=two', 400],
    ['subaccount=1&exchange_index=2', 404],
    ['subaccount=64&exchange_index=2', 400],
  ])('a cancel with %s is %i, and the order rests on', (query, code) => {
    const { call, id, status } = resting();
    expect(call('DELETE', `${ORDERS}/${id}?${query}`).status).toBe(code);
    expect(status()).toBe('resting');
  });

  test('an amendment is routed by its ticker, and not by a shard that is not the market’s', () => {
    const { call, id } = resting();
    const amend = (change: object) =>
      call('POST', `${ORDERS}/${id}/amend`, {
        ticker: CONTRACT.ticker,
        side: 'bid',
        price: '0.4100',
        count: '5.00',
        ...change,
      });
    expect(amend({ exchange_index: 0 })).toEqual(NOT_FOUND);
    expect(amend({}).status).toBe(200);
    expect(amend({ exchange_index: 2, price: '0.4200' }).status).toBe(200);
  });

  test('property: whatever is named, an order is cancelled exactly if its own shard and subaccount are reached', () => {
    const index = fc.option(fc.integer({ min: -1, max: 4 }), { nil: undefined });
    const ticker = fc.option(fc.constantFrom(CONTRACT.ticker, 'UNKNOWN'), { nil: undefined });
    const subaccount = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
    fc.assert(
      fc.property(index, ticker, subaccount, fc.boolean(), (shard, market, account, batch) => {
        const { call, id, status } = resting();
        const given = Object.entries({
          exchange_index: shard,
          market_ticker: market,
          subaccount: account,
        }).filter(([, value]) => value !== undefined);
        if (batch)
          call('DELETE', `${ORDERS}/batched`, { orders: [{ order_id: id, ...Object.fromEntries(given) }] });
        else call('DELETE', `${ORDERS}/${id}?${given.map(([key, value]) => `${key}=${value}`).join('&')}`);
        const named = shard === undefined || shard === -1 ? undefined : shard;
        const reached = named ?? (market === undefined ? 0 : market === CONTRACT.ticker ? 2 : undefined);
        const cancels = reached === 2 && (account ?? 0) === 0;
        expect(status()).toBe(cancels ? 'canceled' : 'resting');
      }),
    );
  });

  test('the writes of before V2 are gone', () => {
    const { call } = resting();
    for (const [method, path] of [
      ['POST', '/portfolio/orders'],
      ['DELETE', '/portfolio/orders/an-id'],
      ['POST', '/portfolio/orders/batched'],
    ] as const)
      expect(call(method, path, {}).status).toBe(410);
  });
});

describe('client order ids', () => {
  test('a dot is refused, and so the ticker of a strike', () => {
    const { order } = resting();
    for (const id of ['a.b', CONTRACT.ticker, 'a b', 'ä', 'a/b'])
      expect(order({ client_order_id: id })).toMatchObject({
        status: 400,
        json: { error: { code: 'invalid_parameters' } },
      });
  });

  test('property: an id is taken exactly if all its characters are letters, digits, "_" or "-"', () => {
    const character = fc.oneof(
      fc.constantFrom(...'azAZ09_-'),
      fc.constantFrom(...'.:/ +#é'),
      fc.string({ maxLength: 1 }),
    );
    const { order } = resting();
    let n = 0;
    fc.assert(
      fc.property(fc.array(character, { maxLength: 20 }), (characters) => {
        const id = `${n++}${characters.join('')}`;
        const good = [...id].every((one) =>
          'abcdefghijklmnopqrstuvwxyz0123456789_-'.includes(one.toLowerCase()),
        );
        expect(order({ client_order_id: id, price: '0.0100' }).status).toBe(
          // A few letters change their case into ASCII; they are refused.
          good && /^[\x20-\x7e]*$/.test(id) ? 201 : 400,
        );
      }),
    );
  });

  test('an amendment may not bring a dot either', () => {
    const { call, id } = resting();
    const body = { ticker: CONTRACT.ticker, side: 'bid', price: '0.4100', count: '5.00' };
    const amend = (name: string) =>
      call('POST', `${ORDERS}/${id}/amend`, { ...body, updated_client_order_id: name }).status;
    expect([amend('a.b'), amend('a-b')]).toEqual([400, 200]);
  });

  test('a killed fill-or-kill uses up its id and leaves no order', () => {
    const { order, call } = resting();
    const kill = () =>
      order({ client_order_id: 'once', count: '50.00', price: '0.5200', time_in_force: 'fill_or_kill' });
    expect(kill()).toMatchObject({
      status: 409,
      json: { error: { code: 'fill_or_kill_insufficient_resting_volume' } },
    });
    expect(kill()).toMatchObject({ status: 409, json: { error: { code: 'order_already_exists' } } });
    expect(order({ client_order_id: 'once' }).status).toBe(409);
    const { orders } = call('GET', '/portfolio/orders').json as { orders: { client_order_id: string }[] };
    expect(orders.map((each) => each.client_order_id)).not.toContain('once');
  });

  test('an order that was refused for another reason may use its id again', () => {
    const { order } = resting();
    expect(order({ client_order_id: 'again', price: '0.5050' }).status).toBe(400);
    expect(order({ client_order_id: 'again', count: '90000.00' }).json).toMatchObject({
      error: { code: 'insufficient_balance' },
    });
    expect(order({ client_order_id: 'again' }).status).toBe(201);
  });
});
