import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { dataPath, describeData } from '../../../support/data.ts';
import { CONTRACT, exchangeBench } from './exchange-bench.ts';

type Json = Readonly<Record<string, unknown>>;

const read = (name: string): Json =>
  JSON.parse(readFileSync(dataPath('kalshi', 'wire', 'demo-2026-06', `${name}.json`), 'utf8')) as Json;
/** An error as recorded, without `service`, which the exchange dropped in August 2026. */
const recordedError = (name: string): Json => {
  const body = read(name);
  const { service: _, ...error } = (body['error'] ?? {}) as Json;
  return body['error'] === undefined ? body : { error };
};
const meta = (name: string) =>
  read(`${name}.meta`) as { readonly status: number; readonly request_body: Json | null };
/** The recorded request, for the bench's market. */
const request = (name: string, change: Json = {}): Json => ({
  ...meta(name).request_body,
  ticker: CONTRACT.ticker,
  ...change,
});
const quoted = () => {
  const bench = exchangeBench();
  bench.open([[48, 5]], [[52, 5]]);
  return bench;
};
const ORDERS = '/portfolio/events/orders';
const keys = (value: unknown): readonly string[] => Object.keys(value as object).sort();

describeData('order entry answers as the demo exchange did on 11 June 2026', () => {
  test.each([
    ['orders__insufficient_balance', {}],
    ['orders__numeric_field_types', {}],
    ['orders__post_only_cross', {}],
    ['orders__invalid_price_structure', {}],
  ])('%s, to the recorded request', (name, change) => {
    const { status, json } = quoted().call('POST', ORDERS, request(name, change));
    expect(status).toBe(meta(name).status);
    expect(json).toEqual(recordedError(name));
  });

  test('a client order id is used up, resting or cancelled', () => {
    const bench = quoted();
    const first = bench.call('POST', ORDERS, request('orders__create_v2_maker'));
    expect(first.status).toBe(meta('orders__create_v2_maker').status);
    expect(keys(first.json)).toEqual(keys(read('orders__create_v2_maker')));
    const again = () => bench.call('POST', ORDERS, request('orders__duplicate_client_order_id'));
    expect(again().json).toEqual(recordedError('orders__duplicate_client_order_id'));
    const path = `${ORDERS}/${String(first.json['order_id'])}?exchange_index=2`;
    const cancelled = bench.call('DELETE', path);
    expect(keys(cancelled.json).filter((key) => key !== 'client_order_id')).toEqual(
      keys(read('orders__cancel_v2')),
    );
    expect(again().json).toEqual(recordedError('orders__reuse_canceled_client_id'));
    for (const name of ['orders__cancel_already_canceled', 'orders__cancel_unknown_id']) {
      const answer = bench.call('DELETE', name.endsWith('id') ? `${ORDERS}/unknown?exchange_index=2` : path);
      expect(answer).toEqual({ status: meta(name).status, json: recordedError(name) });
    }
  });

  test('a taker at 0.52 pays the recorded fee, and an executed order is no longer there to cancel', () => {
    const bench = quoted();
    const name = 'orders__create_v2_taker_ioc';
    const { json } = bench.call('POST', ORDERS, request(name));
    const { order_id: _, ts_ms: __, ...told } = read(name);
    expect(json).toMatchObject(told);
    expect(keys(json)).toEqual(keys(read(name)));
    expect(bench.call('DELETE', `${ORDERS}/${String(json['order_id'])}?exchange_index=2`).json).toEqual(
      recordedError('orders__cancel_executed'),
    );
  });

  test('an order that would meet an own one is accepted, does nothing, and leaves that one resting', () => {
    const bench = quoted();
    bench.open([], [[52, 5]]);
    const own = bench.call('POST', ORDERS, request('orders__stp_setup'));
    const { order_id: _, ts_ms: __, client_order_id: ___, ...told } = read('orders__stp_self_cross');
    expect(bench.call('POST', ORDERS, request('orders__stp_self_cross')).json).toMatchObject(told);
    const order = bench.call('GET', `/portfolio/orders/${String(own.json['order_id'])}`).json[
      'order'
    ] as Json;
    const recorded = read('orders__stp_resting_after')['order'] as Json;
    for (const key of ['status', 'remaining_count_fp', 'yes_price_dollars', 'no_price_dollars', 'book_side'])
      expect([key, order[key]]).toEqual([key, recorded[key]]);
    for (const key of keys(recorded)) expect([key, typeof order[key]]).toEqual([key, typeof recorded[key]]);
  });

  test.each([
    ['fills__after_taker', '/portfolio/fills', 'fills'],
    ['portfolio__orders_list', '/portfolio/orders', 'orders'],
    ['portfolio__positions', '/portfolio/positions', 'market_positions'],
    ['portfolio__positions', '/portfolio/positions', 'event_positions'],
  ])('%s: every key of the recorded %s is there with its type (%s)', (name, path, list) => {
    const bench = quoted();
    bench.order({ price: '0.5200', time_in_force: 'immediate_or_cancel' });
    const [row] = bench.call('GET', path).json[list] as Json[];
    const [recorded = {}] = read(name)[list] as Json[];
    for (const key of keys(recorded)) expect([key, typeof row?.[key]]).toEqual([key, typeof recorded[key]]);
  });

  test('the balance has every recorded key with its type', () => {
    const recorded = read('auth__balance_ok');
    const { json } = quoted().call('GET', '/portfolio/balance');
    for (const key of keys(recorded)) expect([key, typeof json[key]]).toEqual([key, typeof recorded[key]]);
  });
});
