import { describe, expect, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { krakenRest } from '../../../src/venues/kraken/rest.ts';
import { body, type HandRequest, handHttp } from '../../support/hand-http.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';

const TRADES =
  '{"error":[],"result":{"XXBTZUSD":[["60000.1","0.5",1758888000.1234567,"b","m","",7]],"last":"1758888000123456789"}}';
const unanswered: HttpAnswer = { kind: 'failed', why: 'connection reset', arrived: false };

/** REST whose far end is `answer`; `run` lets time pass, `ask` collects what a call says. */
function bench(answer: (request: HandRequest, nth: number) => HttpAnswer, random = () => 0.5) {
  const clock = tapeScheduler(1_000 * SECOND);
  const { http, requests } = handHttp(clock, answer, 0);
  return {
    rest: krakenRest({ http, clock, random, restUrl: 'http://kraken.test/' }),
    requests,
    /** Milliseconds from the first request to each. */
    times: () => requests.map(({ atMs }) => Math.round(atMs - (requests[0]?.atMs ?? 0))),
    pending: () => clock.pending(),
    run: (seconds: number) => clock.runTo(clock.at + seconds * SECOND),
    ask: <T>(call: Observable<T>): T[] => {
      const said: T[] = [];
      call.subscribe((each) => said.push(each));
      return said;
    },
  };
}

describe('krakenRest', () => {
  forbidWallClock();

  test('asks for trades in the spelling REST wants and gives rows, the next page and the body as it was', () => {
    const { rest, ask, run, requests } = bench(() => body(TRADES));
    const said = ask(rest.trades('BTC/USD', '1758888000000000001'));
    run(1);
    const resource = '/0/public/Trades?pair=XBTUSD&since=1758888000000000001&count=1000';
    expect(requests[0]?.url).toBe(`http://kraken.test${resource}`);
    expect(said).toEqual([
      {
        kind: 'ok',
        resource,
        text: TRADES,
        value: {
          rows: [['60000.1', '0.5', 1758888000.1234567, 'b', 'm', '', 7]],
          last: '1758888000123456789',
        },
      },
    ]);
  });

  test('candles, time and status are asked for at their own addresses', () => {
    const bodies: Readonly<Record<string, string>> = {
      OHLC: '{"error":[],"result":{"XXBTZUSD":[[60,"1","2","0.5","1.5","1.2","3",4]],"last":0}}',
      Time: '{"error":[],"result":{"unixtime":60,"rfc1123":"Thu"}}',
      SystemStatus: '{"error":[],"result":{"status":"online","timestamp":"1970-01-01T00:01:00Z"}}',
    };
    const { rest, ask, run, requests } = bench(({ url }) =>
      body(bodies[new URL(url).pathname.slice('/0/public/'.length)] ?? ''),
    );
    const [candles, time, status] = [
      ask(rest.ohlc('BTC/USD', 1)),
      ask(rest.time()),
      ask(rest.systemStatus()),
    ];
    run(5);
    expect(requests.map(({ url }) => url.slice('http://kraken.test/0/public'.length))).toEqual([
      '/OHLC?pair=XBTUSD&interval=1',
      '/Time',
      '/SystemStatus',
    ]);
    expect([candles, time, status]).toMatchObject([
      [{ kind: 'ok', value: [[60, '1', '2', '0.5', '1.5', '1.2', '3', 4]] }],
      [{ kind: 'ok', value: { unixtime: 60 } }],
      [{ kind: 'ok', value: { status: 'online' } }],
    ]);
  });

  test('calls wait their turn: one in 1.2 s, in the order of asking', () => {
    const { rest, ask, run, times, requests } = bench(() => body(TRADES));
    for (const since of ['1', '2', '3']) ask(rest.trades('BTC/USD', since));
    run(5);
    expect(times()).toEqual([0, 1_200, 2_400]);
    expect(requests.map(({ url }) => new URL(url).searchParams.get('since'))).toEqual(['1', '2', '3']);
  });

  test.each<readonly [string, HttpAnswer]>([
    ['no answer', unanswered],
    ['HTTP 429', body('slow down', 429)],
    ['HTTP 520', body('<html>', 520)],
    ['too many requests', body('{"error":["EGeneral:Too many requests"]}')],
    ['a busy service', body('{"error":["EService:Busy"]}')],
  ])('%s is tried again after a wait, and the answer after it counts', (_, passing) => {
    const { rest, ask, run, times } = bench((_request, nth) => (nth < 2 ? passing : body(TRADES)));
    const said = ask(rest.trades('BTC/USD', '1'));
    run(60);
    // Half to all of 2 s, then of 4 s.
    expect(times()).toEqual([0, 1_500, 4_500]);
    expect(said).toMatchObject([{ kind: 'ok' }]);
  });

  test.each<readonly [string, HttpAnswer, string]>([
    ['no answer', unanswered, 'connection reset'],
    ['HTTP 503', body('service unavailable', 503), 'HTTP 503: service unavailable'],
    ['a rate limit', body('{"error":["EAPI:Rate limit exceeded"]}'), 'EAPI:Rate limit exceeded'],
  ])('%s for ever is given up after five tries, with the reason', (_, answer, why) => {
    const { rest, ask, run, requests } = bench(
      () => answer,
      () => 1,
    );
    const said = ask(rest.time());
    run(600);
    expect(requests).toHaveLength(5);
    expect(said).toEqual([{ kind: 'failed', resource: '/0/public/Time', why }]);
  });

  test.each<readonly [string, HttpAnswer, RegExp]>([
    ['an unknown pair', body('{"error":["EQuery:Unknown asset pair"]}'), /^EQuery:Unknown asset pair$/],
    ['HTTP 404', body('not here', 404), /^HTTP 404: not here$/],
    ['a page of HTML', body('<html>'), /^the body is no JSON: <html>$/],
    ['a row without its id', body(TRADES.replace(',"",7', ',""')), /^the body has another shape: /],
    [
      'a page number that is no text',
      body(TRADES.replace('"last":"1758888000123456789"', '"last":1758888000123456789')),
      /another shape/,
    ],
    ['no result at all', body('{"error":[]}'), /another shape/],
  ])('%s is final: asked once, and told', (_, answer, why) => {
    const { rest, ask, run, requests } = bench(() => answer);
    const said = ask(rest.trades('XXX/YYY', '1'));
    run(60);
    expect(requests).toHaveLength(1);
    expect(said).toMatchObject([{ kind: 'failed', why: expect.stringMatching(why) as unknown as string }]);
  });

  test('a page without trades is a page; candles without rows are none', () => {
    const { rest, ask, run } = bench(() => body('{"error":[],"result":{"last":"5"}}'));
    const trades = ask(rest.trades('BTC/USD', '5'));
    run(2);
    expect(trades).toMatchObject([{ kind: 'ok', value: { rows: [], last: '5' } }]);
    const empty = bench(() => body('{"error":[],"result":{"last":5}}'));
    const candles = empty.ask(empty.rest.ohlc('BTC/USD', 1));
    empty.run(2);
    expect(candles).toMatchObject([{ kind: 'failed', why: 'the body has no rows' }]);
  });

  test('left while it waits for another try, it asks no more', () => {
    const { rest, run, requests, pending } = bench(() => unanswered);
    const call = rest.time().subscribe();
    run(1);
    call.unsubscribe();
    run(60);
    expect([requests.length, pending()]).toEqual([1, 0]);
  });
});
