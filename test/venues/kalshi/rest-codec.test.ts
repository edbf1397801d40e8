import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CodecEvent, tradingOf } from '../../../src/domain/events/venue.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { tradeFee } from '../../../src/venues/kalshi/fees.ts';
import { readFee } from '../../../src/venues/kalshi/read-fee.ts';
import { kalshiRestDecoder } from '../../../src/venues/kalshi/rest-codec.ts';
import { BTC, onSeries } from '../../support/assets.ts';
import { describeData } from '../../support/data.ts';
import { demoBodies, recorded } from './recorded.ts';

const AT = 1_790_363_592_000_000;
const ROOT = '/trade-api/v2';

const decode = kalshiRestDecoder({ assets: [BTC] });
const read = (path: string, body: unknown, series?: readonly string[]): readonly CodecEvent[] =>
  (series ? kalshiRestDecoder({ assets: [onSeries(...series)] }) : decode)(
    `${ROOT}${path}`,
    typeof body === 'string' ? body : JSON.stringify(body),
    AT,
  );
const stamps = { at: AT, receivedAt: AT };

const market = {
  ticker: 'KXBTC-26SEP2515-B92750',
  event_ticker: 'KXBTC-26SEP2515',
  status: 'active',
  open_time: '2026-09-25T18:00:00Z',
  close_time: '2026-09-25T19:00:00Z',
  strike_type: 'between',
  floor_strike: 92_700,
  cap_strike: 92_799.99,
  price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
};
const levels = { yes_dollars: [['0.4700', '3.00']], no_dollars: [['0.4800', '2.50']] };
const snapshot = {
  kind: 'contractSnapshot',
  ...stamps,
  sid: undefined,
  seq: undefined,
  bids: [4_700, 300],
  asks: [5_200, 250],
};

const whyOf = (events: readonly CodecEvent[]): string => {
  expect(events).toHaveLength(1);
  const [event] = events;
  expect(event).toMatchObject({ kind: 'rejected', venue: 'kalshi', ...stamps });
  return event?.kind === 'rejected' ? event.why : '';
};

