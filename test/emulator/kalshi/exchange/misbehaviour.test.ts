import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/domain/time.ts';
import { CONTRACT, exchangeBench } from './exchange-bench.ts';

const ORDERS = '/portfolio/events/orders';

/** Two orders that rest, at 40 and at 41 cents. */
const resting = () => {
  const bench = exchangeBench();
  bench.open([[48, 5]], [[52, 5]]);
  const place = (price: string, count: string) =>
    bench.order({ price, count, client_order_id: `at-${price.slice(2)}` });
  const [first, second] = [place('0.4000', '3.00'), place('0.4100', '7.00')].map(({ json }) =>
    String(json['order_id']),
  );
  return {
    ...bench,
    first: first ?? '',
    second: second ?? '',
    status: (id: string | undefined) =>
      (bench.call('GET', `/portfolio/orders/${id}`).json['order'] as { status: string }).status,
    cancel: (id: string | undefined) => bench.call('DELETE', `${ORDERS}/${id}?exchange_index=2`),
  };
};

describe('an answer that describes another order', () => {
  test('to a cancel: the right order is cancelled, the other is told, and only so many answers are wrong', () => {
    const { exchange, first, second, cancel, status, order } = resting();
    exchange.strike({ kind: 'wrongOrder', count: 1 });
    expect(cancel(first)).toMatchObject({
      status: 200,
      json: { order_id: second, client_order_id: 'at-4100', reduced_by: '7.00' },
    });
    expect([status(first), status(second)]).toEqual(['canceled', 'resting']);
    const third = String(order().json['order_id']);
    expect(cancel(third).json['order_id']).toBe(third);
  });

  test('to an amendment and in a batch', () => {
    const { exchange, first, second, call, status } = resting();
    exchange.strike({ kind: 'wrongOrder', count: 2 });
    const amended = call('POST', `${ORDERS}/${second}/amend`, {
      ticker: CONTRACT.ticker,
      side: 'bid',
      price: '0.4200',
      count: '7.00',
    });
    expect(amended.json).toMatchObject({
      order_id: first,
      client_order_id: 'at-4000',
      remaining_count: '3.00',
    });
    const { json } = call('DELETE', `${ORDERS}/batched`, {
      orders: [{ order_id: second, exchange_index: 2 }],
    });
    expect(json['orders']).toMatchObject([{ order_id: first, reduced_by: '3.00' }]);
    expect([status(first), status(second)]).toEqual(['resting', 'canceled']);
  });

  test('waits for a call that succeeds, and for another order to describe', () => {
    const bench = exchangeBench();
    bench.open([[48, 5]], [[52, 5]]);
    bench.exchange.strike({ kind: 'wrongOrder', count: 1 });
    const only = String(bench.order().json['order_id']);
    expect(bench.call('DELETE', `${ORDERS}/${only}?exchange_index=0`).status).toBe(404);
    expect(bench.call('DELETE', `${ORDERS}/${only}?exchange_index=2`).json['order_id']).toBe(only);
    const next = String(bench.order().json['order_id']);
    expect(bench.call('DELETE', `${ORDERS}/${next}?exchange_index=2`).json['order_id']).toBe(only);
  });
});

describe('a cancel-all with a tail', () => {
  test('also kills what is placed in the minute after it, though it was accepted', () => {
    const { exchange, call, order, pass, status } = resting();
    exchange.strike({ kind: 'cancelAllTail', on: true });
    call('DELETE', ORDERS);
    pass(59 * SECOND);
    const placed = order();
    expect(placed.status).toBe(201);
    const id = String(placed.json['order_id']);
    expect(status(id)).toBe('resting');
    pass(SECOND / 2);
    expect(status(id)).toBe('canceled');
    pass(SECOND);
    const later = String(order().json['order_id']);
    pass(MINUTE);
    expect(status(later)).toBe('resting');
  });

  test('of one subaccount kills nothing of another, and without the fault there is none', () => {
    const { exchange, call, order, pass, status } = resting();
    call('DELETE', ORDERS);
    const calm = String(order().json['order_id']);
    exchange.strike({ kind: 'cancelAllTail', on: true });
    call('DELETE', `${ORDERS}?subaccount=9`);
    const beside = String(order().json['order_id']);
    pass(SECOND);
    expect([status(calm), status(beside)]).toEqual(['resting', 'resting']);
  });
});

describe('a location attestation that lapsed', () => {
  test('refuses orders and amendments, takes cancels, and is over when it is renewed', () => {
    const { exchange, order, cancel, call, second, first } = resting();
    exchange.strike({ kind: 'attestationLapse', on: true });
    const refused = { status: 403, json: { error: { code: 'api_key_region_attestation_expired' } } };
    expect(order()).toMatchObject(refused);
    const body = { ticker: CONTRACT.ticker, side: 'bid', price: '0.4200', count: '7.00' };
    expect(call('POST', `${ORDERS}/${second}/amend`, body)).toMatchObject(refused);
    expect(cancel(first).status).toBe(200);
    exchange.strike({ kind: 'attestationLapse', on: false });
    expect(order().status).toBe(201);
  });
});
