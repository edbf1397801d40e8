import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VenueEvent } from '../../../src/domain/events/venue.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { mutatedTexts } from './mutations.ts';

const at = 1_787_000_000_000_000;
const stamps = { at, receivedAt: at };

const BOOK = {
  channel: 'book',
  type: 'update',
  data: [
    {
      symbol: 'BTC/USD',
      bids: [{ price: 78857, qty: 0.34775324 }],
      asks: [],
      checksum: 2416540570,
      timestamp: '2026-08-24T22:21:58.343688Z',
    },
  ],
};
const TRADE = {
  channel: 'trade',
  type: 'update',
  data: [
    {
      symbol: 'BTC/USD',
      side: 'sell',
      price: 84095.7,
      qty: 0.00020805,
      ord_type: 'limit',
      trade_id: 109183887,
      timestamp: '2026-09-26T18:09:14.347098Z',
    },
    {
      symbol: 'BTC/USD',
      side: 'buy',
      price: 84095.8,
      qty: 1,
      ord_type: 'market',
      trade_id: 109183888,
      timestamp: '2026-09-26T18:09:14.347098Z',
    },
  ],
};
const OHLC = {
  channel: 'ohlc',
  type: 'update',
  data: [
    {
      symbol: 'BTC/USD',
      open: 78731.4,
      high: 78743.2,
      low: 78720.9,
      close: 78742.7,
      volume: 1.650987,
      interval_begin: '2026-05-13T16:10:00.000000000Z',
      interval: 1,
    },
  ],
  timestamp: '2026-05-13T16:11:00.000000Z',
};
const INSTRUMENT = {
  channel: 'instrument',
  type: 'snapshot',
  data: {
    assets: [],
    pairs: [
      {
        symbol: 'BTC/USD',
        base: 'BTC',
        status: 'online',
        qty_precision: 8,
        qty_increment: 1e-8,
        price_precision: 1,
        price_increment: 0.1,
      },
    ],
  },
};
const STATUS = {
  channel: 'status',
  type: 'update',
  data: [{ system: 'cancel_only', api_version: 'v2', upcoming_maintenance: [] }],
};
const ACK = {
  method: 'subscribe',
  result: {
    channel: 'book',
    depth: 10,
    snapshot: true,
    symbol: 'BTC/USD',
    warnings: ['tick_size is deprecated'],
  },
  success: true,
  time_in: '2026-08-24T22:21:56.724795Z',
  time_out: '2026-08-24T22:21:56.724853Z',
};
const REFUSAL = {
  error: 'Subscription depth not supported',
  method: 'subscribe',
  success: false,
  symbol: 'BTC/USD',
  time_in: '2026-08-24T22:21:56.724795Z',
  time_out: '2026-08-24T22:21:56.724853Z',
};

const decode = (frame: unknown): readonly VenueEvent[] => decodeKraken(JSON.stringify(frame), at);
const why = (text: string): string => {
  const events = decodeKraken(text, at);
  expect(events).toEqual([
    { kind: 'rejected', ...stamps, venue: 'kraken', why: expect.any(String), excerpt: text.slice(0, 200) },
  ]);
  return events[0]?.kind === 'rejected' ? events[0].why : '';
};

