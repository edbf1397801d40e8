import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from } from 'rxjs';
import type { VenueEvent } from '../../../src/domain/events/venue.ts';
import { krakenBook } from '../../../src/venues/kraken/book.ts';
import { krakenBooks } from '../../../src/venues/kraken/books.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { krakenTrades } from '../../../src/venues/kraken/trades.ts';
import { BTC, DOGE, ETH } from '../../support/assets.ts';
import { type Bench, type BenchClient, bench, request } from '../bench.ts';

const SYMBOL = ['BTC/USD'];
const subscribe = (channel: string, params: Readonly<Record<string, unknown>> = {}, rest: object = {}) => ({
  method: 'subscribe',
  params: { channel, symbol: SYMBOL, ...params },
  ...rest,
});
const decoded = ({ texts }: BenchClient, at = 1): readonly VenueEvent[] =>
  texts.flatMap((text) => decodeKraken(text, at));
const channels = (client: BenchClient): readonly unknown[] =>
  client.news().map(({ channel, method, type }) => (channel ? `${channel} ${type ?? ''}`.trim() : method));

/** Levels of a side of our own book after all that the client was told. */
const followed = (client: BenchClient, depth: number) => {
  const book = krakenBook({ depth, pricePrecision: 1, quantityPrecision: 8 });
  for (const event of decoded(client)) if (event.kind === 'krakenBook') book.apply(event);
  const side = (name: 'bid' | 'ask') => {
    const levels: (readonly [number, number])[] = [];
    book.walk(name, (ticks, lots) => levels.push([ticks, lots]));
    return levels;
  };
  return { bids: side('bid'), asks: side('ask') };
};
/** The same, of a client that comes now and is told the whole. */
const told = ({ connect }: Bench, depth: number) => {
  const client = connect('kraken');
  client.send(subscribe('book', { depth }));
  const levels = followed(client, depth);
  client.left();
  return levels;
};

describe('the book of the emulated Kraken', () => {
  test('at depths 10, 25 and 100, from the start or from later on, our book passes every checksum and ends as the venue’s', () => {
    const emulated = bench({ depth: 120 });
    const depths = [10, 25, 100];
    const early = depths.map((depth) => {
      const client = emulated.connect('kraken');
      client.send(subscribe('book', { depth }));
      return { depth, client };
    });
    emulated.run(20);
    const late = depths.map((depth) => {
      const client = emulated.connect('kraken');
      client.send(subscribe('book', { depth }));
      return { depth, client };
    });
    emulated.run(20);
    for (const { depth, client } of [...early, ...late]) {
      const events = decoded(client);
      const verdicts: unknown[] = [];
      from(events)
        .pipe(krakenBooks({ depth }))
        .subscribe((event) => {
          if (event.kind !== 'spotTop') verdicts.push(event.kind === 'gap' ? event.detail : event.verdict);
        });
      expect(verdicts.length).toBeGreaterThan(100);
      expect(verdicts.filter((verdict) => verdict !== 'passed')).toEqual([]);
      const book = followed(client, depth);
      expect(book.bids).toHaveLength(depth);
      expect(book).toEqual(told(emulated, depth));
      expect(book.bids.slice(0, 10)).toEqual(emulated.venues.kraken.state()['BTC/USD']?.bids);
      expect(book.asks.slice(0, 10)).toEqual(emulated.venues.kraken.state()['BTC/USD']?.asks);
    }
  });

  test('a subscription without a depth is one of ten levels; one without a snapshot begins with an update', () => {
    const { connect, run } = bench();
    const client = connect('kraken');
    client.send(subscribe('book'));
    const [, ack, snapshot] = client.news() as [unknown, object, { data: [{ bids: unknown[] }] }];
    expect(ack).toMatchObject({ result: { depth: 10, snapshot: true } });
    expect(snapshot.data[0].bids).toHaveLength(10);
    const bare = connect('kraken');
    bare.send(subscribe('book', { snapshot: false }));
    expect(bare.news().at(-1)).toMatchObject({ method: 'subscribe', result: { snapshot: false } });
    run(2);
    expect(channels(bare)).toContain('book update');
    expect(decoded(bare).filter((event) => event.kind === 'krakenBook' && event.snapshot)).toEqual([]);
  });
});

