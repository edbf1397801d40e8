import { verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Observable } from 'rxjs';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { type KalshiAnswer, kalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { kalshiSettings } from '../../../src/venues/kalshi/settings.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { ED25519, ed25519Key, KEY_ID } from './keys.ts';
import { ok, scriptedHttp, status } from './scripted-http.ts';

const settings = kalshiSettings.parse({ restUrl: 'http://kalshi.test/trade-api/v2' });
const START = 1_790_363_592 * SECOND;

/** REST on a clock of its own; times are told from its start. */
function opened(
  answer: (resource: URL, nth: number) => HttpAnswer,
  { signed = false, random = 0.5, delayMs = 0, limits = settings } = {},
) {
  const clock = tapeScheduler(START);
  const { http, sent } = scriptedHttp(clock, answer, delayMs);
  const signer = signed ? kalshiSigner(ed25519Key, () => clock.now()) : undefined;
  const rest = kalshiRest({ http, clock, random: () => random, signer }, limits);
  const since = START / 1000;
  return {
    rest,
    clock,
    sent,
    times: (): readonly number[] => sent.map(({ atMs }) => Math.round(atMs - since)),
    resources: (): readonly string[] => sent.map(({ resource }) => resource),
    /** All that the stream says while so many seconds pass. */
    heard: (answer$: Observable<KalshiAnswer>, seconds = 600): readonly KalshiAnswer[] => {
      const answers: KalshiAnswer[] = [];
      const running = answer$.subscribe((each) => answers.push(each));
      clock.runTo(clock.at + seconds * SECOND);
      expect(running.closed).toBe(true);
      return answers;
    },
  };
}

describe('kalshiRest', () => {
  forbidWallClock();

  test('a call asks below /trade-api/v2 and tells the resource as it goes on the tape; undefined parameters are left out, lists repeated', () => {
    const { rest, heard, sent } = opened(() => ok({ markets: [] }));
    const [answer] = heard(rest.get('/markets', { tickers: ['A', 'B & C'], cursor: undefined, limit: 10 }));
    expect(answer).toEqual({
      kind: 'ok',
      resource: '/trade-api/v2/markets?tickers=A&tickers=B%20%26%20C&limit=10',
      text: '{"markets":[]}',
      json: { markets: [] },
    });
    expect(sent.map(({ request }) => request)).toEqual([
      {
        method: 'GET',
        url: 'http://kalshi.test/trade-api/v2/markets?tickers=A&tickers=B%20%26%20C&limit=10',
        headers: { accept: 'application/json' },
        body: undefined,
        timeoutMs: 10_000,
      },
    ]);
  });

  test('a slash at the end of the configured address changes nothing', () => {
    const limits = kalshiSettings.parse({ restUrl: 'http://kalshi.test/trade-api/v2/' });
    const { rest, heard, sent } = opened(() => ok({}), { limits });
    expect(heard(rest.get('/exchange/status'))).toMatchObject([
      { resource: '/trade-api/v2/exchange/status' },
    ]);
    expect(sent[0]?.request.url).toBe('http://kalshi.test/trade-api/v2/exchange/status');
  });

  test('with a key each try is signed with its own time, over the path from the root without the query', () => {
    const { rest, heard, sent } = opened((_, nth) => (nth < 3 ? status(503) : ok({})), { signed: true });
    expect(heard(rest.get('/markets', { limit: 1 }))).toMatchObject([{ kind: 'ok' }]);
    expect(sent).toHaveLength(3);
    const stamps = sent.map(({ atMs, request: { headers } }) => {
      const stamp = headers['KALSHI-ACCESS-TIMESTAMP'] ?? '';
      expect(stamp).toBe(String(Math.floor(atMs)));
      expect(headers['KALSHI-ACCESS-KEY']).toBe(KEY_ID);
      const signature = Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'] ?? '', 'base64');
      const text = Buffer.from(`${stamp}GET/trade-api/v2/markets`);
      expect(verify(null, text, ED25519.publicKey, signature)).toBe(true);
      return stamp;
    });
    expect(new Set(stamps).size).toBe(3);
  });

  test('without a key four calls go at once and then one each half second, in the order of asking', () => {
    const { rest, clock, times, resources } = opened(() => ok({}));
    for (let i = 0; i < 8; i++) rest.get(`/series/${i}`).subscribe();
    clock.runTo(START + 10 * SECOND);
    expect(times()).toEqual([0, 0, 0, 0, 500, 1_000, 1_500, 2_000]);
    expect(resources()).toEqual(Array.from({ length: 8 }, (_, i) => `/trade-api/v2/series/${i}`));
  });

  test('with a key a basic account’s twenty go at once and twenty a second; the account’s own limits take their place once known', () => {
    const { rest, clock, times } = opened(() => ok({}), { signed: true });
    for (let i = 0; i < 22; i++) rest.get('/exchange/status').subscribe();
    clock.runTo(START + SECOND);
    expect(times()).toEqual([...Array.from({ length: 20 }, () => 0), 50, 100]);
    clock.runTo(START + 60 * SECOND);
    rest.useLimits({ ratePerSecond: 10, capacity: 20 });
    for (let i = 0; i < 4; i++) rest.get('/exchange/status').subscribe();
    clock.runTo(START + 120 * SECOND);
    expect(times().slice(22)).toEqual([60_000, 60_000, 61_000, 62_000]);
  });

  test.each([
    ['429', status(429, '{"error":"too many requests"}')],
    ['500', status(500, 'oops')],
    ['503', status(503, 'service unavailable')],
    ['no answer', { kind: 'failed', why: 'no answer within 10000 ms', arrived: true } as const],
  ])('%s is tried four times in all, after waits that double', (_, answer) => {
    const { rest, heard, times } = opened(() => answer);
    const answers = heard(rest.get('/markets'));
    expect(times()).toEqual([0, 500, 1_500, 3_500]);
    expect(answers).toHaveLength(1);
    expect(answers[0]?.kind).toBe(answer.kind === 'failed' ? 'failed' : 'refused');
  });

  test('a call that is answered in the end tells only that, and a later failure begins with the short wait again', () => {
    const { rest, heard, times } = opened((_, nth) => (nth === 2 || nth > 3 ? ok({}) : status(503)));
    expect(heard(rest.get('/markets'), 10)).toMatchObject([{ kind: 'ok' }]);
    expect(heard(rest.get('/markets'), 10)).toMatchObject([{ kind: 'ok' }]);
    expect(times()).toEqual([0, 500, 10_000, 10_500]);
  });

  test.each([400, 401, 403, 404, 409])('%p is told at once and not tried again', (code) => {
    const { rest, heard, times } = opened(() =>
      status(code, '{"error":{"code":"authentication_error","details":"NOT_FOUND"}}'),
    );
    const [answer] = heard(rest.get('/portfolio/balance'));
    expect(times()).toEqual([0]);
    expect(answer).toMatchObject({
      kind: 'refused',
      status: code,
      code: 'authentication_error',
      details: 'NOT_FOUND',
      why: expect.stringMatching(new RegExp(`^/portfolio/balance: ${code} authentication_error: NOT_FOUND`)),
    });
  });

  test('property: each wait is between a half and one and a half of its doubling, as chance says', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        const { rest, heard, times } = opened(() => status(429), { random });
        heard(rest.get('/markets'));
        const waits = times().map((at, i, all) => at - (all[i - 1] ?? 0));
        const expected = [0, 500, 1_000, 2_000].map((wait) => wait * (0.5 + random));
        waits.forEach((wait, i) => {
          expect(Math.abs(wait - (expected[i] ?? 0))).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  test('a body that is no JSON is a failure that shows its beginning', () => {
    const { rest, heard } = opened(() => status(200, `<html>${'x'.repeat(500)}`));
    const [answer] = heard(rest.get('/exchange/status'));
    expect(answer).toMatchObject({ kind: 'failed', arrived: true });
    const why = answer?.kind === 'failed' ? answer.why : '';
    expect(why).toMatch(/^\/exchange\/status: the body is no JSON: <html>x+…$/);
    expect(why.length).toBeLessThan(150);
  });

  test('a failure of the network names the path and whether the request may have arrived', () => {
    const { rest, heard } = opened(() => ({ kind: 'failed', why: 'ECONNREFUSED', arrived: false }));
    expect(heard(rest.get('/exchange/status'))).toEqual([
      { kind: 'failed', why: '/exchange/status: ECONNREFUSED', arrived: false },
    ]);
  });

  test('a call asks nothing before it is subscribed to, anew for each subscriber, and nothing more once it is left', () => {
    const { rest, clock, times } = opened(() => status(503), { delayMs: 100 });
    const answer$ = rest.get('/markets');
    clock.runTo(START + SECOND);
    expect(times()).toEqual([]);
    const [first, second] = [answer$.subscribe(), answer$.subscribe()];
    clock.runTo(START + 2 * SECOND);
    expect(times()).toEqual([1_000, 1_000, 1_600, 1_600]);
    first.unsubscribe();
    second.unsubscribe();
    clock.runTo(START + 60 * SECOND);
    expect(times()).toHaveLength(4);
    expect(clock.pending()).toBe(0);
  });
});

describe('pages', () => {
  forbidWallClock();
  /** As many pages, each naming the next by its cursor. */
  const book =
    (pages: number) =>
    (resource: URL): HttpAnswer => {
      const at = Number(resource.searchParams.get('cursor')?.slice(1) ?? 0);
      return ok({ page: at, cursor: at + 1 < pages ? `c${at + 1}` : '' });
    };
  const numbers = (answers: readonly KalshiAnswer[]): readonly unknown[] =>
    answers.map((answer) => (answer.kind === 'ok' ? (answer.json as { page: unknown }).page : answer.kind));

  test.each([1, 2, 7])(
    '%p pages come one after another by their cursor, with the rest of the query kept',
    (count) => {
      const { rest, heard, resources } = opened(book(count));
      expect(numbers(heard(rest.pages('/markets', { limit: 1000 })))).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
      expect(resources()).toEqual(
        Array.from({ length: count }, (_, i) =>
          i === 0 ? '/trade-api/v2/markets?limit=1000' : `/trade-api/v2/markets?limit=1000&cursor=c${i}`,
        ),
      );
    },
  );

  test.each([
    ['empty', { cursor: '' }],
    ['null', { cursor: null }],
    ['absent', {}],
    ['a number', { cursor: 7 }],
  ])('a cursor that is %s is the end', (_, body) => {
    const { rest, heard, sent } = opened(() => ok(body));
    expect(heard(rest.pages('/markets'))).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test('a cursor that comes again is the end, and no more than fifty pages are read, which is told', () => {
    const same = opened(() => ok({ cursor: 'c' }));
    expect(same.heard(same.rest.pages('/markets'))).toHaveLength(2);
    const endless = opened((_, nth) => ok({ cursor: `c${nth}` }));
    const answers = endless.heard(endless.rest.pages('/markets'));
    expect(answers.map(({ kind }) => kind)).toEqual([...Array.from({ length: 50 }, () => 'ok'), 'failed']);
    expect(answers.at(-1)).toMatchObject({ why: '/markets: more than 50 pages, the rest is not read' });
    const two = opened((_, nth) => ok({ cursor: nth % 2 === 0 ? 'a' : 'b' }));
    expect(two.heard(two.rest.pages('/markets'))).toHaveLength(3);
  });

  test('a page that is refused is told and is the last', () => {
    const { rest, heard } = opened((resource, nth) =>
      nth === 3 ? status(400, '{"msg":"no"}') : book(9)(resource),
    );
    expect(numbers(heard(rest.pages('/markets')))).toEqual([0, 1, 'refused']);
  });

  test('a page that fails for a moment is tried again where it was', () => {
    const { rest, heard } = opened((resource, nth) => (nth === 2 ? status(503) : book(3)(resource)));
    expect(numbers(heard(rest.pages('/markets')))).toEqual([0, 1, 2]);
  });

  test('each subscriber is given all pages', () => {
    const { rest, heard } = opened(book(2));
    const page$ = rest.pages('/markets');
    expect(numbers(heard(page$))).toEqual([0, 1]);
    expect(numbers(heard(page$))).toEqual([0, 1]);
  });

  test('pages wait for their tokens like any call', () => {
    const { rest, heard, times } = opened(book(6));
    heard(rest.pages('/markets'));
    expect(times()).toEqual([0, 0, 0, 0, 500, 1_000]);
  });
});