describe('decodeKraken', () => {
  test('a book message keeps its numbers and takes its time to the microsecond', () => {
    expect(decode(BOOK)).toEqual([
      {
        kind: 'krakenBook',
        at: 1_787_610_118_343_688,
        receivedAt: at,
        symbol: 'BTC/USD',
        snapshot: false,
        bids: [{ price: 78857, qty: 0.34775324 }],
        asks: [],
        checksum: 2416540570,
      },
    ]);
  });

  test('a snapshot without a time has the time of its receipt', () => {
    const [{ timestamp: _, ...entry } = { timestamp: '' }] = BOOK.data;
    expect(decode({ ...BOOK, type: 'snapshot', data: [entry] })).toMatchObject([
      { ...stamps, snapshot: true },
    ]);
  });

  test('each trade of a message is an event', () => {
    const trade = {
      kind: 'spotTrade',
      at: 1_790_446_154_347_098,
      receivedAt: at,
      venue: 'kraken',
      symbol: 'BTC/USD',
      replayed: false,
    };
    expect(decode(TRADE)).toEqual([
      { ...trade, price: 84095.7, quantity: 0.00020805, taker: 'sell', tradeId: 109183887 },
      { ...trade, price: 84095.8, quantity: 1, taker: 'buy', tradeId: 109183888 },
    ]);
    expect(decode({ ...TRADE, type: 'snapshot' })).toMatchObject([{ replayed: true }, { replayed: true }]);
  });

  test("a candle is at its bar's open", () => {
    expect(decode(OHLC)).toEqual([
      {
        kind: 'krakenOhlc',
        at: 1_778_688_600_000_000,
        receivedAt: at,
        symbol: 'BTC/USD',
        open: 78731.4,
        high: 78743.2,
        low: 78720.9,
        close: 78742.7,
        volume: 1.650987,
        intervalMinutes: 1,
        snapshot: false,
      },
    ]);
  });

  test('instruments give their precision, statuses whether matching runs, heartbeats that the socket lives', () => {
    expect(decode(INSTRUMENT)).toEqual([
      {
        kind: 'krakenInstrument',
        ...stamps,
        symbol: 'BTC/USD',
        status: 'online',
        pricePrecision: 1,
        quantityPrecision: 8,
      },
    ]);
    expect(decode(STATUS)).toEqual([
      { kind: 'venueStatus', ...stamps, venue: 'kraken', trading: false, detail: 'cancel_only' },
    ]);
    expect(decode({ ...STATUS, data: [{ system: 'online' }] })).toMatchObject([{ trading: true }]);
    expect(decode({ channel: 'heartbeat' })).toEqual([{ kind: 'heartbeat', ...stamps, venue: 'kraken' }]);
  });

  test('replies are acknowledgements at the time the venue sent them', () => {
    const reply = {
      kind: 'acknowledgement',
      at: 1_787_610_116_724_853,
      receivedAt: at,
      venue: 'kraken',
      sid: undefined,
      seq: undefined,
    };
    const granted = {
      ...reply,
      method: 'subscribe',
      accepted: true,
      channel: 'book',
      symbol: 'BTC/USD',
      depth: 10,
    };
    expect(decode(ACK)).toEqual([{ ...granted, detail: 'tick_size is deprecated' }]);
    expect(decode({ ...ACK, method: 'unsubscribe' })).toMatchObject([
      { method: 'unsubscribe', accepted: true },
    ]);
    expect(decode(REFUSAL)).toEqual([
      {
        ...reply,
        method: 'subscribe',
        accepted: false,
        channel: undefined,
        symbol: 'BTC/USD',
        detail: 'Subscription depth not supported',
      },
    ]);
    expect(decode({ method: 'pong', req_id: 1, time_in: ACK.time_in, time_out: ACK.time_out })).toMatchObject(
      [{ ...reply, method: 'pong', accepted: true }],
    );
    for (const complaint of [{ error: 'Malformed request' }, { Error: 'Exceeded msg rate' }])
      expect(decode(complaint)).toMatchObject([
        { ...stamps, method: 'error', accepted: false, detail: Object.values(complaint)[0] },
      ]);
  });

  test('a message without entries gives no events', () => expect(decode({ ...BOOK, data: [] })).toEqual([]));

  test.each([
    ['{"channel":"book"', 'no JSON'],
    ['', 'no JSON'],
    ['null', 'a frame is an object, was object'],
    ['42', 'a frame is an object, was number'],
    ['{}', 'neither channel, method nor error'],
    ['{"channel":"level9","data":[]}', 'unknown channel "level9"'],
    ['{"channel":7}', 'unknown channel number'],
    [
      '[336,{"b":[["27119.90000","13.54109952","1693415330.621700"]],"c":"3572756970"},"book-10","XBT/USD"]',
      'legacy v1 array frame (channel "book-10", pair "XBT/USD"): only v2 is read',
    ],
    ['{"event":"heartbeat"}', 'legacy v1 event "heartbeat": only v2 is read'],
    [
      '{"channelID":336,"event":"subscriptionStatus"}',
      'legacy v1 event "subscriptionStatus": only v2 is read',
    ],
    ['{"method":7}', 'reply: ✖ Invalid input: expected string, received number → at method'],
    [JSON.stringify({ ...ACK, time_out: 'soon' }), 'reply: ✖ must be an RFC 3339 time → at time_out'],
  ])('%s is rejected', (text, reason) => expect(why(text)).toBe(reason));

  test.each([
    ['a price as text', '"price":78857', '"price":"78857"'],
    ['an infinite price', '"price":78857', '"price":1e999'],
    ['a negative quantity', '"qty":0.34775324', '"qty":-0.34775324'],
    ['a missing quantity', '"qty":0.34775324', '"quantity":0.34775324'],
    ['a checksum beyond 32 bits', '2416540570', '4294967296'],
    ['a checksum with a fraction', '2416540570', '2416540570.5'],
    ['a time out of the calendar', '2026-08-24T', '2026-08-32T'],
    ['an unknown type', '"update"', '"delta"'],
    ['sides that are no lists', '"asks":[]', '"asks":{}'],
  ])('a book message with %s is rejected with the reason of the schema', (_, from, to) => {
    expect(why(JSON.stringify(BOOK).replace(from, to))).toMatch(/^book: ✖ .+ → at (data|type)/);
  });

  test('one bad entry rejects its whole message', () => {
    expect(why(JSON.stringify(TRADE).replace('"qty":1,', '"qty":0,'))).toBe(
      'trade: ✖ Too small: expected number to be >0 → at data[1].qty',
    );
  });

  test('property: mutated frames never throw, are rejected at most once, and give no number that is not finite', () => {
    const originals = [BOOK, TRADE, OHLC, INSTRUMENT, STATUS, ACK, REFUSAL, { channel: 'heartbeat' }].map(
      (frame) => JSON.stringify(frame),
    );
    fc.assert(
      fc.property(mutatedTexts(originals), (text) => {
        const events = decodeKraken(text, at);
        if (events.some(({ kind }) => kind === 'rejected')) expect(events.length).toBe(1);
        JSON.stringify(events, (_, value: unknown) => {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          return value;
        });
      }),
      { numRuns: 3000 },
    );
  });
});

