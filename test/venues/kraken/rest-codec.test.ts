import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../../src/domain/time.ts';
import { decodeKrakenRest } from '../../../src/venues/kraken/rest-codec.ts';
import { dataPath, describeData } from '../../support/data.ts';

const TRADES = '/0/public/Trades?pair=XBTUSD&since=0&count=1000';
const OHLC = '/0/public/OHLC?pair=XBTUSD&interval=1';
const RECEIVED = 9 * SECOND;

const result = (rows: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ error: [], result: rows });
const whyOf = (resource: string, text: string): readonly string[] =>
  decodeKrakenRest(resource, text, RECEIVED).map((event) =>
    event.kind === 'rejected' ? event.why : event.kind,
  );

describe('decodeKrakenRest', () => {
  test('columns that the venue adds at the end of a row change nothing', () => {
    const trades = [['60000.1', '0.5', 1758888000.5, 'b', 'l', '', 7]];
    const candles = [1, 2].map((n) => [1758888000 + 60 * n, '1', '2', '0.5', '1.5', '1.2', '3', 4]);
    const more = fc.array(fc.jsonValue(), { maxLength: 3 });
    fc.assert(
      fc.property(more, (extra) => {
        const read = (resource: string, rows: readonly unknown[][], last: unknown) =>
          decodeKrakenRest(resource, result({ XXBTZUSD: rows, last }), RECEIVED);
        const longer = (rows: readonly unknown[][]) => rows.map((row) => [...row, ...extra]);
        expect(read(TRADES, longer(trades), '1')).toEqual(read(TRADES, trades, '1'));
        expect(read(OHLC, longer(candles), 1)).toEqual(read(OHLC, candles, 1));
        expect(read(OHLC, candles, 1)[0]?.kind).toBe('krakenOhlc');
      }),
    );
  });

  test('trades come as replayed, at the microsecond, with the taker as REST writes it', () => {
    const rows = [
      ['60000.10000', '0.00010000', 1758888000.1234567, 'b', 'l', '', 7],
      ['60001.00000', '2.00000000', 1758888001, 's', 'm', '', 8],
    ];
    expect(
      decodeKrakenRest(TRADES, result({ XXBTZUSD: rows, last: '1758888001000000000' }), RECEIVED),
    ).toEqual([
      {
        kind: 'spotTrade',
        at: 1758888000123457,
        receivedAt: RECEIVED,
        venue: 'kraken',
        symbol: 'BTC/USD',
        price: 60_000.1,
        quantity: 0.0001,
        taker: 'buy',
        tradeId: 7,
        replayed: true,
      },
      {
        kind: 'spotTrade',
        at: 1758888001 * SECOND,
        receivedAt: RECEIVED,
        venue: 'kraken',
        symbol: 'BTC/USD',
        price: 60_001,
        quantity: 2,
        taker: 'sell',
        tradeId: 8,
        replayed: true,
      },
    ]);
  });

  test('candles are snapshots of the interval asked for, and the unfinished last one is left out', () => {
    const row = (seconds: number, close: string) => [seconds, '1', '3', '0.5', close, '1.5', '0.25', 4];
    const text = result({ XXBTZUSD: [row(60, '2'), row(120, '2.5')], last: 60 });
    const candle = {
      kind: 'krakenOhlc',
      at: 60 * SECOND,
      receivedAt: RECEIVED,
      symbol: 'BTC/USD',
      open: 1,
      high: 3,
      low: 0.5,
      close: 2,
      volume: 0.25,
      intervalMinutes: 1,
      snapshot: true,
    };
    expect(decodeKrakenRest(OHLC, text, RECEIVED)).toEqual([candle]);
    expect(decodeKrakenRest(OHLC.replace('interval=1', 'interval=5'), text, RECEIVED)).toEqual([
      { ...candle, intervalMinutes: 5 },
    ]);
  });

  test('errors of the body are told, all of them, whatever else it holds', () => {
    const text = '{"error":["EQuery:Unknown asset pair","EGeneral:Invalid arguments"],"result":{"last":"1"}}';
    expect(decodeKrakenRest(TRADES, text, RECEIVED)).toEqual([
      {
        kind: 'rejected',
        at: RECEIVED,
        receivedAt: RECEIVED,
        venue: 'kraken',
        why: 'REST Trades: EQuery:Unknown asset pair, EGeneral:Invalid arguments',
        excerpt: text,
      },
    ]);
  });

  test.each([
    ['no JSON', '<html>', /^REST Trades: no JSON$/],
    ['one error', '{"error":["EService:Busy"]}', /^REST Trades: EService:Busy$/],
    ['no result', '{"error":[]}', /^REST Trades: /],
    [
      'a price that is a number',
      result({ XXBTZUSD: [[1, '1', 1, 'b', 'l', '', 1]], last: '1' }),
      /^REST Trades: /,
    ],
    [
      'a pair we cannot name',
      result({ FOO: [['1', '1', 1, 'b', 'l', '', 1]], last: '1' }),
      /^REST Trades: unknown pair FOO$/,
    ],
  ])('%s gives one rejection that says so', (_, text, why) => {
    expect(whyOf(TRADES, text)).toEqual([expect.stringMatching(why)]);
  });

  test('a page without rows, and a resource nobody reads, give nothing', () => {
    expect(whyOf(TRADES, result({ last: '1' }))).toEqual([]);
    expect(whyOf('/0/public/Time', result({ unixtime: 1, rfc1123: '' }))).toEqual([]);
    expect(whyOf('/0/public/Trades/more', '<html>')).toEqual([]);
  });

  test('whatever resource and body come, it gives events and never throws', () => {
    const resources = fc.oneof(
      fc.constantFrom(TRADES, OHLC, '//', 'http://', 'http://[', '/0/public/OHLC?interval=%'),
      fc.webUrl(),
      fc.string(),
    );
    const cell = fc.oneof(fc.string(), fc.constantFrom('1', '0.5', 'b', 'm', ''), fc.double(), fc.integer());
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .dictionary(fc.constantFrom('XXBTZUSD', 'last', 'FOO'), fc.array(fc.array(cell)))
        .map((each) => result({ last: '1', ...each })),
    );
    fc.assert(
      fc.property(resources, bodies, (resource, text) => {
        for (const event of decodeKrakenRest(resource, text, RECEIVED))
          expect(['rejected', 'spotTrade', 'krakenOhlc']).toContain(event.kind);
      }),
    );
  });
});

