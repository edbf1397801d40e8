import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../../src/domain/time.ts';
import { seriesOf } from '../../../../src/emulator/emulated-asset.ts';
import {
  type EmulatedContract,
  hourlyContracts,
  quarterContract,
} from '../../../../src/emulator/kalshi/public/contract.ts';
import type { KalshiEmission } from '../../../../src/emulator/kalshi/public/emission.ts';
import { kalshiMarketRest } from '../../../../src/emulator/kalshi/public/market-rest.ts';
import { kalshiPublic } from '../../../../src/emulator/kalshi/public/state.ts';
import { kalshiRestDecoder } from '../../../../src/venues/kalshi/rest-codec.ts';
import { BTC } from '../../../support/assets.ts';
import { describeData } from '../../../support/data.ts';
import { demoBodies, recorded } from '../../../venues/kalshi/recorded.ts';
import { emulatedBtc, emulatedEth } from '../../assets.ts';
import { bench, request } from '../../bench.ts';

const CLOSE = Date.parse('2026-09-25T20:00:00Z') * 1_000;
const quarterHour = (closeAt: number, floorUnits: number | undefined): EmulatedContract =>
  quarterContract(emulatedBtc, closeAt, floorUnits)[0] as EmulatedContract;
const QUARTER = quarterHour(CLOSE, 8_395_062);
const HOURLY = hourlyContracts(emulatedBtc, CLOSE, 8_395_000, 3);
const NEXT = quarterHour(CLOSE + 15 * MINUTE, undefined);
const strike = (series: string): EmulatedContract =>
  HOURLY.find((contract) => contract.series === series) as EmulatedContract;

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly cursor: string;
  readonly markets: readonly Row[];
}

/** Market data over what was said by hand, ten minutes before the close. */
const rest = (trading = true) => {
  const state = kalshiPublic();
  let now = CLOSE - 10 * MINUTE;
  const http = kalshiMarketRest({
    times: { now: () => now, wallMillis: () => now / 1_000 },
    state,
    series: seriesOf([emulatedBtc, emulatedEth]),
    status: () => ({ exchangeActive: true, tradingActive: trading, resumesAt: undefined }),
    weeklyPause: true,
  });
  const get = <T>(path: string): { readonly status: number; readonly json: T; readonly body: string } => {
    const { status, body } = http(request(path), path) ?? { status: 0, body: '{}' };
    return { status, body, json: JSON.parse(body) as T };
  };
  const say = (...said: readonly KalshiEmission[]): void => said.forEach(state.hear);
  const open = (contract: EmulatedContract): void =>
    say(
      { kind: 'created', at: now, contract },
      {
        kind: 'snapshot',
        at: now,
        contract,
        bids: [
          { ticks: 4_600, count: 500 },
          { ticks: 4_700, count: 1_250 },
        ],
        asks: [
          { ticks: 5_200, count: 300 },
          { ticks: 5_300, count: 99 },
        ],
      },
    );
  return {
    get,
    say,
    open,
    market: (ticker: string): Row => get<{ market: Row }>(`/markets/${ticker}`).json.market,
    tickers: (query: string): readonly unknown[] =>
      get<Page>(`/markets?${query}`).json.markets.map(({ ticker }) => ticker),
    to: (at: number) => {
      now = at;
    },
  };
};
const full = () => {
  const desk = rest();
  for (const contract of [QUARTER, ...HOURLY]) desk.open(contract);
  desk.say(
    { kind: 'created', at: CLOSE, contract: NEXT },
    {
      kind: 'ticker',
      at: CLOSE,
      contract: QUARTER,
      last: { ticks: 4_800, count: 100 },
      bid: undefined,
      ask: undefined,
      volume: 2_400,
      openInterest: 1_200,
    },
  );
  return desk;
};

/** Keys of a recorded object that ours lacks, or has with another type of JSON. */
const differences = (told: unknown, ours: unknown, path = ''): readonly string[] => {
  if (Array.isArray(told)) {
    if (!Array.isArray(ours)) return [`${path}: an array`];
    return told.length === 0 || ours.length === 0 ? [] : differences(told[0], ours[0], `${path}[]`);
  }
  if (typeof told === 'object' && told !== null) {
    if (typeof ours !== 'object' || ours === null) return [`${path}: an object`];
    return Object.entries(told).flatMap(([key, value]) =>
      key in ours ? differences(value, (ours as Row)[key], `${path}.${key}`) : [`${path}.${key}: missing`],
    );
  }
  return typeof told === typeof ours ? [] : [`${path}: a ${typeof told}, was ${typeof ours}`];
};
const demo = (name: string): unknown =>
  JSON.parse(demoBodies().find((body) => body.name === name)?.text ?? 'null');

