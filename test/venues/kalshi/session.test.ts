import { verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER } from 'rxjs';
import { SECOND } from '../../../src/domain/time.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { type FakeVenue, fakeVenue, snapshotOf } from './fake-venue.ts';
import { ED25519 } from './keys.ts';
import { status } from './scripted-http.ts';
import { A, B, feedOf, liveSession, SID, session } from './session-bench.ts';

describe('kalshiFeed', () => {
  forbidWallClock();

  test('asks REST first, then dials once, and subscribes to lifecycle, BRTI, books, tickers and trades', () => {
    const { run, sent, venue, told, resources } = session();
    run(5);
    expect(resources()).toEqual([
      '/account/limits',
      '/exchange/status',
      '/series/KXBTC15M',
      '/markets',
      '/events/KXBTC15M-A-E',
      '/events/KXBTC15M-B-E',
    ]);
    expect(venue.dials).toHaveLength(1);
    expect(venue.dials[0]?.url).toBe('ws://kalshi.test/trade-api/ws/v2');
    expect(sent()).toEqual([
      'subscribe market_lifecycle_v2',
      'subscribe cfbenchmarks_value',
      'subscribe orderbook_delta A B',
      'subscribe ticker A B',
      'subscribe trade A B',
    ]);
    expect(venue.commands[1]?.params['index_ids']).toEqual(['BRTI']);
    expect(venue.commands.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(told()).toEqual(['opened: ', 'live: 2 books']);
  });

  test('the upgrade is signed over the socket’s own path, anew for each attempt', () => {
    const { run, venue } = session();
    run(5);
    venue.end('gone');
    run(5);
    expect(venue.dials).toHaveLength(2);
    for (const { headers, atMs } of venue.dials) {
      const stamp = headers['KALSHI-ACCESS-TIMESTAMP'] ?? '';
      expect(stamp).toBe(String(Math.floor(atMs)));
      const signature = Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'] ?? '', 'base64');
      const text = Buffer.from(`${stamp}GET/trade-api/ws/v2`);
      expect(verify(null, text, ED25519.publicKey, signature)).toBe(true);
    }
  });

  test('every text and every body goes on as it came, stamped when it came', () => {
    const { run, venue, frames } = liveSession();
    const before = frames.length;
    run(0.5);
    venue.say({ type: 'trade', sid: 5, seq: 1, msg: {} });
    expect(frames.slice(before)).toContainEqual({
      kind: 'wire',
      at: 1.5 * SECOND,
      venue: 'kalshi',
      text: '{"type":"trade","sid":5,"seq":1,"msg":{}}',
    });
    const rest = frames.flatMap((frame) => (frame.kind === 'rest' ? frame : []));
    expect(rest.map(({ resource }) => resource)).toEqual(venue.sent.map(({ resource }) => resource));
    expect(JSON.parse(rest[3]?.text ?? '')).toMatchObject({
      markets: [{ ticker: A.ticker }, { ticker: B.ticker }],
    });
  });

  test('it is live only once every book has come', () => {
    const late = JSON.stringify(snapshotOf(B.ticker, SID));
    const { run, told, venue } = session({
      answer: (_, usual) => usual().filter((frame) => JSON.stringify(frame) !== late),
    });
    run(2);
    expect(told()).toEqual(['opened: ']);
    venue.say(snapshotOf(B.ticker, SID));
    run(1);
    expect(told()).toEqual(['live: 2 books']);
  });

  test('it is live only once every channel is granted', () => {
    const { run, told, venue } = session({ answer: ({ id }, usual) => (id === 5 ? [] : usual()) });
    run(2);
    expect(told()).toEqual(['opened: ']);
    venue.say({ type: 'subscribed', id: 5, msg: { channel: 'trade', sid: 5 } });
    expect(told()).toEqual(['live: 2 books']);
  });

  test('a contract that leaves before its book came does not keep it from being live', () => {
    const late = JSON.stringify(snapshotOf(B.ticker, SID));
    const { run, told, venue } = session({
      answer: (_, usual) => usual().filter((frame) => JSON.stringify(frame) !== late),
    });
    run(2);
    venue.say({ type: 'market_lifecycle_v2', msg: { market_ticker: B.ticker, event_type: 'determined' } });
    run(1);
    expect(told()).toEqual(['opened: ', 'live: 1 books']);
  });
});

describe('kalshiFeed: connection', () => {
  forbidWallClock();

  test('a lost connection is told with when it is tried again; everything is then asked for anew, on one connection', () => {
    const { run, told, sent, venue, resources } = liveSession();
    const before = resources().length;
    venue.end('dropped');
    expect(told()).toEqual(['closed: dropped; again in 0.5 s']);
    run(0.4);
    expect(venue.dials).toHaveLength(1);
    run(2);
    expect(venue.dials).toHaveLength(2);
    expect(told()).toEqual(['opened: ', 'live: 2 books']);
    expect(sent()).toHaveLength(5);
    expect(new Set(venue.commands.map(({ id }) => id)).size).toBe(10);
    expect(resources().slice(before)).toContain('/markets');
    expect(resources().slice(before)).toContain('/series/KXBTC15M');
  });

  test('a refused upgrade says what to do, and is tried again after waits that double up to half a minute', () => {
    const body = '{"error":{"code":"authentication_error","details":"NOT_FOUND"}}';
    const { run, told, venue, resources } = session({ refuse: () => ({ status: 401, body }) });
    run(0.1);
    const why = expect.stringMatching(
      /^refused: socket: 401 authentication_error: NOT_FOUND: .*KALSHI_KEY_ID/,
    );
    expect(told()).toEqual([why, expect.stringMatching(/^closed: socket: 401 .*; again in 0\.5 s$/)]);
    run(200);
    const waits = venue.dials.map(({ atMs }, i) => atMs - (venue.dials[i - 1]?.atMs ?? 0)).slice(1);
    expect(waits.slice(0, 8)).toEqual([510, 1_010, 2_010, 4_010, 8_010, 16_010, 30_010, 30_010]);
    // What never stood has lost nothing: contracts are not listed again for it.
    expect(resources().filter((each) => each.startsWith('/series'))).toHaveLength(1);
  });

  test('a socket on which nothing comes for fifteen seconds is given up, and a dial that does not open too', () => {
    const clock = tapeScheduler(0);
    const venue = fakeVenue({ clock, markets: [A] });
    const told: string[] = [];
    let dials = 0;
    const dumb: FakeVenue = {
      ...venue,
      dial: () => {
        dials++;
        return NEVER;
      },
    };
    feedOf(
      dumb,
      clock,
    )(EMPTY).subscribe((frame) => {
      if (frame.kind === 'connection') told.push(frame.detail);
    });
    clock.runTo(14 * SECOND);
    expect(told).toEqual([]);
    clock.runTo(16 * SECOND);
    expect(told).toEqual(['not open within 15000 ms; again in 0.5 s']);
    expect(dials).toBe(2);
  });

  test('a refused subscription is told with channel, code and markets, and tried again until it is granted', () => {
    let refusals = 2;
    const { run, told, sent } = session({
      answer: (command, usual) =>
        String(command.params['channels']) === 'orderbook_delta' && refusals-- > 0
          ? [
              {
                type: 'error',
                id: command.id,
                msg: { code: 8, msg: 'Unknown market', market_ticker: A.ticker },
              },
            ]
          : usual(),
    });
    run(10);
    const refused = `refused: orderbook_delta: error 8 Unknown market (${A.ticker})`;
    expect(told()).toEqual(['opened: ', refused, refused, 'live: 2 books']);
    expect(sent().filter((each) => each.startsWith('subscribe orderbook_delta'))).toHaveLength(3);
  });

  test('a subscription that Kalshi ends is told and subscribed to again on the same connection', () => {
    const { run, told, sent, venue } = liveSession();
    venue.say({ type: 'error', sid: SID, msg: { code: 25, msg: 'Subscription buffer overflow' } });
    expect(told()).toEqual(['refused: orderbook_delta: error 25 Subscription buffer overflow']);
    run(5);
    expect(sent()).toEqual(['subscribe orderbook_delta A B']);
    expect(told()).toEqual(['live: 2 books']);
    expect(venue.dials).toHaveLength(1);
  });

  test('the exchange’s status is asked for each half minute and the markets each five minutes', () => {
    const { run, resources } = liveSession();
    const before = resources().length;
    run(10 * 60);
    const counts = (path: string): number =>
      resources()
        .slice(before)
        .filter((each) => each === path).length;
    expect(counts('/exchange/status')).toBe(20);
    expect(counts('/markets')).toBe(2);
  });

  test('a discovery that lacks something is made again after ten seconds, all of it, until it is whole', () => {
    let failing = true;
    const { run, told, sent, resources } = session({
      rest: (resource) =>
        failing && resource.pathname.endsWith('/markets') ? status(404, '{"msg":"not now"}') : undefined,
    });
    run(9);
    expect(told()).toEqual(['refused: /markets: 404 validation: not now', 'opened: ']);
    failing = false;
    run(3);
    expect(sent()).toContain('subscribe orderbook_delta A B');
    expect(told()).toEqual(['live: 2 books']);
    expect(resources().filter((each) => each === '/account/limits')).toHaveLength(2);
    run(60);
    expect(resources().filter((each) => each === '/account/limits')).toHaveLength(2);
  });

  test('a listing of markets does not make up for a discovery of everything that lacks something or is under way', () => {
    let failing = true;
    const lacking = session({
      rest: (resource) =>
        failing && resource.pathname.includes('/series') ? status(404, '{"msg":"not now"}') : undefined,
    });
    const asked = ({ resources }: typeof lacking): number =>
      resources().filter((each) => each === '/series/KXBTC15M').length;
    lacking.run(2);
    failing = false;
    lacking.resync('sequence', 'sid 1');
    lacking.run(20);
    expect(asked(lacking)).toBe(2);
    const slow = session({ restDelayMs: 500 });
    slow.run(5);
    slow.venue.end('gone');
    slow.run(0.6);
    // The fees are asked for and not answered yet, so they are asked for once more.
    expect([slow.venue.dials.length, asked(slow)]).toEqual([2, 2]);
    slow.resync('sequence', 'sid 1');
    slow.run(20);
    expect(asked(slow)).toBe(3);
  });

  test('leaving ends the socket, the requests and every timer', () => {
    const { run, running, clock, venue } = liveSession();
    run(5);
    running.unsubscribe();
    const [commands, requests] = [venue.commands.length, venue.sent.length];
    run(600);
    expect(clock.pending()).toBe(0);
    expect([venue.commands.length, venue.sent.length]).toEqual([commands, requests]);
  });

  test('each subscriber has a connection of its own', () => {
    const clock = tapeScheduler(0);
    const venue = fakeVenue({ clock, markets: [A] });
    const feed = feedOf(venue, clock);
    const first = feed(NEVER).subscribe();
    feed(NEVER).subscribe();
    clock.runTo(SECOND);
    expect(venue.dials).toHaveLength(2);
    first.unsubscribe();
    clock.runTo(2 * SECOND);
    expect(venue.dials).toHaveLength(2);
  });
});

describe('kalshiFeed: REST that does not answer', () => {
  forbidWallClock();

  test('the socket is dialled after two seconds, once, and its markets are subscribed when they are listed', () => {
    const clock = tapeScheduler(0);
    const venue = fakeVenue({ clock, markets: [A] });
    let silent = true;
    const http: FakeVenue['http'] = (request) => (silent ? NEVER : venue.http(request));
    const running = feedOf({ ...venue, http }, clock)(EMPTY).subscribe();
    clock.runTo(1.9 * SECOND);
    expect(venue.dials).toHaveLength(0);
    clock.runTo(3 * SECOND);
    expect(venue.dials).toHaveLength(1);
    expect(venue.commands.map(({ params }) => params['channels'])).toEqual([
      ['market_lifecycle_v2'],
      ['cfbenchmarks_value'],
    ]);
    silent = false;
    venue.end('dropped');
    clock.runTo(20 * SECOND);
    expect(venue.dials).toHaveLength(2);
    expect(venue.commands.map(({ params }) => String(params['channels']))).toContain('orderbook_delta');
    running.unsubscribe();
  });
});