describeData('decodeKrakenRest on recorded answers', () => {
  test('a thousand trades are read, consecutive and in order', () => {
    const events = decodeKrakenRest(
      TRADES,
      readFileSync(dataPath('kraken', 'rest-trades.json'), 'utf8'),
      RECEIVED,
    );
    const trades = events.flatMap((event) => (event.kind === 'spotTrade' ? [event] : []));
    expect([events.length, trades.length]).toEqual([1_000, 1_000]);
    expect([trades[0]?.symbol, trades[0]?.tradeId, trades.at(-1)?.tradeId]).toEqual([
      'BTC/USDT',
      10_218_208,
      10_219_207,
    ]);
    expect(trades.every(({ at }, n) => n === 0 || at >= (trades[n - 1]?.at ?? 0))).toBe(true);
    expect(trades.at(-1)?.at).toBe(1_762_820_035_982_278);
  });

  test('720 finished candles are read, one a minute', () => {
    const events = decodeKrakenRest(
      OHLC,
      readFileSync(dataPath('kraken', 'rest-ohlc.json'), 'utf8'),
      RECEIVED,
    );
    expect(events.map(({ kind }) => kind)).toEqual(Array.from({ length: 720 }, () => 'krakenOhlc'));
    expect(events.map(({ at }) => at)).toEqual(
      Array.from({ length: 720 }, (_, n) => (1_762_777_020 + 60 * n) * SECOND),
    );
  });
});
