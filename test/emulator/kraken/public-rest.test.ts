import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import type { KrakenCandle, KrakenTradeTicks } from '../../../src/emulator/kraken/emission.ts';
import { type KrakenRestState, krakenPublicRest } from '../../../src/emulator/kraken/public-rest.ts';
import { decodeKrakenRest } from '../../../src/venues/kraken/rest-codec.ts';
import { emulatedBtc, emulatedEth } from '../assets.ts';
import { bench, request } from '../bench.ts';

const START = 1_780_000_020 * SECOND;
type Row = readonly unknown[];
interface Body {
  readonly error: readonly string[];
  readonly result: { readonly XXBTZUSD: readonly Row[]; readonly last: string | number };
}

/** REST over a state that is given, and a clock that is moved. */
const rest = (state: Partial<KrakenRestState> = {}) => {
  let millis = START / 1_000;
  const http = krakenPublicRest({
    times: { now: () => millis * 1_000, wallMillis: () => millis },
    rateLimited: false,
    system: () => 'online',
    pairs: [emulatedBtc, emulatedEth].flatMap(({ pair }) => pair ?? []),
    trades: () => [],
    candles: () => [],
    book: () => ({ bids: [], asks: [], checksum: 0 }),
    ...state,
  });
  return {
    get: (call: string, method = 'GET') => {
      const { status, body } = http(request(`/0/public/${call}`, { method }));
      return { status, body, json: JSON.parse(body) as Body };
    },
    wait: (ms: number) => {
      millis += ms;
    },
  };
};
const trade = (at: number, tradeId: number): KrakenTradeTicks => ({
  at,
  tradeId,
  side: tradeId % 2 === 0 ? 'buy' : 'sell',
  ticks: 800_000 + tradeId,
  lots: 5_100 * tradeId,
});
const candle = (minute: number): KrakenCandle => ({
  openAt: START - (START % MINUTE) + minute * MINUTE,
  open: 800_000 + minute,
  high: 800_010 + minute,
  low: 799_990 + minute,
  close: 800_005 + minute,
  lots: 100_000_000,
  turnover: 800_001 * 100_000_000,
  trades: 3,
});
const ids = ({ json }: { readonly json: Body }): readonly unknown[] =>
  json.result.XXBTZUSD.map((row) => row[6]);

describe('Trades of the emulated Kraken', () => {
  test('a row has the columns, the texts and the order of Kraken’s, and our codec reads it', () => {
    const { get } = rest({ trades: () => [trade(START + 123_456, 4), trade(START + 2 * SECOND, 5)] });
    const { json, body } = get('Trades?pair=XBTUSD&since=0');
    expect(json).toEqual({
      error: [],
      result: {
        XXBTZUSD: [
          ['80000.4', '0.00020400', 1_780_000_020.123456, 'b', 'l', '', 4],
          ['80000.5', '0.00025500', 1_780_000_022, 's', 'l', '', 5],
        ],
        last: '1780000022000000000',
      },
    });
    expect(decodeKrakenRest('/0/public/Trades?pair=XBTUSD', body, 1)).toMatchObject([
      {
        kind: 'spotTrade',
        at: START + 123_456,
        price: 80_000.4,
        quantity: 0.000204,
        taker: 'buy',
        tradeId: 4,
      },
      { kind: 'spotTrade', at: START + 2 * SECOND, taker: 'sell', tradeId: 5 },
    ]);
  });

  test('property: pages chained by `last` give every trade once, however many fall on one microsecond and wherever pages end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        (steps, count) => {
          let at = START;
          const trades = steps.map((step, i) => {
            at += step;
            return trade(at, i);
          });
          const { get } = rest({ trades: () => trades });
          const seen: unknown[] = [];
          let since = '0';
          for (let page = 0; page <= trades.length; page++) {
            const answer = get(`Trades?pair=XBTUSD&since=${since}&count=${count}`);
            seen.push(...ids(answer));
            if (answer.json.result.last === since) break;
            since = String(answer.json.result.last);
            expect(since).toMatch(/^\d{19}$/);
          }
          expect(seen).toEqual(trades.map(({ tradeId }) => tradeId));
        },
      ),
    );
  });

  test('`since` may be seconds; without it come the newest; no page is longer than a thousand', () => {
    const trades = Array.from({ length: 1_200 }, (_, i) => trade(START + i * SECOND, i));
    const { get } = rest({ trades: () => trades });
    expect(ids(get(`Trades?pair=XBTUSD&since=${START / SECOND + 1_190}`))).toEqual([
      1_191, 1_192, 1_193, 1_194, 1_195, 1_196, 1_197, 1_198, 1_199,
    ]);
    expect(ids(get('Trades?pair=XBTUSD'))).toEqual(trades.slice(200).map(({ tradeId }) => tradeId));
    expect(ids(get('Trades?pair=XBTUSD&count=2'))).toEqual([1_198, 1_199]);
    expect(ids(get('Trades?pair=XBTUSD&since=0&count=5000'))).toEqual(
      trades.slice(0, 1_000).map(({ tradeId }) => tradeId),
    );
  });

  test('with nothing new the page is empty and `last` is what was asked with', () => {
    const { get } = rest({ trades: () => [trade(START, 1)] });
    expect(get(`Trades?pair=XBTUSD&since=${START}000`).json.result).toEqual({
      XXBTZUSD: [],
      last: `${START}000`,
    });
  });
});