describe('kalshiRestDecoder', () => {
  test('markets of the followed series are listed, whether they come alone or in a page; others say nothing', () => {
    const other = { ...market, ticker: 'KXETH-26SEP2515-B2750' };
    const listed = {
      kind: 'contractListed',
      ...stamps,
      state: 'active',
      result: undefined,
      valueUnits: undefined,
      contract: expect.objectContaining({ ticker: market.ticker, series: 'KXBTC', floorUnits: 9_270_000 }),
    };
    expect(read('/markets?limit=1000&series_ticker=KXBTC', { markets: [other, market], cursor: '' })).toEqual(
      [listed],
    );
    expect(read(`/markets/${market.ticker}`, { market })).toEqual([listed]);
    expect(read('/markets/KXETH-26SEP2515-B2750', { market: other })).toEqual([]);
  });

  test('a market that does not fit is rejected by name, field and value; those beside it are listed', () => {
    const broken = { ...market, ticker: 'KXBTC-26SEP2515-B1', floor_strike: 92_700.995 };
    const strange = { ...market, ticker: 'KXBTC-26SEP2515-B2', status: 'paused' };
    const events = read('/markets', { markets: [broken, market, strange] });
    expect(events.map(({ kind }) => kind)).toEqual(['rejected', 'contractListed', 'rejected']);
    expect(events.flatMap((event) => (event.kind === 'rejected' ? event.why : []))).toEqual([
      'REST /markets: KXBTC-26SEP2515-B1: floor_strike: must be dollars with at most 2 decimals, was 92700.995',
      expect.stringMatching(/^REST \/markets: KXBTC-26SEP2515-B2: status: Invalid option/),
    ]);
  });

  test('columns that the venue adds at the end of a level change nothing', () => {
    const longer = {
      yes_dollars: [['0.4700', '3.00', 'new', 1]],
      no_dollars: [['0.4800', '2.50', null]],
    };
    const path = '/markets/KXBTC-26SEP2515-B92750/orderbook';
    expect(read(path, { orderbook_fp: longer })).toEqual(read(path, { orderbook_fp: levels }));
    expect(read(path, { orderbook_fp: longer })[0]?.kind).toBe('contractSnapshot');
  });

  test('a book by REST has no subscription, its NO levels become asks in YES prices, and absent sides are empty', () => {
    expect(read('/markets/KXBTC-26SEP2515-B92750/orderbook', { orderbook_fp: levels })).toEqual([
      { ...snapshot, ticker: 'KXBTC-26SEP2515-B92750' },
    ]);
    expect(read('/markets/A%20B/orderbook?depth=10', { orderbook_fp: { yes_dollars: null } })).toEqual([
      { ...snapshot, ticker: 'A B', bids: [], asks: [] },
    ]);
  });

  test('many books come as one snapshot each; one bad level rejects its book alone, with the price that was sent', () => {
    const bad = {
      yes_dollars: [
        ['0.4700', '3.00'],
        ['1.2000', '1.00'],
      ],
    };
    const events = read('/markets/orderbooks?tickers=A,B,C', {
      orderbooks: [
        { ticker: 'A', orderbook_fp: levels },
        { ticker: 'B', orderbook_fp: bad },
        { ticker: 'C', orderbook_fp: { no_dollars: [['0.4800', '-1.00']] } },
      ],
    });
    expect(events[0]).toEqual({ ...snapshot, ticker: 'A' });
    expect(events.slice(1)).toMatchObject([
      {
        kind: 'rejected',
        why: 'REST /markets/orderbooks: B: yes_dollars: price must be 0.0001 to 0.9999, was 1.2000',
      },
      { kind: 'rejected', why: expect.stringMatching(/C: no_dollars: count .* was -1\.00$/) },
    ]);
  });

  test('fee terms of a series and of an event are told; an event without its own lifts them', () => {
    const series = { ticker: 'KXBTCD', fee_type: 'quadratic_with_maker_fees', fee_multiplier: '0.5' };
    expect(read('/series/KXBTCD', { series })).toEqual([
      {
        kind: 'feeTerms',
        ...stamps,
        scope: 'series',
        ticker: 'KXBTCD',
        fee: { kind: 'quadratic_with_maker_fees', multiplier: 0.5 },
      },
    ]);
    const event = { event_ticker: 'KXBTCD-26SEP2516', fee_type_override: 'quadratic' };
    const told = { kind: 'feeTerms', ...stamps, scope: 'event', ticker: 'KXBTCD-26SEP2516' };
    expect(read('/events/KXBTCD-26SEP2516', { event })).toEqual([
      { ...told, fee: { kind: 'quadratic', multiplier: 1 } },
    ]);
    expect(
      read('/events/KXBTCD-26SEP2516', { event: { ...event, fee_multiplier_override: 0 } }),
    ).toMatchObject([{ fee: { multiplier: 0 } }]);
    for (const none of [{ fee_type_override: null }, { fee_type_override: undefined }])
      expect(read('/events/KXBTCD-26SEP2516', { event: { ...event, ...none } })).toEqual([
        { ...told, fee: undefined },
      ]);
  });

  test('fee terms that we cannot reckon with are told as unknown, so that those before them no longer hold', () => {
    expect(
      read('/series/KXBTCD', { series: { ticker: 'KXBTCD', fee_type: 'cubic', fee_multiplier: 1 } }),
    ).toEqual([{ kind: 'feeTerms', ...stamps, scope: 'series', ticker: 'KXBTCD', fee: 'unknown' }]);
    expect(
      read('/events/E', {
        event: { event_ticker: 'E', fee_type_override: 'quadratic', fee_multiplier_override: '-1' },
      }),
    ).toEqual([{ kind: 'feeTerms', ...stamps, scope: 'event', ticker: 'E', fee: 'unknown' }]);
  });

  test.each([
    [{ exchange_active: true, trading_active: true }, true, 'exchange active, trading active'],
    [{ exchange_active: true, trading_active: false }, false, 'exchange active, trading paused'],
    [{ exchange_active: false, trading_active: true }, false, 'exchange paused, trading active'],
    [
      {
        exchange_active: false,
        trading_active: false,
        exchange_estimated_resume_time: '2026-09-25T20:00:00Z',
      },
      false,
      'exchange paused, trading paused, back about 2026-09-25T20:00:00Z',
    ],
  ])('status %j: trading is %p, by the exchange’s own word', (body, trading, detail) => {
    expect(read('/exchange/status', body)).toEqual([
      { kind: 'venueStatus', ...stamps, venue: 'kalshi', trading, detail },
    ]);
  });

  test.each([
    [[true, true], { trading_active: false }, false, 'exchange active, trading active, shard 2 paused'],
    [
      [true, false],
      { exchange_active: true, trading_active: true },
      true,
      'exchange active, trading paused, shard 2 active',
    ],
    [[true, true], { exchange_active: false }, false, 'exchange active, trading active, shard 2 paused'],
    [[true, true], {}, true, 'exchange active, trading active'],
    [[false, true], {}, false, 'exchange paused, trading active'],
  ] as const)(
    'exchange and trading %j, shard 2 %j: the shard trades: %p',
    ([exchange, trading], row, shard, detail) => {
      const [event] = read('/exchange/status', {
        exchange_active: exchange,
        trading_active: trading,
        exchange_index_statuses: [{ exchange_index: 0 }, { exchange_index: 2, ...row }],
      });
      const whole = exchange && trading;
      expect(event).toMatchObject({
        trading: whole,
        detail,
        shards: [
          { index: 0, trading: whole },
          { index: 2, trading: shard },
        ],
      });
      if (event?.kind !== 'venueStatus') throw new Error('no status');
      expect([2, 0, 7, undefined].map((index) => tradingOf(event, index))).toEqual([
        shard,
        whole,
        whole,
        whole,
      ]);
    },
  );

  test.each([
    ['/markets', { markets: {} }, 'REST /markets: markets: Invalid input: expected array, received object'],
    ['/markets', [], 'REST /markets: : Invalid input: expected object, received array'],
    [
      '/markets',
      { markets: [{ ticker: 7 }] },
      'REST /markets: markets.0.ticker: Invalid input: expected string, received number',
    ],
    ['/markets/A', {}, 'REST /markets/A: market: Invalid input: expected object, received undefined'],
    [
      '/markets/A/orderbook',
      { orderbook: {} },
      'REST /markets/A/orderbook: orderbook_fp: Invalid input: expected object, received undefined',
    ],
    [
      '/markets/orderbooks',
      { orderbooks: [{ ticker: '' }] },
      expect.stringMatching(/^REST \/markets\/orderbooks: orderbooks\.0\.ticker: /),
    ],
    [
      '/series/A',
      { series: { ticker: 'A', fee_type: 'quadratic' } },
      expect.stringMatching(/^REST \/series\/A: series\.fee_multiplier: /),
    ],
    ['/events/A', { event: null }, 'REST /events/A: event: Invalid input: expected object, received null'],
    [
      '/exchange/status',
      { exchange_active: 'yes', trading_active: true },
      'REST /exchange/status: exchange_active: Invalid input: expected boolean, received string',
    ],
    ['/exchange/status', 'maintenance', 'REST /exchange/status: not JSON'],
  ])('%s with %j is one rejected body that says where and what', (path, body, why) => {
    expect(whyOf(read(path, body))).toEqual(why);
  });

  test('a book whose ticker is badly escaped in the address is rejected, for no other name is known', () => {
    expect(whyOf(read('/markets/%zz/orderbook', { orderbook_fp: levels }))).toBe(
      'REST /markets/%zz/orderbook: the ticker is badly escaped',
    );
  });

  test('no more of a rejected body is kept than its beginning', () => {
    const [event] = read('/markets', `{"markets":"${'x'.repeat(10_000)}"}`);
    expect(event?.kind === 'rejected' && event.excerpt).toMatch(/^\{"markets":"x{188}$/);
  });

  test.each([
    '/account/limits',
    '/portfolio/order_groups',
    '/markets/trades',
    '/series',
    '/series/fee_changes',
    '/',
    '',
  ])('%p says nothing to the graph', (path) => {
    expect(read(path, { anything: true })).toEqual([]);
    expect(read(path, 'not even JSON')).toEqual([]);
  });

  test('property: any body of any resource is events or one rejection, never an exception', () => {
    const paths = fc.oneof(
      fc.constantFrom(
        '/markets',
        '/markets/orderbooks',
        '/exchange/status',
        '/series/A',
        '/events/A',
        '/markets/A',
        '/portfolio/orders',
        '/portfolio/orders?min_ts=x&cursor=',
        '/portfolio/fills',
        '/portfolio/balance',
        '/portfolio/positions',
        '/portfolio/deposits',
        '/portfolio/withdrawals',
        '/portfolio/settlements',
        '/exchange/user_data_timestamp',
      ),
      fc.string().map((ticker) => `/markets/${ticker}/orderbook`),
      fc.constantFrom('/markets/%/orderbook', '/markets/%zz/orderbook', '/markets/%E0%A4%A/orderbook'),
      fc.string(),
    );
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        JSON.stringify({ markets: [market] }),
        JSON.stringify({ orderbook_fp: levels }),
        JSON.stringify({ orderbooks: [{ ticker: 'A', orderbook_fp: levels }] }),
      ),
    );
    fc.assert(
      fc.property(paths, bodies, fc.nat(), fc.string({ maxLength: 3 }), (path, text, at, put) => {
        const from = at % (text.length + 1);
        for (const body of [text, text.slice(0, from) + put + text.slice(from + 1)])
          for (const event of read(path, body)) expect('receivedAt' in event && event.receivedAt).toBe(AT);
      }),
      { numRuns: 500 },
    );
  });
});

