import { setTimeout as waited } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { faultSchema } from '../../../src/emulator/transport/fault.ts';
import { type Served, serve } from '../../../src/emulator/transport/serve.ts';
import { until } from '../../support/until.ts';
import { type Bench, bench } from '../bench.ts';

type Row = Readonly<Record<string, unknown>>;
const ORDERS = '/portfolio/events/orders';
const GROUPS = '/portfolio/order_groups';
/** Loopback answers within a few milliseconds of what was done; what has not come by then is not sent. */
const PATIENCE_MS = 250;

let venues: Bench;
let served: Served;
let ticker: string;
let ids = 0;

beforeAll(async () => {
  venues = bench({ strikes: 4 });
  venues.run(3);
  served = await serve(venues.venues.kalshi, { venue: 'kalshi', port: 0, faults: venues.venues.faults });
  const markets = venues.call('GET', '/markets?limit=1000').json['markets'] as readonly Row[];
  ticker = String(markets.find((market) => String(market['ticker']).startsWith('KXBTCD-'))?.['ticker']);
});
afterAll(() => served?.close());

const order = (change: Row = {}): Row => ({
  ticker,
  client_order_id: `id-${++ids}`,
  side: 'bid',
  count: '3.00',
  price: '0.0100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  exchange_index: 2,
  ...change,
});
const orderOf = (id: string): Row => venues.call('GET', `/portfolio/orders/${id}`).json['order'] as Row;
const rest = (): string => String(venues.call('POST', ORDERS, order()).json['order_id']);
const listed = (clientId: unknown): boolean =>
  (venues.call('GET', '/portfolio/orders?limit=1000').json['orders'] as readonly Row[]).some(
    (each) => each['client_order_id'] === clientId,
  );
const group = (): string =>
  String(
    venues.call('POST', `${GROUPS}/create`, { contracts_limit: 5, exchange_index: 2 }).json['order_group_id'],
  );

/** What a call over loopback is answered; undefined if nothing is until `givenUp` aborts it. */
async function send({ method, path, body }: Case, givenUp?: AbortSignal): Promise<number | undefined> {
  try {
    const { status } = await fetch(`${served.httpUrl}/trade-api/v2${path}`, {
      method,
      headers: venues.signed(method, `/trade-api/v2${path}`),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(givenUp && { signal: givenUp }),
    });
    return status;
  } catch (cause) {
    if (givenUp?.aborted) return undefined;
    throw cause;
  }
}

interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Whether it was done. */
  readonly done: () => boolean;
}
const calls: Readonly<Record<string, () => Case>> = {
  create: () => {
    const body = order();
    return { method: 'POST', path: ORDERS, body, done: () => listed(body['client_order_id']) };
  },
  batchCreate: () => {
    const [one, two] = [order(), order()];
    return {
      method: 'POST',
      path: `${ORDERS}/batched`,
      body: { orders: [one, two] },
      done: () => listed(one['client_order_id']) && listed(two['client_order_id']),
    };
  },
  amend: () => {
    const id = rest();
    const body = { ticker, side: 'bid', price: '0.0200', count: '3.00', exchange_index: 2 };
    return {
      method: 'POST',
      path: `${ORDERS}/${id}/amend`,
      body,
      done: () => orderOf(id)['yes_price_dollars'] === '0.0200',
    };
  },
  decrease: () => {
    const id = rest();
    const body = { reduce_to: '1.00', exchange_index: 2 };
    return {
      method: 'POST',
      path: `${ORDERS}/${id}/decrease`,
      body,
      done: () => orderOf(id)['remaining_count_fp'] === '1.00',
    };
  },
  cancel: () => {
    const id = rest();
    return {
      method: 'DELETE',
      path: `${ORDERS}/${id}?exchange_index=2`,
      done: () => orderOf(id)['status'] === 'canceled',
    };
  },
  batchCancel: () => {
    const id = rest();
    const body = { orders: [{ order_id: id, exchange_index: 2 }] };
    return {
      method: 'DELETE',
      path: `${ORDERS}/batched`,
      body,
      done: () => orderOf(id)['status'] === 'canceled',
    };
  },
  cancelAll: () => {
    const id = rest();
    return { method: 'DELETE', path: ORDERS, done: () => orderOf(id)['status'] === 'canceled' };
  },
  groups: () => {
    const id = group();
    const { json } = venues.call('POST', ORDERS, order({ order_group_id: id }));
    return {
      method: 'PUT',
      path: `${GROUPS}/${id}/trigger?exchange_index=2`,
      done: () => orderOf(String(json['order_id']))['status'] === 'canceled',
    };
  },
};

describe.each(Object.keys(calls))('%s', (name) => {
  const prepare = (): Case => {
    const made = calls[name]?.();
    if (!made) throw new Error(`no case is named ${name}`);
    expect(made.done()).toBe(false);
    return made;
  };

  test('that times out after it was accepted was done, and is never answered', async () => {
    const made = prepare();
    venues.venues.faults.inject(
      faultSchema.parse({ kind: 'timeoutAfterAccept', venue: 'kalshi', only: name, value: 1 }),
    );
    const giveUp = new AbortController();
    const answer = send(made, giveUp.signal);
    await until('the call to be done', made.done);
    await waited(PATIENCE_MS);
    giveUp.abort();
    expect(await answer).toBeUndefined();
  });

  test('that is answered 503 after it was accepted was done', async () => {
    const made = prepare();
    venues.venues.faults.inject(
      faultSchema.parse({ kind: 'serverErrorAfterAccept', venue: 'kalshi', only: name, value: 1 }),
    );
    expect(await send(made)).toBe(503);
    expect(made.done()).toBe(true);
  });

  test('that is answered 503 without having been accepted was not done, and the next one is', async () => {
    const made = prepare();
    venues.venues.faults.inject(
      faultSchema.parse({ kind: 'serverError', venue: 'kalshi', only: name, value: 1 }),
    );
    expect(await send(made)).toBe(503);
    expect(made.done()).toBe(false);
    expect(await send(made)).toBeLessThan(300);
    expect(made.done()).toBe(true);
  });
});