describe('OHLC of the emulated Kraken', () => {
  const candles = (count: number) => Array.from({ length: count }, (_, i) => candle(i));

  test('a row has Kraken’s columns, `last` is the newest finished candle, and our codec leaves out the unfinished one', () => {
    const { get } = rest({ candles: () => candles(3) });
    const { json, body } = get('OHLC?pair=XBTUSD&interval=1');
    const first = candle(0).openAt / SECOND;
    expect(json.result.XXBTZUSD[0]).toEqual([
      first,
      '80000.0',
      '80001.0',
      '79999.0',
      '80000.5',
      '80000.1',
      '1.00000000',
      3,
    ]);
    expect(json.result.last).toBe(first + 60);
    expect(decodeKrakenRest('/0/public/OHLC?pair=XBTUSD&interval=1', body, 1)).toMatchObject([
      { kind: 'krakenOhlc', at: candle(0).openAt, close: 80_000.5, volume: 1 },
      { kind: 'krakenOhlc', at: candle(1).openAt },
    ]);
  });

  test('`last` as `since` gives the newest candle alone, and once a minute has closed that minute too', () => {
    let held = candles(5);
    const { get } = rest({ candles: () => held });
    const { last } = get('OHLC?pair=XBTUSD').json.result;
    const opens = () => get(`OHLC?pair=XBTUSD&since=${last}`).json.result.XXBTZUSD.map(([second]) => second);
    expect(opens()).toEqual([candle(4).openAt / SECOND]);
    expect(get(`OHLC?pair=XBTUSD&since=${START / SECOND + 9_999}`).json.result.XXBTZUSD).toHaveLength(1);
    held = candles(6);
    expect(opens()).toEqual([4, 5].map((minute) => candle(minute).openAt / SECOND));
  });

  test('however long the history, 720 finished candles are shown', () => {
    const { get } = rest({ candles: () => candles(900) });
    const rows = get('OHLC?pair=XBTUSD&since=0').json.result.XXBTZUSD;
    expect(rows).toHaveLength(721);
    expect(rows[0]?.[0]).toBe(candle(179).openAt / SECOND);
  });

  test('the span asked for is the span of the candles', () => {
    const spans: number[] = [];
    const { get } = rest({
      candles: (_, span) => {
        spans.push(span);
        return candles(2);
      },
    });
    get('OHLC?pair=XBTUSD');
    get('OHLC?pair=XBTUSD&interval=15');
    expect(spans).toEqual([MINUTE, 15 * MINUTE]);
  });
});

describe('the pairs of Kraken’s REST', () => {
  test.each(['ETHUSD', 'XETHZUSD', 'ETH/USD'])(
    '%s is ether, in its own decimals and under its own key',
    (pair) => {
      const asked: string[] = [];
      const { get } = rest({
        trades: (symbol) => {
          asked.push(symbol);
          return [{ ...trade(START, 2), ticks: 250_012 }];
        },
      });
      const { result } = get(`Trades?pair=${pair}&since=0`).json as unknown as {
        result: Readonly<Record<string, readonly Row[]>>;
      };
      expect(asked).toEqual(['ETH/USD']);
      expect(result['XETHZUSD']?.[0]?.[0]).toBe('2500.12');
    },
  );

  test('without a name AssetPairs lists all, each with its names and decimals', () => {
    const { result } = rest().get('AssetPairs').json as unknown as {
      result: Readonly<Record<string, unknown>>;
    };
    expect(result).toMatchObject({
      XXBTZUSD: {
        altname: 'XBTUSD',
        wsname: 'XBT/USD',
        pair_decimals: 1,
        tick_size: '0.1',
        ordermin: '0.00005',
      },
      XETHZUSD: { altname: 'ETHUSD', wsname: 'ETH/USD', pair_decimals: 2, tick_size: '0.01' },
    });
    expect(Object.keys(result)).toHaveLength(2);
  });

  test('one pair’s calls do not use up another’s', () => {
    const { get } = rest({ rateLimited: true });
    const refused = (pair: string): readonly string[] => get(`Trades?pair=${pair}`).json.error;
    for (let i = 0; i < 3; i++) expect(refused('XBTUSD')).toEqual([]);
    expect(refused('XBTUSD')).toEqual(['EGeneral:Too many requests']);
    expect(refused('ETHUSD')).toEqual([]);
  });
});

