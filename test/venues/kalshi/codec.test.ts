import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { BTC, DOGE, onSeries, SOL } from '../../support/assets.ts';

const decode = kalshiDecoder({ useYesPrice: false, assets: [BTC] });
const RECEIVED = 1_790_363_700_000_000;
const TICKER = 'KXBTC15M-26SEP251515-15';

const one = (frame: object, useYesPrice = false): unknown => {
  const events = kalshiDecoder({ useYesPrice, assets: [BTC] })(JSON.stringify(frame), RECEIVED);
  expect(events).toHaveLength(1);
  return events[0];
};

const delta = (msg: object, envelope: object = {}): object => ({
  type: 'orderbook_delta',
  sid: 1,
  seq: 7,
  ...envelope,
  msg: {
    market_ticker: TICKER,
    price_dollars: '0.9600',
    delta_fp: '-54.00',
    side: 'yes',
    ts: '2026-09-25T19:13:44.342537Z',
    ts_ms: 1_790_363_624_342,
    ...msg,
  },
});

const created = (msg: object): object => ({
  type: 'market_lifecycle_v2',
  sid: 4,
  seq: 23,
  msg: {
    market_ticker: TICKER,
    event_type: 'created',
    exchange_index: 2,
    open_ts: 1_790_362_800,
    close_ts: 1_790_363_700,
    price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
    additional_metadata: {
      event_ticker: 'KXBTC15M-26SEP251515',
      strike_type: 'greater_or_equal',
      floor_strike: 83_950.62,
    },
    ...msg,
  },
});

const rejection = (why: unknown): object => ({ kind: 'rejected', venue: 'kalshi', at: RECEIVED, why });