describe('several pairs of the emulated Kraken', () => {
  const followedBy = (client: BenchClient, symbol: string, pricePrecision: number) => {
    const book = krakenBook({ depth: 10, pricePrecision, quantityPrecision: 8 });
    const wrong: unknown[] = [];
    for (const event of decoded(client))
      if (event.kind === 'krakenBook' && event.symbol === symbol) {
        const problem = book.apply(event);
        if (problem) wrong.push(problem);
      }
    return { book, wrong };
  };

  test('each pair’s book passes every checksum at its own decimals, and giving one up leaves the other', () => {
    const { connect, run, venues } = bench({ assets: [BTC, ETH, DOGE] });
    const client = connect('kraken');
    client.send(subscribe('book', { symbol: ['BTC/USD', 'ETH/USD', 'DOGE/USD'] }));
    run(10);
    for (const [symbol, precision] of [
      ['BTC/USD', 1],
      ['ETH/USD', 2],
      ['DOGE/USD', 7],
    ] as const) {
      const { book, wrong } = followedBy(client, symbol, precision);
      expect(wrong).toEqual([]);
      const bids: (readonly [number, number])[] = [];
      book.walk('bid', (ticks, lots) => bids.push([ticks, lots]));
      expect(bids).toHaveLength(10);
      expect(bids).toEqual(venues.kraken.state()[symbol]?.bids);
    }
    client.news();
    client.send({ method: 'unsubscribe', params: { channel: 'book', symbol: ['ETH/USD'] } });
    run(5);
    const said = new Set(
      client.news().flatMap(({ data }) => (data as { symbol: string }[] | undefined)?.[0]?.symbol ?? []),
    );
    expect(said).toEqual(new Set(['BTC/USD', 'DOGE/USD']));
  });

  test('the instrument channel lists every pair, and a pair that is not listed is refused', () => {
    const { connect } = bench({ assets: [BTC, ETH] });
    const client = connect('kraken');
    client.send({ method: 'subscribe', params: { channel: 'instrument' } });
    expect(
      decoded(client).flatMap((event) =>
        event.kind === 'krakenInstrument' ? [[event.symbol, event.pricePrecision]] : [],
      ),
    ).toEqual([
      ['BTC/USD', 1],
      ['ETH/USD', 2],
    ]);
    client.news();
    client.send(subscribe('trade', { symbol: ['DOGE/USD'] }));
    expect(client.news()).toMatchObject([{ success: false, symbol: 'DOGE/USD' }]);
  });
});

describe('the other channels of the emulated Kraken', () => {
  test('trades begin with fifty, the oldest first, and no id is missing or repeated', () => {
    const { connect, run, venues } = bench();
    run(5);
    const client = connect('kraken');
    client.send(subscribe('trade'));
    run(20);
    const events = decoded(client);
    const trades = events.flatMap((event) => (event.kind === 'spotTrade' ? [event] : []));
    expect(trades.filter(({ replayed }) => replayed)).toHaveLength(50);
    const ids = trades.map(({ tradeId }) => tradeId);
    expect(ids).toEqual(ids.map((_, i) => (ids[0] as number) + i));
    expect(ids.at(-1)).toBe(venues.kraken.state()['BTC/USD']?.lastTradeId);
    const gaps: unknown[] = [];
    from(events)
      .pipe(krakenTrades())
      .subscribe((event) => {
        if (event.kind === 'gap') gaps.push(event);
      });
    expect(gaps).toEqual([]);
  });

  test('candles of five minutes are those of one minute put together', () => {
    const { connect, run } = bench({ startAt: '2026-06-01T13:33:00Z' });
    const [one, five] = [connect('kraken'), connect('kraken')];
    one.send(subscribe('ohlc', { interval: 1 }));
    five.send(subscribe('ohlc', { interval: 5 }));
    run(150);
    const candles = (client: BenchClient) => {
      const last = new Map<number, Extract<VenueEvent, { kind: 'krakenOhlc' }>>();
      for (const event of decoded(client)) if (event.kind === 'krakenOhlc') last.set(event.at, event);
      return last;
    };
    const minutes = candles(one);
    const fives = [...candles(five).values()];
    expect(fives.every(({ intervalMinutes }) => intervalMinutes === 5)).toBe(true);
    for (const { at, open, high, low, close, volume } of fives.slice(1)) {
      const of = [...minutes.values()].filter((minute) => minute.at >= at && minute.at < at + 300e6);
      expect({ open, high, low, close }).toEqual({
        open: of[0]?.open,
        high: Math.max(...of.map((minute) => minute.high)),
        low: Math.min(...of.map((minute) => minute.low)),
        close: of.at(-1)?.close,
      });
      expect(volume).toBeCloseTo(
        of.reduce((sum, minute) => sum + minute.volume, 0),
        7,
      );
    }
    // The quarter in which the market moved, and one that is nothing but history.
    expect(fives.length).toBeGreaterThanOrEqual(4);
  });

  test('a candle in which nothing was traded is readable', () => {
    const { connect, venues, startAt } = bench();
    const client = connect('kraken');
    client.send(subscribe('ohlc', { snapshot: false }));
    const [open, high, low, close] = [800_000, 800_000, 800_000, 800_000];
    const empty = { openAt: startAt, open, high, low, close, lots: 0, turnover: 0, trades: 0 };
    venues.kraken.market({ kind: 'ohlc', at: startAt, symbol: 'BTC/USD', snapshot: false, candles: [empty] });
    expect(decoded(client).at(-1)).toMatchObject({ kind: 'krakenOhlc', close: 80_000, volume: 0 });
  });

  test('the instrument channel tells the pair’s decimals', () => {
    const { connect } = bench();
    const client = connect('kraken');
    client.send({ method: 'subscribe', params: { channel: 'instrument' } });
    expect(decoded(client)).toContainEqual(
      expect.objectContaining({
        kind: 'krakenInstrument',
        symbol: 'BTC/USD',
        pricePrecision: 1,
        quantityPrecision: 8,
      }),
    );
  });
});

