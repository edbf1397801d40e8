import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import { feedCommand } from '../../../pipelines/edges/feed-commands.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { decode } from '../../../src/operators/decode.ts';
import { decodeKraken } from '../../../src/venues/kraken/codec.ts';
import { decodeKrakenRest } from '../../../src/venues/kraken/rest-codec.ts';
import type { KrakenTradeRow } from '../../../src/venues/kraken/rest-wire.ts';
import { krakenTrades } from '../../../src/venues/kraken/trades.ts';
import { body } from '../../support/hand-http.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { frame, type KrakenManner, type KrakenRequest, liveKraken, START, status } from './live-kraken.ts';
import { tradesServer } from './trades-server.ts';

const CHANNELS = ['instrument', 'book', 'trade', 'ohlc'];
const LIVE = 'live BTC/USD instrument, book, trade, ohlc';

const subscriptions = (requests: readonly KrakenRequest[] | undefined): readonly string[] =>
  (requests ?? []).flatMap(({ method, params }) => (params ? [`${method} ${params.channel}`] : []));
const subscribeAll = CHANNELS.map((channel) => `subscribe ${channel}`);

const refusing =
  (channel: string, error: string): KrakenManner =>
  ({ method, params, req_id }) =>
    method === 'subscribe' && params?.channel === channel
      ? [JSON.stringify({ error, method, req_id, success: false, symbol: 'BTC/USD' })]
      : undefined;
const deaf =
  (channel: string): KrakenManner =>
  ({ method, params }) =>
    method === 'subscribe' && params?.channel === channel ? [] : undefined;