describe('kalshiDecoder: book frames', () => {
  test('a YES delta is a bid at its own price, stamped by the finer clock', () => {
    expect(one(delta({}))).toEqual({
      kind: 'contractDelta',
      at: 1_790_363_624_342_537,
      receivedAt: RECEIVED,
      ticker: TICKER,
      sid: 1,
      seq: 7,
      side: 'bid',
      priceTicks: 9600,
      delta: -5400,
    });
  });

  test('a NO delta is an ask, at one dollar minus a NO price or at a YES price as it is', () => {
    expect(one(delta({ side: 'no' }))).toMatchObject({ side: 'ask', priceTicks: 400 });
    expect(one(delta({ side: 'no' }), true)).toMatchObject({ side: 'ask', priceTicks: 9600 });
    expect(one(delta({}), true)).toMatchObject({ side: 'bid', priceTicks: 9600 });
  });

  test('without a readable ts the milliseconds are taken, without either our receipt', () => {
    expect(one(delta({ ts: undefined }))).toMatchObject({ at: 1_790_363_624_342_000 });
    expect(one(delta({ ts: 1_790_363_624 }))).toMatchObject({ at: 1_790_363_624_342_000 });
    expect(one(delta({ ts: undefined, ts_ms: undefined }))).toMatchObject({ at: RECEIVED });
  });

  test('decimals as JSON numbers are read alike', () => {
    expect(one(delta({ price_dollars: 0.96, delta_fp: -54 }))).toEqual(one(delta({})));
  });

  test.each([
    [{ price_dollars: '0.0000' }, 'price_dollars must be 0.0001 to 0.9999, was 0.0000'],
    [{ price_dollars: '1.0000' }, 'price_dollars must be 0.0001 to 0.9999, was 1.0000'],
    [{ price_dollars: '-0.0100' }, 'price_dollars must be 0.0001 to 0.9999, was -0.0100'],
    [{ price_dollars: '0.00001' }, 'price_dollars must be 0.0001 to 0.9999, was 0.00001'],
    [{ delta_fp: '1.005' }, 'delta_fp must be a multiple of 0.01, was 1.005'],
    [{ delta_fp: 'lots' }, 'delta_fp must be a multiple of 0.01, was lots'],
    [{ side: 'maybe' }, expect.stringMatching(/^msg\.side: /)],
    [{ market_ticker: '' }, expect.stringMatching(/^msg\.market_ticker: /)],
    [{ ts_ms: '17' }, expect.stringMatching(/^msg\.ts_ms: /)],
  ])('a delta with %p is rejected, not misread', (msg, why) => {
    expect(one(delta(msg))).toMatchObject(rejection(why));
  });

  test('a delta without its sequence is rejected', () => {
    expect(one(delta({}, { seq: undefined }))).toMatchObject(rejection(expect.stringMatching(/^seq: /)));
  });

  test('the integer-cent form that ended in March 2026 is rejected by name', () => {
    const legacy = expect.stringMatching(/^legacy integer-cent frame; /);
    const old = { market_ticker: TICKER, price: 96, delta: -54, side: 'yes', price_dollars: '0.9600' };
    expect(one({ type: 'orderbook_delta', sid: 1, seq: 7, msg: old })).toMatchObject(rejection(legacy));
    const levels = { market_ticker: TICKER, yes: [[8, 300]], no: [[54, 2000]] };
    expect(one({ type: 'orderbook_snapshot', sid: 1, seq: 1, msg: levels })).toMatchObject(rejection(legacy));
  });

  test('a snapshot alternates prices and counts, and a missing side is empty', () => {
    const frame = {
      type: 'orderbook_snapshot',
      sid: 3,
      seq: 1,
      id: 9,
      msg: {
        market_ticker: TICKER,
        no_dollars_fp: [
          ['0.0800', '300.00'],
          [0.5, 12.5],
        ],
      },
    };
    expect(one(frame)).toEqual({
      kind: 'contractSnapshot',
      at: RECEIVED,
      receivedAt: RECEIVED,
      ticker: TICKER,
      sid: 3,
      seq: 1,
      bids: [],
      asks: [9200, 30_000, 5000, 1250],
    });
    expect(one(frame, true)).toMatchObject({ asks: [800, 30_000, 5000, 1250] });
  });

  test.each([
    [[['0.0800', '-1.00']], 'no_dollars_fp: count must be a multiple of 0.01, was -1.00'],
    [[['0.0800', '1.001']], 'no_dollars_fp: count must be a multiple of 0.01, was 1.001'],
    [[['1.0000', '1.00']], 'no_dollars_fp: price must be 0.0001 to 0.9999, was 1.0000'],
    [[['0.0800']], expect.stringMatching(/^msg\.no_dollars_fp\.0/)],
  ])('one bad level rejects the whole snapshot: %p', (no_dollars_fp, why) => {
    const msg = { market_ticker: TICKER, no_dollars_fp };
    expect(one({ type: 'orderbook_snapshot', sid: 3, seq: 1, msg })).toMatchObject(rejection(why));
  });
});