describeData('bodies as they were recorded', () => {
  test.each([
    ['rest_markets_open_KXBTC15M_2026-09-25.json', QUARTER.ticker],
    ['rest_markets_open_KXBTCD_2026-09-25.json', strike('KXBTCD').ticker],
  ] as const)('a market of %s has every key of it, of the same type', (file, ticker) => {
    const { markets } = JSON.parse(recorded(file)) as Page;
    expect(markets.length).toBeGreaterThan(0);
    const { market } = full();
    expect(markets.flatMap((told) => differences(told, market(ticker)))).toEqual([]);
  });

  test.each([
    ['rest_markets_settled_KXBTC15M_2026-09-25.json', QUARTER],
    ['rest_markets_settled_KXBTCD_2026-09-25.json', strike('KXBTCD')],
    ['rest_markets_settled_KXBTC_2026-09-25.json', strike('KXBTC')],
  ] as const)('a settled market of %s has every key of it, of the same type', (file, contract) => {
    const { say, market } = full();
    say(
      { kind: 'determined', at: CLOSE, contract, result: 'yes', valueUnits: 8_395_062 },
      { kind: 'settled', at: CLOSE + 8 * SECOND, contract },
    );
    const { markets } = JSON.parse(recorded(file)) as Page;
    // A range has a floor, a cap or both.
    const like = markets.filter((told) => told['strike_type'] === contract.strikeType);
    expect(like.length).toBeGreaterThan(0);
    expect(like.flatMap((told) => differences(told, market(contract.ticker)))).toEqual([]);
  });

  test('a series has every key', () => {
    const { json } = full().get('/series/KXBTCD');
    expect(differences(JSON.parse(recorded('rest_series_KXBTCD_2026-09-25.json')), json)).toEqual([]);
  });

  test.each([
    ['orderbook__base', `/markets/${QUARTER.ticker}/orderbook`],
    ['exchange__status', '/exchange/status'],
    ['trades__public_recorded', '/markets/trades'],
  ] as const)('%s has every key of it, of the same type', (name, path) => {
    const { get, say } = full();
    say({
      kind: 'trade',
      at: CLOSE - MINUTE,
      contract: QUARTER,
      tradeId: 'a-trade',
      taker: 'bid',
      ticks: 5_200,
      count: 100,
    });
    expect(differences(demo(name), get(path).json)).toEqual([]);
  });

  test('a limit over the maximum is refused word for word', () => {
    const told = demoBodies().find(({ name }) => name === 'markets__limit_over_max');
    const { status, body } = full().get('/markets?limit=1001');
    expect({ status, text: body }).toEqual({ status: told?.status, text: told?.text });
  });
});

