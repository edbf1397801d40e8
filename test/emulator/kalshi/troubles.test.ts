import { describe, expect, test } from '@jest/globals';
import { parseFault } from '../../../src/emulator/transport/fault.ts';
import { bench } from '../bench.ts';

type Row = Readonly<Record<string, unknown>>;
const ORDERS = '/portfolio/events/orders';

/** The whole emulation, with a market near the money and orders in it. */
const desk = (settings: Parameters<typeof bench>[0] = {}) => {
  const venues = bench({ strikes: 4, ...settings });
  const { call, run } = venues;
  run(3);
  const markets = () => call('GET', '/markets?limit=1000').json['markets'] as readonly Row[];
  const ticker = String(
    markets().find(
      (market) => market['status'] === 'active' && String(market['ticker']).startsWith('KXBTCD'),
    )?.['ticker'],
  );
  let ids = 0;
  return {
    ...venues,
    ticker,
    /** Injects a fault as it is written after --fault. */
    fault: (text: string): void => {
      const fault = parseFault(text);
      if (typeof fault === 'string') throw new Error(fault);
      venues.venues.faults.inject(fault);
    },
    market: (name = ticker) => markets().find((market) => market['ticker'] === name) ?? {},
    order: (change: Row = {}) =>
      call('POST', ORDERS, {
        ticker,
        client_order_id: `id-${++ids}`,
        side: 'bid',
        count: '1.00',
        price: '0.0100',
        time_in_force: 'good_till_canceled',
        self_trade_prevention_type: 'taker_at_cross',
        ...change,
      }),
    status: (id: unknown) =>
      (call('GET', `/portfolio/orders/${String(id)}`).json['order'] as Row | undefined)?.['status'],
    cash: () => Number(call('GET', '/portfolio/balance').json['balance_dollars']),
  };
};
const code = ({ json }: { readonly json: Row }): unknown => (json['error'] as Row | undefined)?.['code'];

