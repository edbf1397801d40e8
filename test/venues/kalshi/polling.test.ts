import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import type { CodecEvent } from '../../../src/domain/events/venue.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { FeedFrame } from '../../../src/transport/feed.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { kalshiPolling } from '../../../src/venues/kalshi/polling.ts';
import { kalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { kalshiRestDecoder } from '../../../src/venues/kalshi/rest-codec.ts';
import { type KalshiSettings, kalshiSettings } from '../../../src/venues/kalshi/settings.ts';
import { onSeries } from '../../support/assets.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { ok, scriptedHttp, status } from './scripted-http.ts';

const settings = kalshiSettings.parse({
  restUrl: 'http://kalshi.test/trade-api/v2',
});
const ASSETS = [onSeries('KXBTC15M')];
const book = { yes_dollars: [['0.4700', '3.00']], no_dollars: [['0.4800', '3.00']] };
const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

interface Market {
  readonly ticker: string;
  readonly opens: number;
  readonly closes: number;
}
/** A contract open from the start; times in seconds. */
const market = (name: string, closes: number, opens = 0): Market => ({
  ticker: `KXBTC15M-${name}`,
  opens,
  closes,
});
const listing = ({ ticker, opens, closes }: Market): object => ({
  ticker,
  event_ticker: 'KXBTC15M-E',
  open_time: iso(opens),
  close_time: iso(closes),
  status: 'active',
});

/** Polling under way, from time zero, of a venue that is public. */
function polling({
  markets = [market('A', 900), market('B', 1_800)],
  answer = () => undefined,
  options = settings,
  delayMs = 0,
}: {
  readonly markets?: readonly Market[];
  readonly answer?: (resource: URL) => HttpAnswer | undefined;
  readonly options?: KalshiSettings;
  readonly delayMs?: number;
} = {}) {
  const clock = tapeScheduler(0);
  const listed = [...markets];
  const { http, sent } = scriptedHttp(
    clock,
    (resource) => {
      const { pathname, searchParams } = resource;
      const usual = pathname.endsWith('/markets')
        ? { markets: listed.map(listing), cursor: '' }
        : pathname.endsWith('/orderbooks')
          ? {
              orderbooks: searchParams.getAll('tickers').map((ticker) => ({ ticker, orderbook_fp: book })),
            }
          : pathname.endsWith('/orderbook')
            ? { orderbook_fp: book }
            : { exchange_active: true, trading_active: true };
      return answer(resource) ?? ok(usual);
    },
    delayMs,
  );
  const rest = kalshiRest({ http, clock, random: () => 0.5, signer: undefined }, options);
  const frames: FeedFrame[] = [];
  const running = kalshiPolling(
    { rest, clock, stamp: () => clock.at },
    options,
    ASSETS,
  )(NEVER).subscribe((frame) => frames.push(frame));
  return {
    clock,
    sent,
    frames,
    running,
    list: (each: Market): void => {
      listed.push(each);
    },
    run: (seconds: number): void => {
      clock.runTo(clock.at + seconds * SECOND);
    },
    told: (): readonly string[] =>
      frames.flatMap((frame) => (frame.kind === 'connection' ? `${frame.change}: ${frame.detail}` : [])),
    /** Requests since `from` seconds, as `second path`, the tickers with them. */
    asked: (from = 0): readonly string[] =>
      sent
        .filter(({ atMs }) => atMs >= from * 1_000)
        .map(({ atMs, resource }) => {
          const { pathname, searchParams } = new URL(resource, 'http://kalshi.test');
          const tickers = searchParams.getAll('tickers').join().replaceAll('KXBTC15M-', '');
          return `${Math.round(atMs) / 1_000} ${pathname.replace('/trade-api/v2', '').replaceAll('KXBTC15M-', '')} ${tickers}`.trimEnd();
        }),
  };
}
const unsigned = status(401, '{"error":{"code":"signature_is_missing_from_headers"}}');
const needsKey = (resource: URL): HttpAnswer | undefined =>
  resource.pathname.endsWith('/orderbooks') ? unsigned : undefined;

describe('kalshiPolling', () => {
  forbidWallClock();

  test('the opened frame says that books are polled, how often, and what is lacking', () => {
    const { run, told } = polling();
    run(60);
    expect(told()).toEqual([
      'opened: no key: books are polled every 3 s, far slower than the socket, without index and trades',
    ]);
  });

  test('status, fees, contracts and events come first, then all books every three seconds; nothing is signed', () => {
    const { run, asked, sent } = polling();
    run(10);
    // Four calls go at once without a key, then one each half second.
    expect(asked()).toEqual([
      '0 /exchange/status',
      '0 /series/KXBTC15M',
      '0 /markets',
      '0 /events/E',
      '0.5 /markets/orderbooks A,B',
      '3 /markets/orderbooks A,B',
      '6 /markets/orderbooks A,B',
      '9 /markets/orderbooks A,B',
    ]);
    for (const { request } of sent) expect(Object.keys(request.headers)).toEqual(['accept']);
  });

  test('rounds begin by the configured span, however long their answers take, and never overlap', () => {
    const options = { ...settings, pollEveryMicros: 5 * SECOND };
    const quick = polling({ options, delayMs: 1_000 });
    quick.run(30);
    const rounds = quick.asked().filter((each) => each.includes('orderbooks'));
    expect(rounds.map((each) => Number(each.split(' ')[0]))).toEqual([3, 8, 13, 18, 23, 28]);
    expect(quick.told()[0]).toContain('every 5 s');
    const slow = polling({ options, delayMs: 7_000 });
    slow.run(60);
    expect(
      slow
        .asked()
        .filter((each) => each.includes('orderbooks'))
        .map((each) => Number(each.split(' ')[0])),
    ).toEqual([21, 28, 35, 42, 49, 56]);
  });

  test('each body goes on as it came, and decodes to books without a subscription', () => {
    const { run, frames, sent } = polling();
    run(5);
    const rest = frames.flatMap((frame) => (frame.kind === 'rest' ? frame : []));
    expect(rest.map(({ resource }) => resource)).toEqual(sent.map(({ resource }) => resource));
    expect(rest.map(({ at }) => at)).toEqual(sent.map(({ atMs }) => atMs * 1_000));
    const decode = kalshiRestDecoder({ assets: ASSETS });
    const books = (events: readonly CodecEvent[]): readonly string[] =>
      events.flatMap((event) =>
        event.kind === 'contractSnapshot'
          ? `${event.ticker} ${event.sid} ${event.bids.join()}/${event.asks.join()}`
          : [],
      );
    const last = rest.at(-1);
    expect(books(decode(last?.resource ?? '', last?.text ?? '', 1))).toEqual([
      'KXBTC15M-A undefined 4700,300/5200,300',
      'KXBTC15M-B undefined 4700,300/5200,300',
    ]);
  });

  test('more than fifty books are asked for in several calls of one round', () => {
    const markets = Array.from({ length: 120 }, (_, i) => market(String(i), 900 + i));
    const { run, asked } = polling({ markets });
    run(2.5);
    const sizes = asked()
      .filter((each) => each.includes('orderbooks'))
      .map((each) => each.split(',').length);
    expect(sizes).toEqual([50, 50, 20]);
  });

  test('where that call wants a key, books are asked for one by one, twelve a round, nearest close first, and this is no refusal', () => {
    const markets = Array.from({ length: 60 }, (_, i) => market(String(i), 900 + i));
    const { run, asked, told } = polling({ markets: markets.toReversed(), answer: needsKey });
    run(20);
    const books = asked()
      .map((each) => each.split(' ')[1] ?? '')
      .filter((each) => each.includes('orderbook'));
    expect(books.slice(0, 14)).toEqual([
      '/markets/orderbooks',
      ...Array.from({ length: 12 }, (_, i) => `/markets/${i}/orderbook`),
      '/markets/0/orderbook',
    ]);
    expect(books.filter((each) => each === '/markets/orderbooks')).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });

  test('contracts follow the clock: one that closed is left after half a minute, and a new one is listed three seconds after the close', () => {
    const { run, asked, list } = polling({ markets: [market('A', 20), market('B', 900, 20)] });
    run(10);
    list(market('C', 1_800, 20));
    run(60);
    const books = asked(1).filter((each) => each.includes('orderbooks'));
    const seen = [...new Set(books.map((each) => each.split(' ')[2]))];
    expect(seen).toEqual(['A', 'A,B', 'A,B,C', 'B,C']);
    const listedAt = asked(1).find((each) => each.endsWith('/markets'));
    expect(Number(listedAt?.split(' ')[0])).toBeGreaterThanOrEqual(23);
    expect(Number(listedAt?.split(' ')[0])).toBeLessThan(27);
    const gone = books.find((each) => each.endsWith('B,C') && !each.includes('A'));
    expect(Number(gone?.split(' ')[0])).toBeGreaterThanOrEqual(50);
  });

  test('the status is asked for each tenth round and the contracts each fortieth', () => {
    const { run, asked } = polling({ markets: [market('A', 3_000), market('B', 3_600)] });
    run(3 * 121 + 1);
    const rounds = asked(0.5).filter((each) => each.includes('orderbooks')).length;
    expect(rounds).toBe(122);
    expect(asked(0.5).filter((each) => each.endsWith('/exchange/status'))).toHaveLength(12);
    expect(asked(0.5).filter((each) => each.endsWith('/markets'))).toHaveLength(3);
  });

  test('refusals are told; three in a row close the feed, and the first answer after them opens it again', () => {
    let down = false;
    const { run, told } = polling({
      answer: () => (down ? status(400, '{"msg":"maintenance"}') : undefined),
    });
    run(8);
    down = true;
    run(2);
    const refused = 'refused: /markets/orderbooks: 400 validation: maintenance';
    expect(told().slice(1)).toEqual([refused]);
    run(3);
    expect(told().slice(1)).toEqual([refused, refused]);
    run(3);
    expect(told().slice(1)).toEqual([
      refused,
      refused,
      refused,
      'closed: 3 calls in a row failed; the last: /markets/orderbooks: 400 validation: maintenance',
    ]);
    run(30);
    expect(told().filter((each) => each.startsWith('closed'))).toHaveLength(1);
    down = false;
    run(5);
    expect(told().at(-1)).toMatch(/^opened: no key: books are polled/);
  });

  test('two refusals with an answer between them close nothing', () => {
    let calls = 0;
    const { run, told } = polling({
      answer: ({ pathname }) =>
        pathname.endsWith('/orderbooks') && ++calls % 3 !== 0 ? status(400, '{"msg":"busy"}') : undefined,
    });
    run(60);
    expect(told().filter((each) => each.startsWith('refused')).length).toBeGreaterThan(10);
    expect(told().filter((each) => each.startsWith('closed'))).toEqual([]);
  });

  test('a venue that never answers is never opened, and is asked on', () => {
    const { run, told, sent } = polling({ answer: () => status(404, '{"msg":"gone"}') });
    run(60);
    expect(told().every((each) => each.startsWith('refused'))).toBe(true);
    const before = sent.length;
    run(600);
    expect(sent.length).toBeGreaterThan(before);
  });

  test('leaving ends the requests and every timer', () => {
    const { run, running, clock, sent } = polling();
    run(5);
    running.unsubscribe();
    const before = sent.length;
    run(600);
    expect(sent).toHaveLength(before);
    expect(clock.pending()).toBe(0);
  });
});