describe('markets by REST', () => {
  test('prices, sizes and counts are those of the book and of the last ticker', () => {
    expect(full().market(QUARTER.ticker)).toMatchObject({
      ticker: 'KXBTC15M-26SEP251600-00',
      event_ticker: 'KXBTC15M-26SEP251600',
      open_time: '2026-09-25T19:45:00Z',
      close_time: '2026-09-25T20:00:00Z',
      yes_bid_dollars: '0.4700',
      yes_bid_size_fp: '12.50',
      yes_ask_dollars: '0.5200',
      yes_ask_size_fp: '3.00',
      no_bid_dollars: '0.4800',
      no_ask_dollars: '0.5300',
      last_price_dollars: '0.4800',
      volume_fp: '24.00',
      open_interest_fp: '12.00',
      strike_type: 'greater_or_equal',
      floor_strike: 83_950.62,
      result: '',
      expiration_value: '',
      exchange_index: 2,
    });
  });

  test('an empty side is a bid of nothing and an ask of a dollar', () => {
    const { say, market } = full();
    say({ kind: 'snapshot', at: CLOSE, contract: QUARTER, bids: [], asks: [] });
    expect(market(QUARTER.ticker)).toMatchObject({
      yes_bid_dollars: '0.0000',
      yes_bid_size_fp: '0.00',
      yes_ask_dollars: '1.0000',
      yes_ask_size_fp: '0.00',
      no_bid_dollars: '0.0000',
      no_ask_dollars: '1.0000',
    });
  });

  test('a market goes from initialized over active, closed and determined to finalized, and filters follow it in their own words', () => {
    const { open, say, market, tickers, to } = rest();
    const { ticker } = QUARTER;
    const told = (): readonly unknown[] => [
      market(ticker)['status'],
      ...['unopened', 'open', 'closed', 'settled'].filter((word) =>
        tickers(`status=${word}`).includes(ticker),
      ),
    ];
    to(QUARTER.openAt - MINUTE);
    say({ kind: 'created', at: 0, contract: QUARTER });
    expect(told()).toEqual(['initialized', 'unopened']);
    open(QUARTER);
    expect(told()).toEqual(['initialized', 'unopened']);
    to(QUARTER.openAt);
    expect(told()).toEqual(['active', 'open']);
    to(CLOSE - 1);
    expect(told()).toEqual(['active', 'open']);
    to(CLOSE);
    expect(told()).toEqual(['closed', 'closed']);
    say({ kind: 'determined', at: CLOSE, contract: QUARTER, result: 'no', valueUnits: 8_395_061 });
    expect(told()).toEqual(['determined', 'closed']);
    say({ kind: 'settled', at: CLOSE + 8_100_000, contract: QUARTER });
    expect(told()).toEqual(['finalized', 'settled']);
    expect(market(ticker)).toMatchObject({
      result: 'no',
      expiration_value: '83950.61',
      settlement_value_dollars: '0.0000',
      settlement_ts: '2026-09-25T20:00:08.100Z',
    });
  });

  test('series, event, tickers and times of close narrow the list', () => {
    const { tickers } = full();
    const all = [QUARTER, ...HOURLY, NEXT].map(({ ticker }) => ticker);
    const hourly = HOURLY.filter(({ series }) => series === 'KXBTC').map(({ ticker }) => ticker);
    const close = CLOSE / SECOND;
    expect(tickers('')).toEqual(all);
    expect(tickers('series_ticker=KXBTC')).toEqual(hourly);
    expect(tickers(`event_ticker=${hourly[0]?.slice(0, 15)}`)).toEqual(hourly);
    expect(tickers(`tickers=${NEXT.ticker},${QUARTER.ticker},NONE`)).toEqual([QUARTER.ticker, NEXT.ticker]);
    expect(tickers(`min_close_ts=${close}`)).toEqual(all);
    expect(tickers(`min_close_ts=${close + 1}`)).toEqual([NEXT.ticker]);
    expect(tickers(`max_close_ts=${close}`)).toEqual(all.slice(0, -1));
    expect(tickers('status=nonsense')).toEqual([]);
  });

  test('pages chained by their cursor give every market once, and the last one has none', () => {
    const { get, tickers } = full();
    const all = tickers('');
    for (const limit of [1, 2, 3, all.length - 1, all.length, 1_000]) {
      const seen: unknown[] = [];
      let cursor = '';
      let pages = 0;
      do {
        pages++;
        const { json } = get<Page>(
          `/markets?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        expect(json.markets.length).toBeLessThanOrEqual(limit);
        seen.push(...json.markets.map(({ ticker }) => ticker));
        ({ cursor } = json);
      } while (cursor !== '' && seen.length <= all.length);
      expect(seen).toEqual(all);
      expect(pages).toBe(Math.ceil(all.length / limit));
    }
  });

  test('limits from 1 to 1000 are granted and no others', () => {
    const { get } = full();
    expect(['1', '1000'].map((limit) => get(`/markets?limit=${limit}`).status)).toEqual([200, 200]);
    expect(['0', '1001', '-1', 'x'].map((limit) => get(`/markets?limit=${limit}`).status)).toEqual([
      400, 400, 400, 400,
    ]);
  });
});

describe('books by REST', () => {
  const path = `/markets/${QUARTER.ticker}/orderbook`;

  test('both legs are bids in their own prices, ascending, the best last', () => {
    expect(full().get(path).json).toEqual({
      orderbook_fp: {
        yes_dollars: [
          ['0.4600', '5.00'],
          ['0.4700', '12.50'],
        ],
        no_dollars: [
          ['0.4700', '0.99'],
          ['0.4800', '3.00'],
        ],
      },
    });
  });

  test('a depth keeps the best levels', () => {
    expect(full().get(`${path}?depth=1`).json).toEqual({
      orderbook_fp: { yes_dollars: [['0.4700', '12.50']], no_dollars: [['0.4800', '3.00']] },
    });
  });

  test('several are asked for by repeated tickers, and unknown ones are left out', () => {
    const { get } = full();
    const { json } = get<{ orderbooks: readonly Row[] }>(
      `/markets/orderbooks?tickers=${QUARTER.ticker}&tickers=NONE&tickers=${strike('KXBTCD').ticker}`,
    );
    expect(json.orderbooks.map(({ ticker }) => ticker)).toEqual([QUARTER.ticker, strike('KXBTCD').ticker]);
    expect(json.orderbooks[0]?.['orderbook_fp']).toEqual(
      get<{ orderbook_fp: unknown }>(path).json.orderbook_fp,
    );
  });
});

describe('the rest of market data', () => {
  test('trades come newest first, of one market or of all, no more than asked for', () => {
    const { get, say } = full();
    const trades = [QUARTER, NEXT, QUARTER].map(
      (contract, i): KalshiEmission => ({
        kind: 'trade',
        at: CLOSE - MINUTE + i * SECOND,
        contract,
        tradeId: `t${i}`,
        taker: i === 0 ? 'bid' : 'ask',
        ticks: 5_200,
        count: 150,
      }),
    );
    say(...trades);
    const ids = (query: string) =>
      get<{ trades: readonly Row[] }>(`/markets/trades?${query}`).json.trades.map((row) => row['trade_id']);
    expect(ids('')).toEqual(['t2', 't1', 't0']);
    expect(ids('limit=2')).toEqual(['t2', 't1']);
    expect(ids(`ticker=${QUARTER.ticker}`)).toEqual(['t2', 't0']);
    expect(get<{ trades: readonly Row[] }>('/markets/trades').json.trades.at(-1)).toMatchObject({
      ticker: QUARTER.ticker,
      count_fp: '1.50',
      yes_price_dollars: '0.5200',
      no_price_dollars: '0.4800',
      taker_outcome_side: 'yes',
      taker_book_side: 'bid',
      created_time: '2026-09-25T19:59:00.000Z',
      is_block_trade: false,
    });
  });

  test('an event has its markets beside it or inside it', () => {
    const { get } = full();
    const { event } = strike('KXBTC');
    type Body = { readonly event: Row; readonly markets?: readonly Row[] };
    const beside = get<Body>(`/events/${event}`).json;
    const inside = get<Body>(`/events/${event}?with_nested_markets=true`).json;
    expect(beside.event).toMatchObject({
      event_ticker: event,
      series_ticker: 'KXBTC',
      mutually_exclusive: true,
    });
    expect(beside.event['markets']).toBeUndefined();
    expect(beside.markets).toHaveLength(HOURLY.filter(({ series }) => series === 'KXBTC').length);
    expect(inside.markets).toBeUndefined();
    expect(inside.event['markets']).toEqual(beside.markets);
    const listed = get<{ events: readonly Row[] }>('/events?series_ticker=KXBTC').json.events;
    expect(listed.map((row) => row['event_ticker'])).toEqual([event]);
  });

  test('a pause shows in the status', () => {
    expect(rest().get('/exchange/status').json).toMatchObject({
      exchange_active: true,
      trading_active: true,
    });
    expect(rest(false).get('/exchange/status').json).toMatchObject({
      exchange_active: true,
      trading_active: false,
      exchange_index_statuses: [{ exchange_index: 0 }, { exchange_index: 2, trading_active: false }],
    });
  });

  test('every asset’s series is listed, with its own coin, terms and shard', () => {
    const { get } = rest();
    const { json } = get<{ series: readonly Row[] }>('/series');
    expect(json.series.map(({ ticker, title }) => [ticker, title])).toEqual([
      ['KXBTC', 'Bitcoin price range'],
      ['KXBTCD', 'Bitcoin price Above/below'],
      ['KXBTC15M', 'Bitcoin price up down'],
      ['KXETH', 'Ethereum price range'],
      ['KXETHD', 'Ethereum price Above/below'],
      ['KXETH15M', 'Ethereum price up down'],
    ]);
    expect(get('/series?category=Crypto').json).toEqual(json);
    expect(get('/series?category=Sports').json).toEqual({ series: [] });
    expect(get<{ series: Row }>('/series/KXETHD').json.series).toMatchObject({
      tags: ['ETH'],
      fee_type: 'quadratic',
      exchange_index: 2,
    });
  });

  test('what there is not is not found; what is not market data is left to others', () => {
    const { get } = full();
    for (const path of ['/markets/NONE', '/markets/NONE/orderbook', '/series/KXSOLE', '/events/NONE'])
      expect(get(path)).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } });
    expect(get('/portfolio/balance').status).toBe(0);
  });

  test('our own codec reads all bodies of a running market', () => {
    const { get, run } = bench({ strikes: 3 });
    run(5);
    const decode = kalshiRestDecoder({ assets: [BTC] });
    const read = (path: string) => {
      const { json } = get('kalshi', `/trade-api/v2${path}`);
      return decode(`/trade-api/v2${path}`, JSON.stringify(json), 1);
    };
    const listed = read('/markets?limit=1000');
    expect(listed.map(({ kind }) => kind)).toEqual(listed.map(() => 'contractListed'));
    expect(listed.length).toBe(8);
    const [first] = listed;
    const ticker = first?.kind === 'contractListed' ? first.contract.ticker : '';
    expect(read(`/markets/${ticker}`)).toMatchObject([{ kind: 'contractListed' }]);
    expect(read(`/markets/${ticker}/orderbook`)).toMatchObject([{ kind: 'contractSnapshot', ticker }]);
    expect(read(`/markets/orderbooks?tickers=${ticker}`)).toMatchObject([
      { kind: 'contractSnapshot', ticker },
    ]);
    expect(read('/series/KXBTC15M')).toMatchObject([{ kind: 'feeTerms' }]);
    expect(read('/exchange/status')).toMatchObject([{ kind: 'venueStatus', trading: true }]);
  });
});