describeData('kalshiRestDecoder on recorded bodies', () => {
  test.each([
    ['rest_markets_open_KXBTC15M_2026-09-25.json', 1],
    ['rest_markets_open_KXBTCD_2026-09-25.json', 2],
    ['rest_markets_settled_KXBTC15M_2026-09-25.json', 3],
    ['rest_markets_settled_KXBTCD_2026-09-25.json', 3],
    ['rest_markets_settled_KXBTC_2026-09-25.json', 3],
  ])('%s: all %p markets are listed, and none when other series are followed', (name, markets) => {
    const text = recorded(name);
    const events = read('/markets', text);
    expect(events.map(({ kind }) => kind)).toEqual(Array.from({ length: markets }, () => 'contractListed'));
    expect(read('/markets', text, ['KXETH'])).toEqual([]);
  });

  test('the series’ fee terms are read', () => {
    expect(read('/series/KXBTCD', recorded('rest_series_KXBTCD_2026-09-25.json'))).toMatchObject([
      { kind: 'feeTerms', scope: 'series', ticker: 'KXBTCD', fee: { kind: 'quadratic', multiplier: 1 } },
    ]);
  });

  test('each body of the demo is read or says nothing; none is rejected', () => {
    const kinds: Record<string, readonly string[]> = {};
    for (const { name, status, path, text } of demoBodies()) {
      if (status !== 200) continue;
      const events = decode(path, text, AT);
      if (events.length > 0) kinds[name] = events.map(({ kind }) => kind);
    }
    expect(kinds).toEqual({
      auth__balance_alt_host: ['venueBalance'],
      auth__balance_ok: ['venueBalance'],
      auth__skew_minus5s: ['venueBalance'],
      auth__skew_plus5s: ['venueBalance'],
      exchange__status: ['venueStatus'],
      fills__after_taker: ['fill', 'fill', 'fill'],
      orderbook__base: ['contractSnapshot'],
      portfolio__orders_list: [...Array.from({ length: 9 }, () => 'orderDone'), 'venueOrders'],
      portfolio__positions: ['venuePositions'],
    });
  });

  test('the demo’s book, status and fee changes say what they said', () => {
    const body = (wanted: string) =>
      demoBodies().find(({ name }) => name === wanted) ?? { path: '', text: '' };
    const book = body('orderbook__base');
    expect(decode(book.path, book.text, AT)).toMatchObject([{ bids: [4_700, 300], asks: [5_200, 300] }]);
    const status = body('exchange__status');
    expect(decode(status.path, status.text, AT)).toMatchObject([{ kind: 'venueStatus', trading: true }]);
    const changes = body('series__fee_changes');
    expect(changes.text).toBe('{"series_fee_change_arr":[]}');
    expect(decode(changes.path, changes.text, AT)).toEqual([]);
  });

  test('a sport’s market that is followed by name is rejected with what it lacks, not misread', () => {
    const { path, text } = demoBodies().find(({ name }) => name === 'markets__single') ?? {
      path: '',
      text: '',
    };
    const [event] = kalshiRestDecoder({ assets: [onSeries('KXWTACHALLENGERMATCH')] })(path, text, AT);
    expect(event).toMatchObject({
      kind: 'rejected',
      why: expect.stringMatching(/KXWTACHALLENGERMATCH-26JUN11JIMLEP-LEP: strike_type: /),
    });
  });
});

