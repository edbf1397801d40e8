import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CancelOrderV2Response, CreateOrderV2Response } from 'kalshi-typescript';
import type { GatewayEvent, OrderRequest, RequestOutcome } from '../../../src/domain/events/order.ts';
import { count, fixedPoint, priceTicks } from '../../../src/domain/money.ts';
import { orderAnswer } from '../../../src/venues/kalshi/order-answer.ts';
import { CONTRACT, exchangeBench } from '../../emulator/kalshi/exchange/exchange-bench.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { demoBodies } from './recorded.ts';

const AT = 7;
const asked = (
  change: Partial<Omit<OrderRequest, 'count' | 'limitTicks'>> & { count?: number; limitTicks?: number } = {},
): OrderRequest => ({
  action: 'place',
  clientOrderId: 'o1',
  ticker: CONTRACT.ticker,
  exchangeIndex: 2,
  side: 'bid',
  ...change,
  limitTicks: priceTicks(change.limitTicks ?? 5_200),
  count: count(change.count ?? 1_500),
});
const about = { clientOrderId: 'o1', ticker: CONTRACT.ticker, at: AT };
const answered = (status: number, body: unknown, request: OrderRequest = asked()): readonly GatewayEvent[] =>
  orderAnswer({
    at: AT,
    request,
    outcome: { kind: 'answered', status, text: typeof body === 'string' ? body : JSON.stringify(body) },
  });
const create = (change: Partial<CreateOrderV2Response> = {}): CreateOrderV2Response => ({
  order_id: 'x',
  client_order_id: 'o1',
  fill_count: '0.00',
  remaining_count: '0.00',
  ts_ms: 1,
  ...change,
});
const cancel = asked({ action: 'cancel' });
const cancelled: CancelOrderV2Response = {
  order_id: 'x',
  client_order_id: 'o1',
  reduced_by: '5.00',
  ts_ms: 1,
};
const unknown = (why: unknown) => [{ kind: 'orderUnknown', ...about, why }];

describe('orderAnswer: placing', () => {
  test('a request that left is submitted; silence and a broken connection leave it unknown', () => {
    const of = (outcome: RequestOutcome) => orderAnswer({ at: AT, request: asked(), outcome });
    expect(of({ kind: 'sent' })).toEqual([{ kind: 'orderSubmitted', ...about }]);
    expect(of({ kind: 'timedOut' })).toEqual(unknown('place: no answer in time'));
    expect(of({ kind: 'lost', why: 'reset' })).toEqual(unknown('place: the connection was lost: reset'));
  });

  test('a fill at several prices is one fill at their average, rounded against us, with the exact cash', () => {
    const body = create({
      fill_count: '15.00',
      average_fill_price: '0.513333',
      average_fee_paid: '0.017487',
    });
    expect(answered(201, body)).toEqual([
      {
        kind: 'fill',
        ...about,
        fillId: 'o1-answer',
        side: 'bid',
        priceTicks: 5_134,
        count: 1_500,
        taker: true,
        fee: 262_305,
        cash: -79_623,
      },
      { kind: 'orderDone', ...about, state: 'filled', filled: 1_500 },
    ]);
    // Ten at .49 and five at .48: what NO costs is the rest of the dollar.
    const sold = answered(
      201,
      create({ fill_count: '15.00', average_fill_price: '0.486667', average_fee_paid: '0.0175' }),
      asked({ side: 'ask', limitTicks: 4_800 }),
    );
    expect(sold[0]).toMatchObject({ side: 'ask', priceTicks: 4_866, fee: 262_500, cash: -79_625 });
  });

  test('what is left rests; without that the order is done, cancelled where it was not filled whole', () => {
    expect(answered(201, create({ remaining_count: '15.00' }))).toEqual([
      { kind: 'orderResting', ...about, remaining: 1_500 },
    ]);
    expect(answered(201, create())).toEqual([{ kind: 'orderDone', ...about, state: 'cancelled', filled: 0 }]);
    const part = { fill_count: '4.00', average_fill_price: '0.5200', average_fee_paid: '0.0175' };
    expect(answered(201, create(part)).map(({ kind }) => kind)).toEqual(['fill', 'orderDone']);
    expect(answered(201, create({ ...part, remaining_count: '11.00' })).at(-1)).toMatchObject({
      kind: 'orderResting',
      remaining: 1_100,
    });
  });

  test.each([
    [{ client_order_id: 'o2' }, /the answer is of order o2/],
    [{ fill_count: '16.00' }, /more than was asked for/],
    [{ fill_count: '10.00', remaining_count: '6.00' }, /more than was asked for/],
    [{ fill_count: '-1.00' }, /must be counts/],
    [{ fill_count: '1.001' }, /must be counts/],
    [{ fill_count: '1.00' }, /average_fill_price must be within a dollar, was undefined/],
    [{ fill_count: '1.00', average_fill_price: '0.5200' }, /average_fee_paid must be/],
    [{ fill_count: '1.00', average_fill_price: '0.5201', average_fee_paid: '0' }, /beyond the limit/],
    [{ fill_count: '1.00', average_fill_price: '1.0000', average_fee_paid: '0' }, /within a dollar/],
  ])('a success that this request cannot have led to, %j, is unknown', (change, why) => {
    expect(answered(201, create(change))).toEqual(unknown(expect.stringMatching(why)));
  });

  test.each([
    [400, { error: { code: 'invalid_price', message: 'invalid price' } }, 'invalid_price: invalid price'],
    [400, { code: 'bad_request', message: 'bad request', details: 'json: …' }, 'bad_request: json: …'],
    [400, { msg: 'Parameter validation failed' }, 'validation: Parameter validation failed'],
    [429, { error: 'too many requests' }, 'too_many_requests'],
    [404, { error: { code: 'not_found' } }, 'not_found'],
    [409, { error: { code: 'trading_is_paused', message: 'paused' } }, 'trading_is_paused: paused'],
    [
      409,
      { error: { code: 'fill_or_kill_insufficient_resting_volume' } },
      'fill_or_kill_insufficient_resting_volume',
    ],
  ])('%d in any of the four shapes is a rejection in Kalshi’s own code: %j', (status, body, why) => {
    expect(answered(status, body)).toEqual([{ kind: 'orderRejected', ...about, why }]);
  });

  test.each([
    [409, { error: { code: 'order_already_exists', message: 'order already exists' } }],
    [409, { error: { code: 'order_already_exists:_0000' } }],
    [408, { error: { code: 'request_timeout' } }],
    [400, '<html>'],
    [500, { error: { code: 'internal' } }],
    [503, ''],
    [302, ''],
    [201, 'created'],
    [201, {}],
    [200, null],
  ])('%d with %j is unknown: the order may stand', (status, body) => {
    expect(answered(status, body)).toEqual(unknown(expect.any(String)));
  });
});

