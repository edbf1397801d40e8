import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import { MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { discoverAll, discoverMarkets } from '../../../src/venues/kalshi/discovery.ts';
import { marketDirectory } from '../../../src/venues/kalshi/market-directory.ts';
import { kalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { kalshiSettings } from '../../../src/venues/kalshi/settings.ts';
import { kalshiSigner } from '../../../src/venues/kalshi/sign.ts';
import { onSeries } from '../../support/assets.ts';
import { ed25519Key } from './keys.ts';
import { ok, scriptedHttp, status } from './scripted-http.ts';

const NOON = Date.UTC(2026, 8, 25, 12) * 1_000;
const settings = kalshiSettings.parse({
  restUrl: 'http://kalshi.test/trade-api/v2',
});
const terms = {
  assets: [onSeries('KXBTCD', 'KXBTC15M')],
  subscribeAheadMicros: settings.subscribeAheadMicros,
};
const iso = (at: Micros): string => new Date(at / 1_000).toISOString();
const market = (ticker: string, closeAt: Micros): object => ({
  ticker,
  event_ticker: `${ticker.split('-')[0]}-E`,
  open_time: iso(NOON - MINUTE),
  close_time: iso(closeAt),
  status: 'active',
});
const page = (resource: URL): object => {
  const series = resource.searchParams.get('series_ticker') ?? '';
  return resource.searchParams.has('cursor')
    ? { markets: [market(`${series}-B`, NOON + 20 * MINUTE)], cursor: '' }
    : { markets: [market(`${series}-A`, NOON + 10 * MINUTE)], cursor: 'next' };
};
const limits = (rate: number): object => ({
  usage_tier: 'basic',
  read: { refill_rate: rate, bucket_capacity: rate * 10 },
  write: { refill_rate: 100, bucket_capacity: 100 },
});
const venue = (resource: URL): HttpAnswer =>
  ok(
    resource.pathname.endsWith('/markets')
      ? page(resource)
      : resource.pathname.endsWith('/account/limits')
        ? limits(200)
        : {},
  );

function opened(answer: (resource: URL, nth: number) => HttpAnswer, signed = true) {
  const clock = tapeScheduler(NOON);
  const { http, sent } = scriptedHttp(clock, answer);
  const rest = kalshiRest(
    {
      http,
      clock,
      random: () => 0,
      signer: signed ? kalshiSigner(ed25519Key, () => clock.now()) : undefined,
    },
    settings,
  );
  const directory = marketDirectory(terms);
  return {
    clock,
    sent,
    directory,
    discovery: { rest, directory, ...terms, stamp: () => clock.at, signed },
    resources: () => sent.map(({ resource }) => resource.replace('/trade-api/v2', '')),
  };
}

const window = (at: Micros): string =>
  `min_close_ts=${(at - 5 * MINUTE) / SECOND}&max_close_ts=${(at + 85 * MINUTE) / SECOND}`;

describe('discoverAll', () => {
  test('asks for limits, status, fees, every page of markets, and the events of those that are wanted, in this order', () => {
    const { discovery, resources, clock } = opened(venue);
    const kinds: string[] = [];
    discoverAll(discovery).subscribe(({ kind }) => kinds.push(kind));
    clock.runTo(NOON + MINUTE);
    const query = (series: string): string => `series_ticker=${series}&${window(NOON)}&limit=1000`;
    expect(resources()).toEqual([
      '/account/limits',
      '/exchange/status',
      '/series/KXBTCD',
      '/series/KXBTC15M',
      `/markets?${query('KXBTCD')}`,
      `/markets?${query('KXBTC15M')}`,
      `/markets?${query('KXBTCD')}&cursor=next`,
      `/markets?${query('KXBTC15M')}&cursor=next`,
      '/events/KXBTC15M-E',
      '/events/KXBTCD-E',
    ]);
    expect(kinds).toEqual(resources().map(() => 'ok'));
  });

  test('the account’s own limits hold from then on', () => {
    const { discovery, sent, clock } = opened((resource) =>
      resource.pathname.endsWith('/account/limits') ? ok(limits(1)) : venue(resource),
    );
    discoverAll(discovery).subscribe();
    clock.runTo(NOON + 25 * SECOND);
    // Ten tokens a call, ten in the bucket, one a second.
    expect(sent.slice(0, 4).map(({ atMs }) => atMs - NOON / 1_000)).toEqual([0, 0, 10_000, 20_000]);
  });

  test('without a key the account is not asked about, and nothing is signed', () => {
    const { discovery, resources, sent, clock } = opened(venue, false);
    discoverAll(discovery).subscribe();
    clock.runTo(NOON + MINUTE);
    expect(resources()[0]).toBe('/exchange/status');
    expect(resources()).not.toContain('/account/limits');
    for (const { request } of sent) expect(Object.keys(request.headers)).toEqual(['accept']);
  });

  test('limits in another shape change nothing', () => {
    const { discovery, sent, clock } = opened((resource) =>
      resource.pathname.endsWith('/account/limits') ? ok({ read: 'fast' }) : venue(resource),
    );
    discoverAll(discovery).subscribe();
    clock.runTo(NOON + MINUTE);
    expect(sent.every(({ atMs }) => atMs === NOON / 1_000)).toBe(true);
    expect(sent.length).toBe(10);
  });

  test('what is refused is told, and the rest is asked all the same', () => {
    const { discovery, directory, resources, clock } = opened((resource) =>
      resource.pathname.endsWith('/series/KXBTCD') || resource.searchParams.get('series_ticker') === 'KXBTCD'
        ? status(404, '{"error":{"code":"not_found"}}')
        : resource.pathname.endsWith('/account/limits')
          ? ok({})
          : venue(resource),
    );
    const kinds: string[] = [];
    discoverAll(discovery).subscribe(({ kind }) => kinds.push(kind));
    clock.runTo(NOON + MINUTE);
    expect(kinds).toEqual(['ok', 'ok', 'refused', 'ok', 'refused', 'ok', 'ok', 'ok']);
    expect(directory.wanted(NOON)).toEqual(['KXBTC15M-A', 'KXBTC15M-B']);
    expect(resources().at(-1)).toBe('/events/KXBTC15M-E');
  });
});

describe('discoverMarkets', () => {
  test('lists those that closed within five minutes and those that close within the horizon and twenty minutes more, by the time of asking', () => {
    const { discovery, directory, resources, clock } = opened(venue);
    const markets$ = discoverMarkets(discovery);
    expect(resources()).toEqual([]);
    clock.runTo(NOON + 3 * MINUTE);
    markets$.subscribe();
    clock.runTo(NOON + 4 * MINUTE);
    const at = NOON + 3 * MINUTE;
    expect(resources()).toEqual([
      `/markets?series_ticker=KXBTCD&${window(at)}&limit=1000`,
      `/markets?series_ticker=KXBTC15M&${window(at)}&limit=1000`,
      `/markets?series_ticker=KXBTCD&${window(at)}&limit=1000&cursor=next`,
      `/markets?series_ticker=KXBTC15M&${window(at)}&limit=1000&cursor=next`,
    ]);
    expect(directory.wanted(NOON)).toEqual(['KXBTC15M-A', 'KXBTCD-A', 'KXBTC15M-B', 'KXBTCD-B']);
  });

  test('a series that is not answered delays no other', () => {
    const clock = tapeScheduler(NOON);
    const { http } = scriptedHttp(clock, venue);
    const rest = kalshiRest(
      {
        http: (request) => (request.url.includes('series_ticker=KXBTCD&') ? NEVER : http(request)),
        clock,
        random: () => 0,
        signer: undefined,
      },
      settings,
    );
    const directory = marketDirectory(terms);
    discoverMarkets({ rest, directory, ...terms, stamp: () => clock.at, signed: false }).subscribe();
    clock.runTo(NOON + SECOND);
    expect(directory.wanted(NOON)).toEqual(['KXBTC15M-A', 'KXBTC15M-B']);
  });

  test('half seconds widen the window rather than narrow it', () => {
    const { discovery, resources, clock } = opened(venue);
    clock.runTo(NOON + SECOND / 2);
    discoverMarkets(discovery).subscribe();
    clock.runTo(NOON + MINUTE);
    const [first = ''] = resources();
    expect(first).toContain(`min_close_ts=${(NOON - 5 * MINUTE) / SECOND}&`);
    expect(first).toContain(`max_close_ts=${(NOON + 85 * MINUTE) / SECOND + 1}&`);
  });
});
