import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bench, request } from '../bench.ts';
import '../../support/properties.ts';

type Row = Readonly<Record<string, unknown>>;

const venue = bench({ strikes: 3, spanMinutes: 5 });
venue.run(3);
const { call, venues } = venue;
const markets = call('GET', '/markets?limit=1000').json['markets'] as readonly Row[];
const ticker = String(markets[0]?.['ticker']);
const event = String(markets[0]?.['event_ticker']);

/** Every path that a GET is answered on. */
const READS = [
  '/exchange/status',
  '/exchange/schedule',
  '/exchange/user_data_timestamp',
  '/series',
  '/series/fee_changes',
  '/series/KXBTCD',
  '/events',
  `/events/${event}`,
  '/markets',
  '/markets/trades',
  '/markets/orderbooks',
  `/markets/${ticker}`,
  `/markets/${ticker}/orderbook`,
  '/account/limits',
  '/account/endpoint_costs',
  '/api_keys',
  '/portfolio/balance',
  '/portfolio/positions',
  '/portfolio/fills',
  '/portfolio/settlements',
  '/portfolio/deposits',
  '/portfolio/withdrawals',
  '/portfolio/orders',
  '/portfolio/orders/queue_positions',
  '/portfolio/order_groups',
  '/portfolio/subaccounts/balances',
];

describe('paths', () => {
  test('every documented read that is emulated is answered', () => {
    for (const path of READS) expect([path, call('GET', path).status]).toEqual([path, 200]);
  });

  test('property: an unknown path is 404, however it begins, and never an answer to another question', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'anything',
        'orderbook',
        'status',
        'markets',
        'orders',
        ticker,
        '..%2f',
        '%',
        '%E0%A4%A',
      ),
      fc.stringMatching(/^[a-z_]{1,12}$/),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...READS, '/series/KXETHD/x', '/portfolio/events/orders', '/portfolio', '/nothing'),
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (begin, parts, query) => {
          const path = `${begin}/${parts.join('/')}`;
          if (READS.includes(path)) return;
          const { status } = call('GET', `${path}${query ? '?limit=5' : ''}`);
          expect([path, status]).toEqual([path, 404]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    '/series/KXBTCD/anything',
    '/series/fee_changes/x',
    '/exchange/status/x',
    '/exchange',
    `/events/${event}/x`,
    `/markets/${ticker}/orderbook/x`,
    `/markets/${ticker}/anything`,
    '/markets/trades/x',
    '/portfolio/balance/x',
    '/portfolio/orders/an-id/anything',
    '/api_keys/x',
  ])('GET %s is 404', (path) => {
    expect(call('GET', path).status).toBe(404);
  });

  test('a change of what can only be read is 404', () => {
    for (const path of ['/account/limits', '/api_keys', '/exchange/status', '/portfolio/balance', '/markets'])
      expect([path, call('POST', path, {}).status]).toEqual([path, 404]);
    const { status } = venues.kalshi.http(request('/trade-api/v2/series/KXBTCD/anything'));
    expect(status).toBe(404);
  });
});

describe('events', () => {
  const list = (query: string) =>
    call('GET', `/events?${query}`).json as { readonly cursor: string; readonly events: readonly Row[] };

  test('that are listed with_nested_markets carry their markets, each once, and without it none', () => {
    const nested = list('with_nested_markets=true').events.flatMap((each) =>
      (each['markets'] as readonly Row[]).map((market) => [each['event_ticker'], market['ticker']]),
    );
    expect(nested.toSorted()).toEqual(
      markets.map((market) => [market['event_ticker'], market['ticker']]).toSorted(),
    );
    for (const each of list('').events) expect(each).not.toHaveProperty('markets');
    expect(list('with_nested_markets=false').events[0]).not.toHaveProperty('markets');
  });

  test('property: pages chained by their cursor give every event once', () => {
    const all = list('').events.map((each) => each['event_ticker']);
    expect(all.length).toBeGreaterThan(2);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: all.length + 1 }), fc.boolean(), (limit, nested) => {
        const seen: unknown[] = [];
        let cursor = '';
        do {
          const page = list(`limit=${limit}&cursor=${cursor}&with_nested_markets=${nested}`);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          seen.push(...page.events.map((each) => each['event_ticker']));
          ({ cursor } = page);
        } while (cursor !== '');
        expect(seen).toEqual(all);
      }),
    );
  });

  test('are narrowed by series and by the state of their markets', () => {
    const names = (query: string) => list(query).events.map((each) => each['series_ticker']);
    expect(new Set(names('series_ticker=KXBTCD'))).toEqual(new Set(['KXBTCD']));
    expect(names('status=settled')).toEqual([]);
    expect(names('status=open').length).toBeGreaterThan(0);
    expect(call('GET', '/events?limit=201').status).toBe(400);
  });
});