describe('orderAnswer: cancelling', () => {
  test('a cancelled order is done, with what had filled before', () => {
    expect(answered(200, cancelled, cancel)).toEqual([
      { kind: 'orderDone', ...about, state: 'cancelled', filled: 1_000 },
    ]);
    expect(answered(200, { ...cancelled, reduced_by: '0.00' }, cancel)).toEqual([
      { kind: 'orderDone', ...about, state: 'filled', filled: 1_500 },
    ]);
    expect(answered(200, { ...cancelled, client_order_id: 'o2' }, cancel)).toEqual(
      unknown('cancel: the answer is of order o2'),
    );
    expect(answered(200, { ...cancelled, reduced_by: '15.01' }, cancel)).toEqual(
      unknown(expect.stringMatching(/reduced_by must be no more/)),
    );
  });

  test('a refused cancel says nothing certain, and a 404 without a shard says which shard was asked', () => {
    const notFound = { error: { code: 'not_found', message: 'not found' } };
    expect(answered(404, notFound, cancel)).toEqual(unknown('cancel: 404 not_found: not found'));
    expect(answered(404, notFound, asked({ action: 'cancel', exchangeIndex: undefined }))).toEqual(
      unknown('cancel: 404 not_found: not found; no shard was named, so shard 0 was asked'),
    );
    expect(answered(429, { error: 'too many requests' }, cancel)).toEqual(
      unknown('cancel: 429 too_many_requests'),
    );
    expect(orderAnswer({ at: AT, request: cancel, outcome: { kind: 'sent' } })).toEqual([]);
    expect(orderAnswer({ at: AT, request: cancel, outcome: { kind: 'timedOut' } })).toHaveLength(1);
  });
});