describe('kalshiDecoder: ticker and trade', () => {
  const ticker = (msg: object): object => ({
    type: 'ticker',
    sid: 3,
    msg: {
      market_ticker: TICKER,
      price_dollars: '0.9900',
      yes_bid_dollars: '0.9900',
      yes_ask_dollars: '0.9910',
      yes_bid_size_fp: '1046.00',
      yes_ask_size_fp: '3.00',
      volume_fp: '7950.52',
      open_interest_fp: '7333.62',
      ts: 1_790_363_592,
      ts_ms: 1_790_363_592_125,
      ...msg,
    },
  });

  test('a ticker gives the top of book, volume and open interest', () => {
    expect(one(ticker({}))).toEqual({
      kind: 'contractTicker',
      at: 1_790_363_592_125_000,
      receivedAt: RECEIVED,
      ticker: TICKER,
      lastTicks: 9900,
      bidTicks: 9900,
      askTicks: 9910,
      volume: 795_052,
      openInterest: 733_362,
    });
  });

  test('an empty side, printed as nothing or as a dollar with no size, is undefined', () => {
    expect(one(ticker({ yes_bid_dollars: '0.0000', yes_bid_size_fp: '0.00' }))).toMatchObject({
      bidTicks: undefined,
      askTicks: 9910,
    });
    expect(one(ticker({ yes_ask_dollars: '1.0000', yes_ask_size_fp: '0.00' }))).toMatchObject({
      bidTicks: 9900,
      askTicks: undefined,
    });
  });

  test.each([
    { yes_bid_dollars: '0.0000' },
    { yes_ask_dollars: '1.0000' },
    { yes_ask_dollars: '1.0001' },
    { yes_bid_size_fp: '0.001' },
    { yes_ask_size_fp: '-1.00' },
    { price_dollars: '1.2000' },
    { volume_fp: '0.001' },
    { open_interest_fp: '-5.00' },
    { volume_fp: undefined },
  ])('a ticker with %p is rejected', (msg) => {
    expect(one(ticker(msg))).toMatchObject(rejection(expect.any(String)));
  });

  const trade = (msg: object): object => ({
    type: 'trade',
    sid: 2,
    seq: 5,
    msg: {
      trade_id: '0723be0d',
      market_ticker: TICKER,
      yes_price_dollars: '0.9840',
      no_price_dollars: '0.0160',
      count_fp: '148.78',
      taker_side: 'yes',
      taker_outcome_side: 'yes',
      taker_book_side: 'bid',
      is_block_trade: false,
      ts: 1_790_363_592,
      ts_ms: 1_790_363_592_101,
      ...msg,
    },
  });

  test('a trade keeps its price, its count and the side of the YES book that took', () => {
    expect(one(trade({}))).toEqual({
      kind: 'contractTrade',
      at: 1_790_363_592_101_000,
      receivedAt: RECEIVED,
      ticker: TICKER,
      sid: 2,
      seq: 5,
      tradeId: '0723be0d',
      priceTicks: 9840,
      count: 14_878,
      taker: 'bid',
      block: false,
    });
    expect(one(trade({ taker_book_side: 'ask', is_block_trade: true }))).toMatchObject({
      taker: 'ask',
      block: true,
    });
  });

  test.each([{ count_fp: '0.00' }, { yes_price_dollars: '1.0000' }, { taker_book_side: 'yes' }])(
    'a trade with %p is rejected',
    (msg) => {
      expect(one(trade(msg))).toMatchObject(rejection(expect.any(String)));
    },
  );
});