describe('the manners of the emulated Kraken', () => {
  test('a connection begins with the status, and what is asked is granted with its own number, then shown', () => {
    const { connect } = bench();
    const client = connect('kraken');
    client.send(subscribe('book', { depth: 25 }, { req_id: 7 }));
    const [status, ack, snapshot] = client.news();
    expect(status).toMatchObject({ channel: 'status', data: [{ system: 'online', api_version: 'v2' }] });
    expect(ack).toEqual({
      method: 'subscribe',
      result: { channel: 'book', depth: 25, snapshot: true, symbol: 'BTC/USD' },
      success: true,
      time_in: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      time_out: expect.stringMatching(/Z$/),
      req_id: 7,
    });
    expect(snapshot).toMatchObject({ channel: 'book', type: 'snapshot' });
  });

  test('one request of two symbols has two answers', () => {
    const { connect } = bench();
    const client = connect('kraken');
    client.send(subscribe('trade', { symbol: ['ETH/USD', 'BTC/USD'], snapshot: false }, { req_id: 3 }));
    expect(client.news().slice(1)).toMatchObject([
      { success: false, symbol: 'ETH/USD', error: 'Currency pair not supported ETH/USD', req_id: 3 },
      { success: true, result: { symbol: 'BTC/USD' }, req_id: 3 },
    ]);
  });

  const book = subscribe('book');
  test.each([
    [
      'a symbol in the spelling of v1',
      [subscribe('book', { symbol: ['XBT/USD'] })],
      'Currency pair not supported XBT/USD',
    ],
    ['a depth that is not granted', [subscribe('book', { depth: 27 })], 'Subscription depth not supported'],
    [
      'a depth that is no integer',
      [subscribe('book', { depth: '10' })],
      'Subscription book depth must be an integer',
    ],
    [
      'an interval that is not granted',
      [subscribe('ohlc', { interval: 7 })],
      'Subscription ohlc interval not supported',
    ],
    ['a subscription that stands', [book, book], 'Already subscribed'],
    ['an end to what was not begun', [{ ...book, method: 'unsubscribe' }], 'Subscription Not Found'],
    ['no JSON', ['book, please'], 'Malformed request'],
    ['JSON that is no object', ['null'], 'Malformed request'],
    ['parameters that are null', [{ method: 'subscribe', params: null }], 'Malformed request'],
    ['a symbol that is no text', [subscribe('book', { symbol: [[]] })], 'Malformed request'],
    ['a method that is not there', [{ method: 'add_order' }], 'Malformed request'],
  ] as const)('%s is refused in Kraken’s words, and the socket stays', (_, messages, error) => {
    const { connect, run } = bench();
    const client = connect('kraken');
    for (const message of messages) client.send(message);
    expect(client.news().at(-1)).toMatchObject({ success: false, error });
    client.send({ method: 'ping' });
    run(0.1);
    expect(client.ended()).toBeUndefined();
    expect(client.news()).toContainEqual(expect.objectContaining({ method: 'pong' }));
  });

  test('property: whatever a client says, the venue does not throw and what it answers is read', () => {
    const { connect } = bench();
    const message = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          {
            method: fc.constantFrom('subscribe', 'unsubscribe', 'ping', 'x', 1),
            params: fc.oneof(
              fc.anything(),
              fc.record({
                channel: fc.constantFrom('book', 'trade', 'ohlc', 'instrument', 'ticker'),
                symbol: fc.oneof(fc.constant(SYMBOL), fc.anything()),
                depth: fc.oneof(fc.constantFrom(10, 25), fc.anything()),
                interval: fc.anything(),
              }),
            ),
            req_id: fc.anything(),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value) ?? ''),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const client = connect('kraken');
        for (const each of messages) client.send(each);
        expect(decoded(client).filter(({ kind }) => kind === 'rejected')).toEqual([]);
        client.left();
      }),
      { numRuns: 1_000 },
    );
  });

  test('a ping has a pong with its number and the venue’s two times', () => {
    const { connect } = bench();
    const client = connect('kraken');
    client.send({ method: 'ping', req_id: 101 });
    expect(client.news().at(-1)).toEqual({
      method: 'pong',
      req_id: 101,
      time_in: '2026-06-01T13:30:00.000000Z',
      time_out: '2026-06-01T13:30:00.000000Z',
    });
  });

  test('heartbeats come once a second from the first subscription on, whatever else is said', () => {
    const { connect, run } = bench();
    const client = connect('kraken');
    run(3);
    expect(channels(client)).toEqual(['status update']);
    client.send(subscribe('book'));
    run(10);
    expect(channels(client).filter((channel) => channel === 'heartbeat')).toHaveLength(10);
  });

  test('after an end of a subscription nothing of it comes, and asking again gives a snapshot', () => {
    const { connect, run } = bench();
    const client = connect('kraken');
    client.send(subscribe('book'));
    client.send({ ...book, method: 'unsubscribe' });
    expect(client.news().at(-1)).toMatchObject({ method: 'unsubscribe', success: true });
    run(3);
    expect(channels(client)).toEqual([]);
    client.send(subscribe('book'));
    expect(channels(client)).toEqual(['subscribe', 'book snapshot']);
  });

  test('maintenance is told to all, stops the market, and ends with all that waited', () => {
    const { connect, run, venues } = bench();
    const [client, idle] = [connect('kraken'), connect('kraken')];
    client.send(subscribe('book'));
    client.send(subscribe('trade'));
    run(5);
    client.news();
    idle.news();
    venues.kraken.setSystem('maintenance');
    expect(client.news()).toMatchObject([{ channel: 'status', data: [{ system: 'maintenance' }] }]);
    expect(idle.news()).toMatchObject([{ channel: 'status', data: [{ system: 'maintenance' }] }]);
    expect(connect('kraken').news()).toMatchObject([{ data: [{ system: 'maintenance' }] }]);
    run(5);
    expect(new Set(channels(client))).toEqual(new Set(['heartbeat']));
    venues.kraken.setSystem('online');
    const after = channels(client);
    expect(after[0]).toBe('status update');
    expect(after).toContain('trade update');
    const verdicts = new Set<unknown>();
    from(decoded(client))
      .pipe(krakenBooks({ depth: 10 }))
      .subscribe((event) => verdicts.add(event.kind === 'krakenBookChecked' ? event.verdict : event.kind));
    expect([...verdicts].sort()).toEqual(['passed', 'spotTop']);
  });

  test('a client that left is told nothing more', () => {
    const { connect, run } = bench();
    const client = connect('kraken');
    client.send(subscribe('book'));
    client.left();
    client.news();
    run(3);
    expect(client.news()).toEqual([]);
  });

  test('only the path of v2 is a socket', () => {
    const { venues } = bench();
    const upgrade = (path: string) =>
      venues.kraken.upgrade(request(path), { say: () => {}, end: () => {} }).kind;
    expect(['/v2', '/v2/', '/v2?x=1', '/'].map(upgrade)).toEqual(Array(4).fill('peer'));
    expect(['/v1', '/v2/l3', '/trade-api/ws/v2'].map(upgrade)).toEqual(Array(3).fill('answer'));
  });
});