describeData('decodeKraken on recorded frames', () => {
  const lines = (name: string): readonly string[] =>
    readFileSync(dataPath('kraken', name), 'utf8').trim().split('\n');

  test.each([
    ['book-v2-sample.jsonl', { venueStatus: 1, acknowledgement: 1, krakenBook: 4, heartbeat: 2 }],
    ['trades-v2.jsonl', { venueStatus: 1, acknowledgement: 2, spotTrade: 52, heartbeat: 5 }],
  ])('nothing of %s is rejected', (name, expected) => {
    const counts: Record<string, number> = {};
    for (const { kind } of lines(name).flatMap((line) => decodeKraken(line, at)))
      counts[kind] = (counts[kind] ?? 0) + 1;
    expect(counts).toEqual(expected);
  });

  test('every frame of the old protocol is refused by name', () => {
    const { init, updates } = JSON.parse(readFileSync(dataPath('kraken', 'book-v1.json'), 'utf8')) as Record<
      'init' | 'updates',
      readonly unknown[]
    >;
    const reasons = [...init, ...updates].map((frame) => why(JSON.stringify(frame)));
    expect(reasons.length).toBe(1150);
    expect(reasons.filter((reason) => !/^legacy v1 (array frame|event) /.test(reason))).toEqual([]);
  });
});
