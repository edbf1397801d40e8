import { describe, expect, test } from '@jest/globals';
import type { Subscription } from 'rxjs';
import type { Asset } from '../../src/domain/asset.ts';
import { MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { emulation } from '../../src/emulator/emulation.ts';
import { emulatorSettings } from '../../src/emulator/settings.ts';
import { faultSchema } from '../../src/emulator/transport/fault.ts';
import { emulatedWorld } from '../../src/emulator/world/world.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import type { SocketOpened } from '../../src/transport/dial.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { KEY_PAIR } from '../emulator/bench.ts';
import { BTC, ETH } from './assets.ts';
import { memoryTransport } from './memory-transport.ts';
import { forbidWallClock } from './no-wall-clock.ts';

const LATENCY_MS = 15;
const KRAKEN = 'ws://kraken.test/v2';
const KALSHI = 'ws://api.kalshi.test/trade-api/ws/v2';
const TIME = 'http://kraken.test/0/public/Time';
const SUBSCRIBE = JSON.stringify({ method: 'subscribe', params: { channel: 'trade', symbol: ['BTC/USD'] } });

/** A transport whose clock is moved by hand; what it tells is noted with the milliseconds since the start. */
const desk = (assets: readonly Asset[] = [BTC]) => {
  const settings = emulatorSettings.parse({ historyMinutes: 20, strikes: 2 });
  const world = emulatedWorld(settings, assets);
  const clock = tapeScheduler(world.startAt);
  const wallMillis = (): number => clock.at / MILLISECOND;
  const venues = emulation({
    clock,
    times: { now: () => clock.at, wallMillis },
    settings,
    assets,
    history: world.history,
    marketDepth: 25,
    faults: [],
    rateLimited: false,
    keyPair: KEY_PAIR,
  });
  const transport = memoryTransport({ clock, world, venues, faults: venues.faults, latencyMs: LATENCY_MS });
  const ms = (): number => (clock.at - world.startAt) / MILLISECOND;
  const signer = kalshiSigner(
    { kind: 'key', keyId: venues.keyId, type: 'ed25519', privateKey: KEY_PAIR.privateKey },
    wallMillis,
  );
  return {
    clock,
    venues,
    run: transport.run,
    to: (millis: number) => {
      clock.runTo(world.startAt + millis * MILLISECOND);
    },
    inject: (kind: string, venue: string, rest: object = {}) =>
      venues.faults.inject(faultSchema.parse({ kind, venue, ...rest })),
    headers: () => signer.headers('GET', '/trade-api/ws/v2'),
    dial: (url: string, headers: Readonly<Record<string, string>> = {}) => {
      const told: string[] = [];
      const texts: string[] = [];
      let socket: SocketOpened | undefined;
      const dialled: Subscription = transport.dial({ url, headers }).subscribe({
        next: (event) => {
          if (event.kind === 'opened') socket = event;
          if (event.kind === 'text') texts.push(event.text);
          told.push(
            `${ms()} ${event.kind === 'closed' ? `closed ${event.code} ${event.status ?? ''} ${event.detail}` : event.kind}`,
          );
        },
        complete: () => told.push(`${ms()} complete`),
      });
      return {
        told,
        texts,
        dialled,
        send: (text: string) => socket?.send(text),
        close: (why: string) => socket?.close(why),
      };
    },
    ask: (url: string, method: 'GET' | 'POST' = 'GET', timeoutMs = 1_000) => {
      const told: string[] = [];
      const asked = transport.http({ method, url, headers: {}, body: undefined, timeoutMs }).subscribe({
        next: (answer) =>
          told.push(
            answer.kind === 'answered'
              ? `${ms()} ${answer.status} ${answer.text.slice(0, 12)}`
              : `${ms()} failed ${answer.why} ${answer.arrived}`,
          ),
        complete: () => told.push(`${ms()} complete`),
      });
      return { told, asked };
    },
  };
};

describe('sockets in memory', () => {
  forbidWallClock();

  test('a socket opens after a round trip, and what the venue says at once comes after that', () => {
    const { dial, to } = desk();
    const { told } = dial(KRAKEN);
    to(29);
    expect(told).toEqual([]);
    to(100);
    expect(told).toEqual(['30 opened', '45 text']);
  });

  test('a word takes one latency each way', () => {
    const { dial, to } = desk();
    const { told, texts, send } = dial(KRAKEN);
    to(100);
    send('{"method":"ping","req_id":4}');
    to(200);
    expect(told.at(-1)).toBe('130 text');
    expect(JSON.parse(texts.at(-1) ?? '')).toMatchObject({ method: 'pong', req_id: 4 });
  });

  test('a refused upgrade ends the attempt with its status, as a real one does', () => {
    const { dial, to } = desk();
    const [unsigned, lost] = [dial(KALSHI), dial('ws://kraken.test/v9')];
    to(100);
    expect(unsigned.told).toEqual([expect.stringMatching(/^30 closed 1006 401 \{"error"/), '30 complete']);
    expect(lost.told).toEqual(['30 closed 1006 404 not found', '30 complete']);
  });

  test('a host with kalshi in its name is Kalshi, and its frames come without their newline', () => {
    const { dial, to, headers } = desk();
    const { texts, send } = dial(KALSHI, headers());
    to(100);
    send('{"id":1,"cmd":"list_subscriptions"}');
    to(200);
    expect(texts).toEqual(['{"id":1,"type":"ok","msg":[]}']);
  });

  test('one socket of each venue carries the markets of every asset', () => {
    const { dial, to, run, headers } = desk([BTC, ETH]);
    const kraken = dial(KRAKEN);
    const kalshi = dial(KALSHI, headers());
    to(100);
    kraken.send(
      '{"method":"subscribe","params":{"channel":"trade","symbol":["BTC/USD","ETH/USD"],"snapshot":false}}',
    );
    kalshi.send(
      '{"id":1,"cmd":"subscribe","params":{"channels":["cfbenchmarks_value"],"index_ids":["BRTI","ETHUSD_RTI"]}}',
    );
    const moving = run();
    to(10_000);
    moving.unsubscribe();
    const found = (texts: readonly string[], pattern: RegExp): ReadonlySet<string | undefined> =>
      new Set(texts.flatMap((text) => pattern.exec(text)?.[1] ?? []));
    const trades = kraken.texts.filter((text) => text.startsWith('{"channel":"trade"'));
    expect(found(trades, /"symbol":"([^"]+)"/)).toEqual(new Set(['BTC/USD', 'ETH/USD']));
    expect(found(kalshi.texts, /"index_id":"([^"]+)"/)).toEqual(new Set(['BRTI', 'ETHUSD_RTI']));
  });

  test('the markets move while they run, and stand still otherwise', () => {
    const { dial, to, run } = desk();
    const { texts, send } = dial(KRAKEN);
    to(100);
    send(SUBSCRIBE);
    to(2_000);
    const before = texts.length;
    const moving = run();
    to(10_000);
    const after = texts.length;
    expect(after).toBeGreaterThan(before + 8);
    moving.unsubscribe();
    to(10_100);
    const still = texts.length;
    to(20_000);
    expect(texts.length).toBe(still);
  });

  test('our close ends the attempt at once; a venue’s end arrives after one latency', () => {
    const { dial, to, inject } = desk();
    const [ours, theirs] = [dial(KRAKEN), dial(KRAKEN)];
    to(100);
    ours.close('enough');
    inject('drop', 'kraken');
    to(200);
    expect(ours.told.slice(2)).toEqual(['100 closed 1006  enough', '100 complete']);
    expect(theirs.told.slice(2)).toEqual(['115 closed 1006  dropped', '115 complete']);
    theirs.send(SUBSCRIBE);
    to(300);
    expect(theirs.told).toHaveLength(4);
  });

  test.each([5, 20, 100])('to unsubscribe hangs up %d ms after dialling, and no timer is left', (after) => {
    const { dial, to, clock, headers } = desk();
    const each = dial(KALSHI, headers());
    to(after);
    each.send('{"id":1,"cmd":"list_subscriptions"}');
    each.dialled.unsubscribe();
    expect(clock.pending()).toBe(0);
    const before = each.told.length;
    to(1_000);
    expect(each.told.length).toBe(before);
  });

  test('the venue knows when a client hung up, and tells it nothing more', () => {
    const { dial, to, run, venues } = desk();
    const left: string[] = [];
    const { upgrade } = venues.kraken;
    Object.assign(venues.kraken, {
      upgrade: (...asked: Parameters<typeof upgrade>) => {
        const peer = upgrade(...asked);
        if (peer.kind === 'answer') return peer;
        return {
          ...peer,
          left: () => {
            left.push('left');
            peer.left();
          },
        };
      },
    });
    const { told, send, dialled } = dial(KRAKEN);
    run();
    to(100);
    send(SUBSCRIBE);
    to(200);
    dialled.unsubscribe();
    expect(left).toEqual(['left']);
    const before = told.length;
    to(5_000);
    expect(told.length).toBe(before);
  });
});

describe('REST in memory', () => {
  forbidWallClock();

  test('an answer takes a round trip, and is the last word', () => {
    const { ask, to } = desk();
    const { told } = ask(TIME);
    to(1_000);
    expect(told).toEqual(['30 200 {"error":[],', '30 complete']);
  });

  test('REST that is over its limit or out of order answers 429 or 503, unasked', () => {
    const { ask, to, inject } = desk();
    inject('tooMany', 'kraken', { spanMs: 100 });
    const first = ask(TIME);
    to(200);
    inject('serverError', 'kraken', { spanMs: 100 });
    const second = ask(TIME);
    to(400);
    expect(first.told[0]).toBe('30 429 {"error":"to');
    expect(second.told[0]).toBe('230 503 service unav');
  });

  test('a call that is acted on and never answered fails after its own time, and says that it arrived', () => {
    const { ask, to, inject, venues } = desk();
    let calls = 0;
    const { http } = venues.kraken;
    Object.assign(venues.kraken, {
      http: (request: Parameters<typeof http>[0]) => {
        calls++;
        return http(request);
      },
    });
    inject('timeoutAfterAccept', 'kraken', { spanMs: 100 });
    const { told } = ask(TIME, 'GET', 700);
    to(2_000);
    expect(told).toEqual(['715 failed no answer within 700 ms true', '715 complete']);
    expect(calls).toBe(1);
  });

  test('to unsubscribe before the latency is over means that the venue was never asked', () => {
    const { ask, to, clock } = desk();
    const { told, asked } = ask(TIME);
    to(10);
    asked.unsubscribe();
    expect(clock.pending()).toBe(0);
    to(10 * (SECOND / MILLISECOND));
    expect(told).toEqual([]);
  });
});