describe('readFee', () => {
  test.each(['quadratic', 'quadratic_with_maker_fees', 'quadratic_with_combo_maker_fees'])(
    '%s is known, with its multiplier to four decimals',
    (kind) => {
      expect(readFee(kind, '0.035')).toEqual({ kind, multiplier: 0.035 });
      expect(readFee(kind, 1)).toEqual({ kind, multiplier: 1 });
      expect(readFee(kind, 0)).toEqual({ kind, multiplier: 0 });
    },
  );

  test.each(['flat', '', 'QUADRATIC', 'toString'])('fee type %p is unknown', (kind) => {
    expect(readFee(kind, 1)).toBe('unknown');
  });

  test.each(['', '-0.5', -1, Number.NaN, Number.POSITIVE_INFINITY, 'one', '0.00001', 1_001, '1e400'])(
    'multiplier %p is unknown',
    (multiplier) => {
      expect(readFee('quadratic', multiplier)).toBe('unknown');
    },
  );

  test('whatever it takes, the fee can be reckoned with', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.string(), fc.integer().map(String)),
        fc.integer({ min: 1, max: 1e6 }),
        (said, size) => {
          const fee = readFee('quadratic', said);
          if (fee !== 'unknown')
            expect(tradeFee(fee, 'taker', priceTicks(5_000), count(size))).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