describe('faults of Kalshi’s exchange, as they are written after --fault', () => {
  test('maintenance pauses trading for its span and sweeps what rests', () => {
    const { fault, run, order, status, call } = desk();
    const id = order().json['order_id'];
    fault('maintenance@0+2s:kalshi');
    expect(code(order())).toBe('trading_is_paused');
    expect(call('GET', '/exchange/status').json).toMatchObject({
      exchange_active: true,
      trading_active: false,
    });
    run(1);
    expect(status(id)).toBe('resting');
    run(1.1);
    expect([status(id), order().status]).toEqual(['canceled', 201]);
  });

  test('exchangePause refuses cancels for its span', () => {
    const { fault, run, order, call } = desk();
    const id = String(order().json['order_id']);
    const cancel = () => call('DELETE', `${ORDERS}/${id}?exchange_index=2`);
    fault('exchangePause@0+2s:kalshi');
    expect([code(order()), code(cancel())]).toEqual(['exchange_is_paused', 'exchange_is_paused']);
    expect(call('GET', '/exchange/status').json).toMatchObject({
      exchange_active: false,
      exchange_index_statuses: [
        { exchange_index: 0, exchange_active: false },
        { exchange_index: 2, exchange_active: false, trading_active: false },
      ],
    });
    run(2.1);
    expect(order().status).toBe(201);
  });

  test('marketHalt pauses the market it names, or the next to close; two that overlap end with the second', () => {
    const { fault, run, order, market, ticker, connect } = desk();
    const client = connect('kalshi');
    client.send({ id: 1, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    fault(`marketHalt@0+2s:kalshi/${ticker}`);
    fault(`marketHalt@1s+2s:kalshi/${ticker}`);
    run(0.1);
    expect([code(order()), market()['status']]).toEqual(['trading_is_paused', 'inactive']);
    run(2.4);
    expect(code(order())).toBe('trading_is_paused');
    run(0.7);
    expect([order().status, market()['status']]).toEqual([201, 'active']);
    const told = client
      .news()
      .map((each) => (each['msg'] as Row)['event_type'])
      .filter((type) => String(type).endsWith('activated'));
    expect(told).toEqual(['deactivated', 'activated']);
    fault('marketHalt@0+1s:kalshi');
    run(0.1);
    // The quarter-hour closes before the hour does.
    expect(order().status).toBe(201);
  });

  test('dispute amends the market that is determined next', () => {
    const { fault, run, market, call } = desk();
    fault('earlyClose@0:kalshi');
    const name = String(
      (call('GET', '/markets?limit=1000').json['markets'] as Row[]).find((each) =>
        String(each['ticker']).startsWith('KXBTC15M'),
      )?.['ticker'],
    );
    fault(`dispute@0+30s:kalshi/${name}`);
    const seen: unknown[] = [];
    for (let i = 0; i < 15 * 60 + 60; i++) {
      run(1);
      const { status, result } = market(name);
      const told = `${String(status)} ${String(result)}`;
      if (seen.at(-1) !== told) seen.push(told);
    }
    const first = String(seen.find((each) => String(each).startsWith('disputed'))).split(' ')[1];
    const last = first === 'yes' ? 'no' : 'yes';
    expect(seen.slice(-3)).toEqual([`disputed ${first}`, `amended ${last}`, `finalized ${last}`]);
  });

  test('readLag and readContradict make reads late for their span, and the timestamp says so', () => {
    const { fault, run, order, call, clock } = desk();
    const resting = () => (call('GET', '/portfolio/orders?status=resting').json['orders'] as Row[]).length;
    const asOf = () =>
      Date.parse(String(call('GET', '/exchange/user_data_timestamp').json['as_of_time'])) * 1_000;
    fault('readLag@0+5s=2000:kalshi');
    run(0.5);
    order();
    run(1);
    expect([resting(), asOf() <= clock.at - 1.5e6]).toEqual([0, true]);
    fault('readContradict@0+1s=2000:kalshi');
    expect([resting(), resting(), resting()].toSorted()).toContain(1);
    run(5);
    expect([resting(), asOf()]).toEqual([1, Math.floor(clock.at)]);
  });

  test('wrongOrder, cancelAllTail and attestationLapse reach order entry', () => {
    const { fault, run, order, call, status, clock } = desk();
    const [first, second] = [order(), order()].map(({ json }) => String(json['order_id']));
    fault('wrongOrder@0:kalshi');
    expect(call('DELETE', `${ORDERS}/${first}?exchange_index=2`).json['order_id']).toBe(second);
    fault('cancelAllTail@0+5s:kalshi');
    call('DELETE', ORDERS);
    const killed = order().json['order_id'];
    run(0.1);
    expect(status(killed)).toBe('canceled');
    fault('attestationLapse@0+2s:kalshi');
    const expiry = () => Number(call('GET', '/api_keys').json['api_key_region_expiration_ts']);
    expect([order().status, expiry() < clock.at / 1e6]).toEqual([403, true]);
    run(61);
    expect([order().status, expiry() > clock.at / 1e6]).toEqual([201, true]);
  });

  test('deposit and withdrawal move cash, and are listed', () => {
    const { fault, run, cash, call } = desk();
    fault('deposit@0+1s=250:kalshi');
    fault('withdrawal@0+2s=12.34:kalshi');
    expect(cash()).toBe(10_000);
    run(1.1);
    expect(cash()).toBe(10_250);
    run(1);
    expect(cash()).toBeCloseTo(10_237.66, 4);
    expect(call('GET', '/portfolio/deposits').json['deposits']).toMatchObject([
      { amount_cents: 25_000, status: 'applied' },
    ]);
    expect(call('GET', '/portfolio/withdrawals').json['withdrawals']).toMatchObject([
      { amount_cents: 1_234 },
    ]);
  });
});

describe('the api keys', () => {
  test('are listed for whoever signs, with an attestation that has long to go', () => {
    const { call, get, clock, venues } = desk();
    expect(get('kalshi', '/trade-api/v2/api_keys').status).toBe(401);
    const { json } = call('GET', '/api_keys');
    expect(json['api_keys']).toMatchObject([{ api_key_id: venues.keyId, scopes: ['read', 'write'] }]);
    expect(Number(json['api_key_region_expiration_ts'])).toBeGreaterThan(clock.at / 1e6 + 86_400);
  });
});

describe('settings of the exchange', () => {
  test('weeklyPause: an emulation that begins on Thursday at three is paused, unless it is to have no pause', () => {
    const paused = desk({ startAt: '2026-09-24T07:00:00Z' });
    expect(code(paused.order())).toBe('trading_is_paused');
    expect(paused.call('GET', '/exchange/status').json).toMatchObject({
      trading_active: false,
      exchange_estimated_resume_time: '2026-09-24T09:00:00Z',
    });
    const open = desk({ startAt: '2026-09-24T07:00:00Z', weeklyPause: false });
    expect(open.order().status).toBe(201);
    const thursday = (of: typeof open) =>
      (of.call('GET', '/exchange/schedule').json['schedule'] as { standard_hours: Row[] })
        .standard_hours[0]?.['thursday'];
    expect(thursday(paused)).toEqual([
      { open_time: '00:00', close_time: '03:00' },
      { open_time: '05:00', close_time: '24:00' },
    ]);
    expect(thursday(open)).toEqual([{ open_time: '00:00', close_time: '24:00' }]);
  });

  test('portfolioLagMs: reads are so late from the beginning', () => {
    const { order, call, run } = desk({ portfolioLagMs: 1_000 });
    order();
    const orders = () => (call('GET', '/portfolio/orders').json['orders'] as Row[]).length;
    run(0.9);
    expect(orders()).toBe(0);
    run(0.2);
    expect(orders()).toBe(1);
  });
});