describe('krakenFeed', () => {
  forbidWallClock();

  test('asks for four channels, each with its snapshot said explicitly, and tells live once all have theirs', () => {
    const kraken = liveKraken();
    kraken.run(0.5);
    expect(kraken.sockets.map(({ request }) => request)).toEqual([
      { url: 'ws://kraken.test/v2', headers: {} },
    ]);
    expect(kraken.heard[0]?.map(({ params }) => params)).toEqual([
      { channel: 'instrument', snapshot: true },
      { channel: 'book', symbol: ['BTC/USD'], depth: 10, snapshot: true },
      { channel: 'trade', symbol: ['BTC/USD'], snapshot: true },
      { channel: 'ohlc', symbol: ['BTC/USD'], interval: 1, snapshot: true },
    ]);
    expect(kraken.told()).toEqual(['opened', LIVE]);
  });

  test('every frame is passed on as it came, stamped by the clock', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.say('no JSON', frame('book'));
    expect(kraken.frames.slice(-2)).toEqual([
      { kind: 'wire', at: START + SECOND, venue: 'kraken', text: 'no JSON' },
      { kind: 'wire', at: START + SECOND, venue: 'kraken', text: frame('book') },
    ]);
  });

  test('is not live while one channel still waits for its snapshot', () => {
    const kraken = liveKraken({
      manner: ({ method, params, req_id }) =>
        params?.channel === 'ohlc' ? [JSON.stringify({ method, success: true, req_id })] : undefined,
    });
    kraken.run(5);
    expect(kraken.told()).toEqual(['opened']);
    kraken.say(frame('ohlc', 'snapshot'));
    expect(kraken.told()).toEqual(['opened', LIVE]);
  });

  test('a refused subscription is told to the operator with its reason, and asked for again after 30 s', () => {
    const kraken = liveKraken({ manner: refusing('book', 'Subscription depth not supported') });
    kraken.run(29);
    expect(kraken.told()).toEqual(['opened', 'refused book BTC/USD: Subscription depth not supported']);
    expect(subscriptions(kraken.heard[0])).toEqual(subscribeAll);
    kraken.run(3);
    expect(subscriptions(kraken.heard[0])).toEqual([...subscribeAll, 'subscribe book']);
    expect(kraken.told('closed')).toEqual([]);
  });

  test('a channel that is subscribed already counts as granted', () => {
    const kraken = liveKraken({ manner: refusing('book', 'Already subscribed') });
    kraken.run(1);
    kraken.say(frame('book', 'snapshot'));
    expect(kraken.told()).toEqual(['opened', LIVE]);
  });

  test('a request the venue could not read is told, whatever it belonged to', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.say('{"error":"Malformed request","method":"error"}');
    expect(kraken.told('refused')).toEqual(['refused error: Malformed request']);
  });

  test('a subscription that hears nothing is asked for again after 10 s, and after 10 more the socket is given up', () => {
    const kraken = liveKraken({ manner: deaf('trade') });
    kraken.run(15);
    expect(subscriptions(kraken.heard[0])).toEqual([...subscribeAll, 'subscribe trade']);
    expect(kraken.told('closed')).toEqual([]);
    kraken.run(10);
    expect(kraken.told('closed')).toEqual([
      'closed trade BTC/USD: no answer to two subscriptions; again in 1.4 s',
    ]);
    expect(subscriptions(kraken.heard[1])).toEqual(subscribeAll);
  });

  test('a book whose checksum failed is asked for anew alone: the other channels are not touched', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
    kraken.run(1);
    expect(subscriptions(kraken.heard[0])).toEqual([...subscribeAll, 'unsubscribe book', 'subscribe book']);
    expect(kraken.heard[0]?.at(-1)?.params).toEqual({
      channel: 'book',
      symbol: ['BTC/USD'],
      depth: 10,
      snapshot: true,
    });
    expect(kraken.told()).toEqual(['opened', LIVE, 'resyncing book BTC/USD: checksum', LIVE]);
    expect(kraken.sockets).toHaveLength(1);
  });

  test('a snapshot that turns out broken as it is read is asked for anew at once', () => {
    const kraken = liveKraken({ manner: deaf('book') });
    kraken.run(1);
    const broken = kraken.frames.length;
    kraken.say(frame('book', 'snapshot'));
    expect(kraken.frames.slice(broken).map(({ kind }) => kind)).toEqual(['connection', 'wire']);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
    kraken.run(0.1);
    expect(subscriptions(kraken.heard[0]).slice(-2)).toEqual(['unsubscribe book', 'subscribe book']);
  });

  test('a book that breaks four times in a minute costs the socket', () => {
    const kraken = liveKraken();
    kraken.run(1);
    for (let n = 0; n < 4; n++) {
      expect(kraken.told('closed')).toEqual([]);
      kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
      kraken.run(5);
    }
    expect(kraken.told('closed')).toEqual([
      'closed the book of BTC/USD broke 4 times in a minute; again in 1.4 s',
    ]);
  });

  test('three times in each minute are borne, for as long as it goes on', () => {
    const kraken = liveKraken();
    kraken.run(1);
    for (let n = 0; n < 12; n++) {
      kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
      kraken.run(21);
    }
    expect([kraken.told('closed'), kraken.told('resyncing').length]).toEqual([[], 12]);
  });

  test('frames that we dropped void book, trades and candles alike', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'shed', scope: 'kraken' });
    kraken.run(1);
    expect(kraken.told('resyncing')).toEqual(
      ['book', 'trade', 'ohlc'].map((channel) => `resyncing ${channel} BTC/USD: frames were dropped`),
    );
    expect(subscriptions(kraken.heard[0]).slice(-3)).toEqual([
      'subscribe book',
      'subscribe trade',
      'subscribe ohlc',
    ]);
    expect(kraken.told().at(-1)).toBe(LIVE);
  });

  test("another venue's commands are none of its business", () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kalshi', cause: 'sequence', scope: 'KXBTC' });
    kraken.run(1);
    expect(subscriptions(kraken.heard[0])).toEqual(subscribeAll);
  });

  test('a socket that dies is told with its reason, and the next one subscribes to everything', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.sockets[0]?.end({ code: 1001, detail: 'going away' });
    kraken.run(5);
    expect(kraken.told()).toEqual(['opened', LIVE, 'closed going away; again in 1.4 s', 'opened', LIVE]);
    expect(kraken.heard.map(subscriptions)).toEqual([subscribeAll, subscribeAll]);
  });

  test('while it is not connected a finding asks for nothing: everything is asked for anew anyway', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.sockets[0]?.end();
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'BTC/USD' });
    expect(kraken.told('resyncing')).toEqual([]);
  });

  test('an upgrade refused by HTTP is told with its status', () => {
    const kraken = liveKraken({ opens: false });
    kraken.sockets[0]?.end({ status: 429, detail: 'error code: 1015' });
    expect(kraken.told()).toEqual(['closed error code: 1015 (HTTP 429); again in 1.4 s']);
  });

  test('five seconds without any frame and the socket is given up; heartbeats alone keep it', () => {
    const silent = liveKraken({ heartbeats: false });
    silent.run(4.9);
    expect(silent.told('closed')).toEqual([]);
    silent.run(0.2);
    expect(silent.told('closed')).toEqual(['closed no frame for 5000 ms; again in 1.4 s']);
    const beating = liveKraken();
    beating.run(60);
    expect(beating.told('closed')).toEqual([]);
  });

  /** Trades go on each second, the book says nothing. */
  const tradesFlow = (kraken: ReturnType<typeof liveKraken>, seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      kraken.say(frame('trade'));
      kraken.run(1);
    }
  };

  test('a book that stands still for 10 s while trades flow is asked for anew', () => {
    const kraken = liveKraken();
    kraken.run(1);
    tradesFlow(kraken, 9);
    expect(kraken.told('resyncing')).toEqual([]);
    tradesFlow(kraken, 3);
    expect(kraken.told('resyncing')).toEqual(['resyncing book BTC/USD: frozen for 10 s while trades flow']);
    expect(subscriptions(kraken.heard[0]).slice(-2)).toEqual(['unsubscribe book', 'subscribe book']);
    expect(kraken.told().at(-1)).toBe(LIVE);
  });

  test('a quiet market is no frozen book: without trades, or with a word of the book, nothing is asked for', () => {
    const quiet = liveKraken();
    quiet.run(1);
    tradesFlow(quiet, 4);
    quiet.run(110);
    expect(quiet.told('resyncing')).toEqual([]);
    const busy = liveKraken();
    busy.run(1);
    for (let n = 0; n < 10; n++) {
      tradesFlow(busy, 8);
      busy.say(frame('book'));
    }
    expect(busy.told('resyncing')).toEqual([]);
  });

  test('out of trading nothing is frozen, and back online the wait begins anew', () => {
    const kraken = liveKraken();
    kraken.run(1);
    kraken.say(status('post_only'));
    tradesFlow(kraken, 30);
    expect(kraken.told('resyncing')).toEqual([]);
    kraken.say(status('online'));
    tradesFlow(kraken, 9);
    expect(kraken.told('resyncing')).toEqual([]);
    tradesFlow(kraken, 3);
    expect(kraken.told('resyncing')).toHaveLength(1);
  });

  test('candles that stand still for two minutes of trades are asked for anew', () => {
    const kraken = liveKraken();
    kraken.run(1);
    for (let second = 0; second < 125; second++) {
      kraken.say(frame('book'));
      tradesFlow(kraken, 1);
    }
    expect(kraken.told('resyncing')).toEqual(['resyncing ohlc BTC/USD: frozen for 120 s while trades flow']);
  });

  test("the venue's clock against ours is measured by pings", () => {
    const kraken = liveKraken({ venueAheadMicros: 123_000 });
    kraken.run(62);
    const clocks = kraken.frames.filter(({ kind }) => kind === 'clock');
    expect(clocks).toHaveLength(3);
    const [{ at = 0, ...first } = {}] = clocks;
    // Ways that differ by up to the whole round trip shift it by half of that.
    expect(first).toMatchObject({ kind: 'clock', venue: 'kraken' });
    const { offsetMicros, roundTripMicros } = first as { offsetMicros: number; roundTripMicros: number };
    expect(roundTripMicros).toBeGreaterThan(0);
    expect(Math.abs(offsetMicros - 123_000)).toBeLessThanOrEqual(roundTripMicros / 2);
    expect(at).toBeGreaterThan(START + 20 * SECOND);
  });

  test('a pong that answers nothing or has no times is no measurement', () => {
    const kraken = liveKraken({
      manner: ({ method, req_id }) =>
        method === 'ping' ? [`{"method":"pong","req_id":${req_id}}`] : undefined,
    });
    kraken.run(21);
    const time = '2026-09-26T12:00:21.000000Z';
    kraken.say(`{"method":"pong","req_id":999,"time_in":"${time}","time_out":"${time}"}`);
    kraken.run(1);
    expect(kraken.frames.filter(({ kind }) => kind === 'clock')).toEqual([]);
    expect(kraken.told('refused')).toEqual([]);
  });

  test('whatever the venue says, the feed neither throws nor ends', () => {
    const member = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.nat(8),
      fc.constantFrom(...CHANNELS, 'snapshot'),
    );
    const keys = [
      'method',
      'success',
      'error',
      'req_id',
      'time_in',
      'time_out',
      'result',
      'channel',
      'type',
      'data',
    ];
    const texts = fc.oneof(
      fc.string(),
      fc.dictionary(fc.constantFrom(...keys), member).map((each) => JSON.stringify(each)),
      fc
        .record({ req_id: fc.nat(8), time_in: member, time_out: member })
        .map((each) => JSON.stringify({ method: 'pong', ...each })),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 20 }), (said) => {
        const kraken = liveKraken({ manner: ({ method }) => (method === 'ping' ? [] : undefined) });
        kraken.run(22);
        for (const text of said) kraken.say(text);
        const wires = kraken.frames.flatMap((each) => (each.kind === 'wire' ? [each.text] : []));
        expect(wires.slice(wires.length - said.length)).toEqual(said);
        for (const each of kraken.frames)
          if (each.kind === 'wire' && each.json !== undefined)
            expect(each.json).toEqual(JSON.parse(each.text));
        kraken.run(30);
        kraken.close();
        expect(kraken.told().length).toBeGreaterThan(1);
      }),
      { numRuns: 60 },
    );
  });

  test('trades missed are fetched by REST, and through the graph none of them is lost', async () => {
    const { answer, rows } = tradesServer({
      count: 42,
      firstId: 1_000,
      everyMicros: SECOND / 4,
      startAt: START - 30 * SECOND,
    });
    const kraken = liveKraken({ http: answer });
    kraken.run(1);
    const trade = (id: number): string => {
      const [price, qty, seconds, side] = rows[id - 1_000] as KrakenTradeRow;
      const timestamp = new Date(seconds * 1_000).toISOString().replace('Z', '000Z');
      return `{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"${side === 'b' ? 'buy' : 'sell'}","price":${Number(price)},"qty":${Number(qty)},"ord_type":"limit","trade_id":${id},"timestamp":"${timestamp}"}]}`;
    };
    kraken.say(...[1_000, 1_001, 1_002, 1_040, 1_041].map(trade));
    const read = () =>
      lastValueFrom(
        from(kraken.frames).pipe(
          decode(() => {
            const codec = { wire: decodeKraken, rest: decodeKrakenRest };
            return { kraken: codec, coinbase: codec, kalshi: codec };
          }),
          krakenTrades(),
          toArray(),
        ),
      );
    const gap = (await read()).find(({ kind }) => kind === 'gap');
    const command = gap?.kind === 'gap' ? feedCommand(gap) : undefined;
    if (!command) throw new Error('session.test: the hole must give a command');
    kraken.command(command);
    kraken.run(10);
    const after = await read();
    const ids = after.flatMap((event) => (event.kind === 'spotTrade' ? [event.tradeId] : []));
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 42 }, (_, n) => 1_000 + n));
    expect(after.flatMap((event) => (event.kind === 'recovered' ? [event.detail] : []))).toEqual([
      'trades 1003 to 1039 came late',
    ]);
    expect(kraken.frames.flatMap((each) => (each.kind === 'rest' ? [each.venue] : []))).toEqual(['kraken']);
    expect(kraken.told('refused')).toEqual([]);
  });

  test('trades that REST does not give are told to be missing', () => {
    const kraken = liveKraken({ http: () => body('{"error":["EQuery:Unknown asset pair"]}') });
    kraken.run(1);
    kraken.command({
      kind: 'backfill',
      venue: 'kraken',
      symbol: 'BTC/USD',
      firstId: 5,
      lastId: 9,
      sinceAt: START,
    });
    kraken.run(1);
    expect(kraken.told('refused')).toEqual(['refused trades 5 to 9 stay missing: EQuery:Unknown asset pair']);
  });

  test('left, it closes its socket and leaves no timer of its own behind', () => {
    const kraken = liveKraken({ heartbeats: false, opens: false });
    kraken.run(1);
    expect(kraken.clock.pending()).toBeGreaterThan(0);
    kraken.close();
    expect([kraken.clock.pending(), kraken.sockets[0]?.left()]).toEqual([0, true]);
  });
});