describe('orderAnswer: any text', () => {
  const wild = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom('1.00', '0.5', '1e9', 'NaN', '-0'),
  );
  test('property: whatever the venue says, it gives events of this order and never throws', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .record(
              {
                order_id: wild,
                client_order_id: fc.constantFrom('o1', 'o2', ''),
                fill_count: fc.oneof(wild, fc.double()),
                remaining_count: wild,
                average_fill_price: fc.oneof(wild, fc.double()),
                average_fee_paid: wild,
                reduced_by: wild,
              },
              { requiredKeys: [] },
            )
            .map((body) => JSON.stringify(body)),
        ),
        fc.constantFrom('place' as const, 'cancel' as const),
        (status, text, action) => {
          const events = answered(status, text, asked({ action, count: Number.MAX_SAFE_INTEGER }));
          for (const { clientOrderId, ticker, at } of events)
            expect({ clientOrderId, ticker, at }).toEqual(about);
          const ends = events.filter(({ kind }) => kind !== 'fill');
          expect(ends).toHaveLength(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('orderAnswer on the emulator’s own answers', () => {
  const quoted = () => {
    const bench = exchangeBench();
    bench.open(
      [
        [49, 10],
        [47, 3],
        [41, 20],
      ],
      [
        [51, 10],
        [52, 3],
        [59, 20],
      ],
    );
    return bench;
  };

  test('property: what an order took is booked to the cent of a cent, as the exchange booked it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('bid' as const, 'ask' as const),
        fc.integer({ min: 1, max: 4_900 }),
        fc.constantFrom('immediate_or_cancel', 'good_till_canceled'),
        (side, size, time_in_force) => {
          const bench = quoted();
          const limit = side === 'bid' ? 5_900 : 4_100;
          const before = fixedPoint(
            String(bench.call('GET', '/portfolio/balance').json['balance_dollars']),
            4,
          );
          const { status, json } = bench.order({
            client_order_id: 'o1',
            side,
            count: (size / 100).toFixed(2),
            price: (limit / 10_000).toFixed(4),
            time_in_force,
          });
          const events = answered(status, json, asked({ side, limitTicks: limit, count: size }));
          const [fill] = events.filter((event) => event.kind === 'fill');
          const [end] = events.filter((event) => event.kind !== 'fill');
          expect(fill?.count).toBe(Math.min(size, 3_300));
          const rests = size > 3_300 && time_in_force === 'good_till_canceled';
          expect(end).toMatchObject(
            rests
              ? { kind: 'orderResting', remaining: size - 3_300 }
              : { kind: 'orderDone', state: size > 3_300 ? 'cancelled' : 'filled', filled: fill?.count },
          );
          if (rests)
            bench.call('DELETE', `/portfolio/events/orders/${String(json['order_id'])}?exchange_index=2`);
          const after = fixedPoint(
            String(bench.call('GET', '/portfolio/balance').json['balance_dollars']),
            4,
          );
          expect((after ?? 0) - (before ?? 0)).toBe(fill?.cash);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('its refusals are rejections, its repeated ids and cancels of the unknown are not', () => {
    const bench = quoted();
    const kindOf = (call: { status: number; json: unknown }, request = asked()) =>
      answered(call.status, call.json, request).map(({ kind }) => kind);
    expect(kindOf(bench.order({ client_order_id: 'o1', price: '0.5150' }))).toEqual(['orderRejected']);
    expect(kindOf(bench.order({ client_order_id: 'o1', count: '9000000.00' }))).toEqual(['orderRejected']);
    expect(kindOf(bench.order({ client_order_id: 'o1', price: '0.6000', post_only: true }))).toEqual([
      'orderRejected',
    ]);
    expect(kindOf(bench.order({ client_order_id: 'o1', count: 1 }))).toEqual(['orderRejected']);
    const { json } = bench.order({ client_order_id: 'o1', price: '0.4000', count: '15.00' });
    expect(kindOf(bench.order({ client_order_id: 'o1' }))).toEqual(['orderUnknown']);
    const path = `/portfolio/events/orders/${String(json['order_id'])}?exchange_index=2`;
    expect(kindOf(bench.call('DELETE', path), cancel)).toEqual(['orderDone']);
    expect(kindOf(bench.call('DELETE', path), cancel)).toEqual(['orderUnknown']);
  });
});

describeData('orderAnswer on bodies that the demo exchange sent', () => {
  interface Meta {
    readonly method: string;
    readonly path: string;
    readonly request_body: Readonly<Record<string, string>> | null;
  }
  const replies = () =>
    demoBodies().flatMap(({ name, status, text }) => {
      const meta = JSON.parse(
        readFileSync(dataPath('kalshi', 'wire', 'demo-2026-06', `${name}.meta.json`), 'utf8'),
      ) as Meta;
      if (!meta.path.includes('/portfolio/events/orders') || meta.method === 'GET') return [];
      const {
        client_order_id = 'o1',
        ticker = '',
        side = 'bid',
        price = '0',
        count: size = '1.00',
      } = meta.request_body ?? {};
      const request: OrderRequest = {
        action: meta.method === 'POST' ? 'place' : 'cancel',
        clientOrderId: client_order_id,
        ticker,
        exchangeIndex: 0,
        side: side === 'ask' ? 'ask' : 'bid',
        limitTicks: priceTicks(fixedPoint(String(price), 4) ?? 0),
        count: count(fixedPoint(String(size), 2) ?? 0),
      };
      return [{ name, request, events: answered(status, text, request) }];
    });

  test('each says what it said', () => {
    expect(
      Object.fromEntries(
        replies().map(({ name, events }) => [
          name,
          events.map((event) => ('state' in event ? event.state : event.kind)).join(' '),
        ]),
      ),
    ).toEqual({
      orders__cancel_already_canceled: 'orderUnknown',
      orders__cancel_executed: 'orderUnknown',
      orders__cancel_unknown_id: 'orderUnknown',
      orders__cancel_v2: 'cancelled',
      orders__create_v2_maker: 'orderResting',
      orders__create_v2_taker_ioc: 'fill filled',
      orders__duplicate_client_order_id: 'orderUnknown',
      orders__insufficient_balance: 'orderRejected',
      orders__invalid_price_structure: 'orderRejected',
      orders__numeric_field_types: 'orderRejected',
      orders__post_only_cross: 'orderRejected',
      orders__reuse_canceled_client_id: 'orderUnknown',
      orders__settlement_seed: 'fill filled',
      orders__stp_self_cross: 'cancelled',
      orders__stp_setup: 'orderResting',
    });
    const taken = replies().find(({ name }) => name === 'orders__create_v2_taker_ioc')?.events[0];
    expect(taken).toMatchObject({ priceTicks: 5_200, count: 100, fee: 17_500, cash: -5_375 });
  });
});
