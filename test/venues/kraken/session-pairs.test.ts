import { describe, expect, test } from '@jest/globals';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { frame, type KrakenManner, type KrakenRequest, liveKraken, START } from './live-kraken.ts';

const BTC = 'BTC/USD';
const ETH = 'ETH/USD';
const LIVE = 'live BTC/USD, ETH/USD instrument, book, trade, ohlc';

const said = (requests: readonly KrakenRequest[] | undefined): readonly string[] =>
  (requests ?? []).flatMap(({ method, params }) =>
    params ? [`${method} ${params.channel} ${params.symbol?.join(',') ?? ''}`.trim()] : [],
  );
const OPENING = [
  'subscribe instrument',
  'subscribe book BTC/USD,ETH/USD',
  'subscribe trade BTC/USD,ETH/USD',
  'subscribe ohlc BTC/USD,ETH/USD',
];
/** Kraken answers for one pair of a channel in this way, and for the others as usual. */
const forPair =
  (channel: string, symbol: string, answer: (request: KrakenRequest) => readonly string[]): KrakenManner =>
  (request) => {
    const { method, params, req_id } = request;
    if (method !== 'subscribe' || params?.channel !== channel) return undefined;
    return (params.symbol ?? []).flatMap((each) =>
      each === symbol
        ? answer(request)
        : [
            JSON.stringify({ method, success: true, req_id, result: { channel, symbol: each } }),
            frame(channel, 'snapshot', each),
          ],
    );
  };
const two = (manner?: KrakenManner) => liveKraken({ symbols: [BTC, ETH], ...(manner && { manner }) });
const tradesFlow = (kraken: ReturnType<typeof liveKraken>, symbol: string, seconds: number): void => {
  for (let second = 0; second < seconds; second++) {
    kraken.say(frame('trade', 'update', symbol));
    kraken.run(1);
  }
};

describe('krakenFeed of several pairs', () => {
  forbidWallClock();

  test('one socket and one request a channel carry all pairs, and live is told once all have their snapshots', () => {
    const kraken = two(forPair('ohlc', ETH, () => []));
    kraken.run(1);
    expect([kraken.sockets.length, said(kraken.heard[0])]).toEqual([1, OPENING]);
    expect(kraken.told()).toEqual(['opened']);
    kraken.say(frame('ohlc', 'snapshot', BTC));
    expect(kraken.told()).toEqual(['opened']);
    kraken.say(frame('ohlc', 'snapshot', ETH));
    expect(kraken.told()).toEqual(['opened', LIVE]);
  });

  test('a broken book of one pair is asked for anew alone: the other pair is not touched', () => {
    const kraken = two();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: ETH });
    kraken.run(1);
    expect(said(kraken.heard[0])).toEqual([...OPENING, `unsubscribe book ${ETH}`, `subscribe book ${ETH}`]);
    expect(kraken.told()).toEqual(['opened', LIVE, 'resyncing book ETH/USD: checksum', LIVE]);
  });

  test('a command about a pair that is not followed asks for nothing', () => {
    const kraken = two();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: 'SOL/USD' });
    kraken.run(1);
    expect([said(kraken.heard[0]), kraken.told('resyncing')]).toEqual([OPENING, []]);
  });

  test('books are counted pair by pair: three breaks of each in a minute cost nothing, a fourth of one the socket', () => {
    const kraken = two();
    kraken.run(1);
    for (let n = 0; n < 3; n++) {
      for (const scope of [BTC, ETH])
        kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope });
      kraken.run(5);
    }
    expect(kraken.told('closed')).toEqual([]);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'checksum', scope: ETH });
    expect(kraken.told('closed')).toEqual([
      'closed the book of ETH/USD broke 4 times in a minute; again in 1.4 s',
    ]);
  });

  test('a pair that the venue does not know is told by name and asked for again after 30 s; the other pair goes on', () => {
    const kraken = two(
      forPair('book', ETH, ({ method, req_id }) => [
        JSON.stringify({
          error: 'Currency pair not supported ETH/USD',
          method,
          req_id,
          success: false,
          symbol: ETH,
        }),
      ]),
    );
    kraken.run(32);
    expect(kraken.told('refused')).toEqual([
      'refused book ETH/USD: Currency pair not supported ETH/USD',
      'refused book ETH/USD: Currency pair not supported ETH/USD',
    ]);
    expect(said(kraken.heard[0])).toEqual([...OPENING, `subscribe book ${ETH}`]);
    expect(kraken.told('closed')).toEqual([]);
  });

  test('a refusal that names no pair is of all that its request asked for', () => {
    const kraken = two(({ method, params, req_id }) =>
      method === 'subscribe' && params?.channel === 'book'
        ? [JSON.stringify({ error: 'Subscription depth not supported', method, req_id, success: false })]
        : undefined,
    );
    kraken.run(1);
    expect(kraken.told('refused')).toEqual([
      'refused book BTC/USD, book ETH/USD: Subscription depth not supported',
    ]);
  });

  test('a pair that hears nothing is asked for again alone', () => {
    const kraken = two(forPair('trade', ETH, () => []));
    kraken.run(15);
    expect(said(kraken.heard[0])).toEqual([...OPENING, `subscribe trade ${ETH}`]);
  });

  test('a book is frozen when its own pair trades: trades of the other pair say nothing of it', () => {
    const kraken = two();
    kraken.run(1);
    tradesFlow(kraken, BTC, 12);
    expect(kraken.told('resyncing')).toEqual(['resyncing book BTC/USD: frozen for 10 s while trades flow']);
    const quiet = two();
    quiet.run(1);
    for (let n = 0; n < 15; n++) {
      tradesFlow(quiet, BTC, 1);
      quiet.say(frame('book', 'update', BTC));
    }
    expect(quiet.told('resyncing')).toEqual([]);
  });

  test('frames that we dropped void all channels of all pairs', () => {
    const kraken = two();
    kraken.run(1);
    kraken.command({ kind: 'resync', venue: 'kraken', cause: 'shed', scope: 'kraken' });
    kraken.run(1);
    expect(kraken.told('resyncing')).toHaveLength(6);
    expect(kraken.told().at(-1)).toBe(LIVE);
  });

  test('missed trades are fetched for the pair that misses them', () => {
    const kraken = two();
    kraken.run(1);
    kraken.command({ kind: 'backfill', venue: 'kraken', symbol: ETH, firstId: 5, lastId: 9, sinceAt: START });
    kraken.run(1);
    expect(kraken.requests.map(({ url }) => new URL(url).searchParams.get('pair'))).toContain('ETHUSD');
  });
});