describe('kalshiDecoder: lifecycle', () => {
  test('a created market carries its terms: strikes in cents, times in microseconds, bands in ticks', () => {
    expect(one(created({}))).toEqual({
      kind: 'contractLifecycle',
      at: RECEIVED,
      receivedAt: RECEIVED,
      ticker: TICKER,
      sid: 4,
      seq: 23,
      change: 'created',
      openAt: 1_790_362_800_000_000,
      closeAt: 1_790_363_700_000_000,
      event: 'KXBTC15M-26SEP251515',
      strikeType: 'greater_or_equal',
      floorUnits: 8_395_062,
      capUnits: undefined,
      tickBands: [{ startTicks: 0, endTicks: 10_000, stepTicks: 100 }],
      exchangeIndex: 2,
      result: undefined,
      deactivated: undefined,
    });
  });

  test('updated metadata carries strikes at the top level, a determination its result', () => {
    const base = { market_ticker: TICKER };
    expect(
      one({
        type: 'market_lifecycle_v2',
        sid: 4,
        seq: 24,
        msg: { ...base, event_type: 'metadata_updated', floor_strike: 83_950.62, cap_strike: null },
      }),
    ).toMatchObject({ change: 'metadata_updated', floorUnits: 8_395_062, capUnits: undefined });
    expect(
      one({
        type: 'market_lifecycle_v2',
        sid: 4,
        seq: 25,
        msg: { ...base, event_type: 'determined', result: 'no', determination_ts: 1_790_363_701 },
      }),
    ).toMatchObject({ change: 'determined', result: 'no' });
  });

  test('a strike finer than the asset’s index is rejected', () => {
    expect(one(created({ floor_strike: 83_950.625 }))).toMatchObject(
      rejection('floor_strike: must be dollars with at most 2 decimals, was 83950.625'),
    );
  });

  test('ranges that do not rise are rejected', () => {
    const price_ranges = [{ start: '0.5000', end: '0.5000', step: '0.0100' }];
    expect(one(created({ price_ranges }))).toMatchObject(rejection(expect.stringMatching(/^price_ranges: /)));
  });

  test('markets of the channel that no asset has keep the sequence and say nothing', () => {
    const configured = kalshiDecoder({ useYesPrice: false, assets: [onSeries('KXBTC15M')] });
    const other = created({ market_ticker: 'KXXRP15M-26SEP251515-15', floor_strike: 2.12345 });
    expect(configured(JSON.stringify(other), RECEIVED)).toMatchObject([
      { kind: 'acknowledgement', method: 'market_lifecycle_v2', sid: 4, seq: 23, accepted: true },
    ]);
    expect(configured(JSON.stringify(created({})), RECEIVED)).toEqual([one(created({}))]);
    const longer = created({ market_ticker: 'KXBTC15MX-26SEP251515-15' });
    expect(configured(JSON.stringify(longer), RECEIVED)).toMatchObject([{ kind: 'acknowledgement' }]);
  });

  test('event frames of the channel are acknowledgements', () => {
    const event_ticker = 'KXBTC-26SEP2516';
    expect(
      one({ type: 'event_lifecycle', sid: 4, seq: 30, msg: { event_ticker, title: 'x' } }),
    ).toMatchObject({
      kind: 'acknowledgement',
      method: 'event_lifecycle',
      symbol: event_ticker,
      sid: 4,
      seq: 30,
    });
  });

  const feeUpdate = (type: string | null, multiplier: number | null): readonly unknown[] =>
    kalshiDecoder({ useYesPrice: false, assets: [BTC] })(
      JSON.stringify({
        type: 'event_fee_update',
        sid: 4,
        seq: 31,
        msg: {
          event_ticker: 'KXBTC-26SEP2516',
          fee_type_override: type,
          fee_multiplier_override: multiplier,
        },
      }),
      RECEIVED,
    );

  test('a fee change takes its sequence number, and its terms follow', () => {
    expect(feeUpdate('quadratic', 0.5)).toMatchObject([
      { kind: 'acknowledgement', detail: 'fee type quadratic, multiplier 0.5', seq: 31 },
      {
        kind: 'feeTerms',
        scope: 'event',
        ticker: 'KXBTC-26SEP2516',
        fee: { kind: 'quadratic', multiplier: 0.5 },
      },
    ]);
  });

  test('a fee change that is lifted leaves the series’ own; a kind we cannot reckon with makes the fee unknown', () => {
    expect(feeUpdate(null, null)).toMatchObject([{ seq: 31 }, { kind: 'feeTerms', fee: undefined }]);
    expect(feeUpdate('flat', 1)).toMatchObject([
      { seq: 31 },
      { kind: 'feeTerms', ticker: 'KXBTC-26SEP2516', fee: 'unknown' },
    ]);
  });
});