describe('the rest of Kraken’s REST', () => {
  test.each([
    ['another pair', 'Trades?pair=SOLUSD', 'EQuery:Unknown asset pair'],
    ['another pair of metadata', 'AssetPairs?pair=SOLUSD', 'EQuery:Unknown asset pair'],
    ['no pair', 'OHLC', 'EGeneral:Invalid arguments'],
    ['a span that Kraken has not', 'OHLC?pair=XBTUSD&interval=7', 'EGeneral:Invalid arguments'],
    ['a span that is no number', 'OHLC?pair=XBTUSD&interval=x', 'EGeneral:Invalid arguments'],
    ['a time that is no number', 'Trades?pair=XBTUSD&since=then', 'EGeneral:Invalid arguments'],
    ['a count that is no number', 'Trades?pair=XBTUSD&count=all', 'EGeneral:Invalid arguments'],
  ] as const)('%s is an error in a body of status 200', (_, call, error) => {
    const { status, json } = rest().get(call);
    expect({ status, json }).toEqual({ status: 200, json: { error: [error] } });
  });

  test('a path or a method that is not there is answered 404', () => {
    expect(rest().get('Nothing')).toMatchObject({
      status: 404,
      json: { error: ['EGeneral:Unknown method'] },
    });
    expect(rest().get('Time', 'POST').status).toBe(404);
  });

  test('all spellings of the pair mean the same', () => {
    const { get } = rest({ trades: () => [trade(START, 1)] });
    for (const pair of ['XBTUSD', 'XXBTZUSD', 'BTC/USD', 'XBT/USD'])
      expect(ids(get(`Trades?pair=${encodeURIComponent(pair)}&since=0`))).toEqual([1]);
  });

  test('Trades and OHLC share three calls at once and one a second; others are not counted', () => {
    const { get, wait } = rest({ rateLimited: true });
    const errors = (call: string) => get(call).json.error;
    expect([errors('Trades?pair=XBTUSD'), errors('OHLC?pair=XBTUSD'), errors('Trades?pair=XBTUSD')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(errors('OHLC?pair=XBTUSD')).toEqual(['EGeneral:Too many requests']);
    expect(errors('Time')).toEqual([]);
    wait(999);
    expect(errors('Trades?pair=XBTUSD')).toEqual(['EGeneral:Too many requests']);
    wait(1);
    expect(errors('Trades?pair=XBTUSD')).toEqual([]);
    wait(60_000);
    expect(Array.from({ length: 4 }, () => errors('Trades?pair=XBTUSD').length)).toEqual([0, 0, 0, 1]);
  });

  test('the time, the status and the pair’s metadata are the venue’s', () => {
    const { get } = rest({ system: () => 'maintenance' });
    expect(get('Time').json.result).toEqual({
      unixtime: 1_780_000_020,
      rfc1123: 'Thu, 28 May 2026 20:27:00 GMT',
    });
    expect(get('SystemStatus').json.result).toEqual({
      status: 'maintenance',
      timestamp: '2026-05-28T20:27:00.000Z',
    });
    expect(get('AssetPairs?pair=XBTUSD').json.result.XXBTZUSD).toMatchObject({
      altname: 'XBTUSD',
      wsname: 'XBT/USD',
      pair_decimals: 1,
      lot_decimals: 8,
    });
  });

  test('of a running market, Trades and Depth end where the socket does', () => {
    const { get, run, venues } = bench();
    run(10);
    const state = venues.kraken.state()['BTC/USD'];
    const { result } = get('kraken', '/0/public/Trades?pair=XBTUSD&since=0').json as Body;
    expect(result.XXBTZUSD[0]?.[6]).toBe(state?.firstTradeId);
    expect(result.XXBTZUSD.at(-1)?.[6]).toBe(state?.lastTradeId);
    const depth = get('kraken', '/0/public/Depth?pair=XBTUSD&count=10').json as {
      result: { XXBTZUSD: Record<'bids' | 'asks', readonly (readonly [string, string, number])[]> };
    };
    for (const side of ['bids', 'asks'] as const)
      expect(
        depth.result.XXBTZUSD[side].map(([price, size]) => [Math.round(Number(price) * 10), size]),
      ).toEqual(state?.[side].map(([ticks, lots]) => [ticks, (lots / 1e8).toFixed(3)]));
  });
});