describe('kalshiDecoder: index', () => {
  const index = (data: object | string, msg: object = {}): object => ({
    type: 'cfbenchmarks_value',
    sid: 5,
    seq: 49,
    msg: {
      index_id: 'BRTI',
      received_at: 1_790_363_641_073,
      data: typeof data === 'string' ? data : JSON.stringify(data),
      ...msg,
    },
  });
  const inner = { type: 'value', time: 1_790_363_641_000, id: 'BRTI', value: '84033.39' };

  test('a print is stamped by its source second and kept in cents', () => {
    expect(one(index(inner))).toEqual({
      kind: 'indexPrint',
      at: 1_790_363_641_000_000,
      receivedAt: RECEIVED,
      indexId: 'BRTI',
      sid: 5,
      seq: 49,
      asset: 'BTC',
      decimals: 2,
      units: 8_403_339,
      hertz: 1,
    });
  });

  test('the fast channel carries eight decimals that are whole cents', () => {
    const msg = { index_id: 'BRTI', value_usd: '84017.28000000', source_ts_ms: 1_790_363_592_200 };
    expect(one({ type: 'cfbenchmarks_value_5hz', sid: 6, seq: 1, msg })).toMatchObject({
      kind: 'indexPrint',
      at: 1_790_363_592_200_000,
      asset: 'BTC',
      decimals: 2,
      units: 8_401_728,
      hertz: 5,
    });
    expect(
      one({ type: 'cfbenchmarks_value_5hz', sid: 6, seq: 1, msg: { ...msg, value_usd: '84017.28100000' } }),
    ).toMatchObject(
      rejection('BRTI must be dollars with at most 2 decimals and more than 0, was 84017.28100000'),
    );
  });

  test.each([
    ['{', 'data: not JSON'],
    [
      { ...inner, value: '84033.395' },
      'BRTI must be dollars with at most 2 decimals and more than 0, was 84033.395',
    ],
    [{ ...inner, value: '0.00' }, 'BRTI must be dollars with at most 2 decimals and more than 0, was 0.00'],
    [{ ...inner, id: 'ETHUSD_RTI' }, 'data.id must be BRTI, was ETHUSD_RTI'],
    [{ ...inner, type: 'heartbeat' }, expect.stringMatching(/^type: /)],
    ['null', expect.any(String)],
  ])('data %p is rejected', (data, why) => {
    expect(one(index(data))).toMatchObject(rejection(why));
  });
});

describe('kalshiDecoder: assets', () => {
  const ASSETS = [BTC, SOL, DOGE];
  const read = (frame: object) =>
    kalshiDecoder({ useYesPrice: false, assets: ASSETS })(JSON.stringify(frame), RECEIVED);
  const dollars = (units: number, decimals: number): string => {
    const digits = String(units).padStart(decimals + 1, '0');
    return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  };
  const fast = (index_id: string, value_usd: string | number): object => ({
    type: 'cfbenchmarks_value_5hz',
    sid: 6,
    seq: 3,
    msg: { index_id, value_usd, source_ts_ms: 1 },
  });
  const slow = (index_id: string, value: string): object => ({
    type: 'cfbenchmarks_value',
    sid: 5,
    seq: 4,
    msg: { index_id, data: JSON.stringify({ type: 'value', time: 1, id: index_id, value }) },
  });

  test('property: prints and strikes of each asset round trip in its own unit, as text and as numbers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ASSETS),
        fc.integer({ min: 1, max: 1e11 }),
        fc.integer({ min: 1, max: 1e11 }),
        (asset, units, cap) => {
          const { indexDecimals: decimals, name, indexId } = asset;
          const text = dollars(units, decimals);
          for (const frame of [
            slow(indexId, text),
            fast(indexId, `${text}${'0'.repeat(8 - decimals)}`),
            fast(indexId, Number(text)),
          ])
            expect(read(frame)).toMatchObject([
              { kind: 'indexPrint', asset: name, indexId, units, decimals },
            ]);
          const market_ticker = `${asset.series.above}-26SEP2516-X`;
          const told = created({
            market_ticker,
            strike_type: 'between',
            floor_strike: Number(text),
            cap_strike: dollars(cap, decimals),
          });
          expect(read(told)).toMatchObject([{ kind: 'contractLifecycle', floorUnits: units, capUnits: cap }]);
        },
      ),
    );
  });

  test('property: what is finer than the asset’s index by any digit is rejected, and names what it may be', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ASSETS),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 9 }),
        (asset, units, digit) => {
          const { indexDecimals: decimals, indexId } = asset;
          const text = `${dollars(units, decimals)}${digit}`;
          const why = expect.stringContaining(`must be dollars with at most ${decimals} decimals`);
          expect(read(slow(indexId, text))).toMatchObject([rejection(why)]);
          expect(read(fast(indexId, text))).toMatchObject([rejection(why)]);
          const market_ticker = `${asset.series.above}-26SEP2516-X`;
          expect(read(created({ market_ticker, floor_strike: text }))).toMatchObject([rejection(why)]);
        },
      ),
    );
  });

  test('a value past what an integer holds exactly is rejected, not rounded', () => {
    expect(read(slow('DOGEUSD_RTI', '999999999999.0000001'))).toMatchObject([
      rejection(
        'DOGEUSD_RTI must be dollars with at most 7 decimals and more than 0, was 999999999999.0000001',
      ),
    ]);
  });

  test('a print of an index that no asset has takes its place in the sequence and says nothing', () => {
    expect(read(slow('ETHUSD_RTI', '2100.123'))).toMatchObject([
      {
        kind: 'acknowledgement',
        method: 'cfbenchmarks_value',
        accepted: true,
        symbol: 'ETHUSD_RTI',
        sid: 5,
        seq: 4,
      },
    ]);
    expect(read(fast('ETHUSD_RTI', 'x'))).toMatchObject([
      { kind: 'acknowledgement', method: 'cfbenchmarks_value_5hz', symbol: 'ETHUSD_RTI', sid: 6, seq: 3 },
    ]);
  });
});

describe('kalshiDecoder: replies and everything else', () => {
  test('a subscription is acknowledged with its channel and sid', () => {
    expect(one({ type: 'subscribed', id: 1, msg: { channel: 'orderbook_delta', sid: 1 } })).toMatchObject({
      kind: 'acknowledgement',
      venue: 'kalshi',
      method: 'subscribed',
      accepted: true,
      channel: 'orderbook_delta',
      sid: 1,
      seq: undefined,
    });
  });

  test('ok and unsubscribed carry the number they use up; a list of subscriptions carries none', () => {
    expect(one({ type: 'ok', id: 2, sid: 2, seq: 4, msg: { market_tickers: [] } })).toMatchObject({
      method: 'ok',
      sid: 2,
      seq: 4,
    });
    expect(one({ type: 'unsubscribed', id: 2, sid: 2, seq: 5 })).toMatchObject({
      method: 'unsubscribed',
      seq: 5,
    });
    expect(one({ type: 'ok', id: 3, msg: [{ channel: 'ticker', sid: 3 }] })).toMatchObject({
      sid: undefined,
      seq: undefined,
    });
  });

  test('an error is a refusal with its code and text', () => {
    expect(
      one({
        type: 'error',
        id: 1,
        sid: 2,
        seq: 9,
        msg: { code: 25, msg: 'buffer overflow', market_ticker: TICKER },
      }),
    ).toMatchObject({
      kind: 'acknowledgement',
      accepted: false,
      symbol: TICKER,
      detail: '25: buffer overflow',
      sid: 2,
      seq: 9,
    });
  });

  test('blank text says nothing; other text is rejected with its beginning', () => {
    expect(decode('\n', RECEIVED)).toEqual([]);
    expect(decode('{"type":"orderb', RECEIVED)).toEqual([
      { ...rejection('not JSON'), receivedAt: RECEIVED, excerpt: '{"type":"orderb' },
    ]);
    expect(decode(`"${'x'.repeat(500)}"`, RECEIVED)).toMatchObject([
      { why: 'no frame type', excerpt: `"${'x'.repeat(199)}` },
    ]);
    expect(one({ type: 'rfq_created', sid: 1, seq: 1 })).toMatchObject(
      rejection('unknown frame type "rfq_created"'),
    );
  });

  test('property: any text gives events and never an exception', () => {
    const types = [
      'orderbook_snapshot',
      'orderbook_delta',
      'ticker',
      'trade',
      'market_lifecycle_v2',
      'event_lifecycle',
      'event_fee_update',
      'cfbenchmarks_value',
      'cfbenchmarks_value_5hz',
      'subscribed',
      'ok',
      'unsubscribed',
      'error',
    ];
    const framed = fc
      .record({ type: fc.constantFrom(...types), sid: fc.nat(3), seq: fc.integer(), msg: fc.jsonValue() })
      .map((frame) => JSON.stringify(frame));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), framed), (text) => {
        const events = decode(text, RECEIVED);
        expect(events.length).toBe(text.trim() === '' ? 0 : 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
