import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND } from '../../../src/domain/time.ts';
import { FAULT_KINDS, type Fault, faultSchema } from '../../../src/emulator/transport/fault.ts';
import { faults } from '../../../src/emulator/transport/faults.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { BTC } from '../../support/assets.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';
import { bench } from '../bench.ts';

type Venue = Fault['venue'];

/** Faults over clients that only remember, and a clock in milliseconds from 0. */
const desk = () => {
  const clock = tapeScheduler(0);
  const system: string[] = [];
  const under = faults(clock, () => ({
    kraken: { setSystem: (word) => system.push(`kraken ${word}`) },
    kalshi: {
      strike: (trouble) => {
        if (trouble.kind === 'tradingPause') system.push(`kalshi ${trouble.on ? 'pauses' : 'trades'}`);
        else system.push(JSON.stringify(trouble));
      },
      nextToClose: () => 'NEXT',
      closeEarly: () => system.push('kalshi closes early') > 0,
    },
  }));
  const connect = (venue: Venue) => {
    const heard: string[] = [];
    const pipe = under.socket(venue, {
      say: (text) => heard.push(`${clock.at / MILLISECOND} ${text}`),
      end: (code, why) => heard.push(`${clock.at / MILLISECOND} ended ${code} ${why}`),
    });
    return { ...pipe, heard };
  };
  return {
    under,
    system,
    connect,
    clock,
    to: (ms: number) => {
      clock.runTo(ms * MILLISECOND);
    },
    inject: (kind: Fault['kind'], venue: Venue, rest: Partial<Fault> = {}) =>
      under.inject(faultSchema.parse({ kind, venue, ...rest })),
  };
};
/** Data of Kalshi's, told apart by a letter. */
const delta = (name: string): string => `{"type":"orderbook_delta","${name}":0}`;
const book = (checksum: number, type = 'update'): string =>
  `{"channel":"book","type":"${type}","data":[{"checksum":${checksum}}]}`;
const READ = { method: 'GET', path: '/trade-api/v2/portfolio/balance' };
const HEARTBEAT = '{"channel":"heartbeat"}';
const names = (heard: readonly string[]): string =>
  heard.map((text) => /"(\w)":0/.exec(text)?.[1] ?? text.slice(text.indexOf(' ') + 1)).join(' ');

describe('faults', () => {
  forbidWallClock();

  test('without any, texts pass at once and REST is answered', () => {
    const { connect, under } = desk();
    const { say, heard } = connect('kraken');
    say(HEARTBEAT);
    expect(heard).toEqual([`0 ${HEARTBEAT}`]);
    expect([under.http('kraken', READ), under.skewMs('kalshi'), under.begun()]).toEqual(['answer', 0, []]);
  });

  test('a fault begins when it was told to and strikes its own venue alone', () => {
    const { connect, inject, to, under } = desk();
    const [kraken, kalshi] = [connect('kraken'), connect('kalshi')];
    inject('drop', 'kraken', { atMs: 500 });
    to(499);
    expect(under.begun()).toEqual([]);
    to(500);
    expect(under.begun()).toEqual(['drop kraken']);
    kraken.say(HEARTBEAT);
    kalshi.say(delta('a'));
    expect(kraken.heard).toEqual(['500 ended 1006 dropped']);
    expect(names(kalshi.heard)).toBe('a');
  });

  test('drop: every socket ends at once, those that come later live', () => {
    const { connect, inject } = desk();
    const [one, two] = [connect('kalshi'), connect('kalshi')];
    inject('drop', 'kalshi');
    const three = connect('kalshi');
    three.say(delta('a'));
    expect([names(one.heard), names(two.heard), names(three.heard)]).toEqual([
      'ended 1006 dropped',
      'ended 1006 dropped',
      'a',
    ]);
  });

  test('silence: open sockets say nothing ever again, nor do those that open while it lasts', () => {
    const { connect, inject, to } = desk();
    const before = connect('kraken');
    inject('silence', 'kraken', { spanMs: 1_000 });
    to(999);
    const within = connect('kraken');
    to(1_000);
    const after = connect('kraken');
    for (const { say } of [before, within, after]) say(HEARTBEAT);
    expect([before.heard, within.heard, names(after.heard)]).toEqual([[], [], HEARTBEAT]);
  });

  test('delay: texts come late by the value for the span, and in order with those after it', () => {
    const { connect, inject, to } = desk();
    const { say, heard } = connect('kalshi');
    inject('delay', 'kalshi', { spanMs: 100, value: 300 });
    say(delta('a'));
    to(99);
    say(delta('b'));
    to(150);
    say(delta('c'));
    to(298);
    expect(heard).toEqual([]);
    to(1_000);
    say(delta('d'));
    expect(heard).toEqual([
      `300 ${delta('a')}`,
      `399 ${delta('b')}`,
      `399 ${delta('c')}`,
      `1000 ${delta('d')}`,
    ]);
  });

  test('delay: what comes when a late text is due does not overtake it', () => {
    const { connect, inject, to, clock } = desk();
    const { say, heard } = connect('kalshi');
    // Armed first, so that it fires first at 300.
    clock.schedule(() => say(delta('b')), 300);
    inject('delay', 'kalshi', { spanMs: 100, value: 300 });
    say(delta('a'));
    to(400);
    expect(names(heard)).toBe('a b');
  });

  test('duplicate: the next datum comes twice, of two such faults the next two; what is no data does not', () => {
    const { connect, inject } = desk();
    const { say, heard } = connect('kalshi');
    inject('duplicate', 'kalshi');
    inject('duplicate', 'kalshi');
    say('{"type":"ok"}');
    for (const name of ['a', 'b', 'c']) say(delta(name));
    expect(names(heard)).toBe('{"type":"ok"} a a b b c');
  });

  test('hole: the next data never come, so many as the value, one without', () => {
    const { connect, inject } = desk();
    const { say, heard } = connect('kalshi');
    inject('hole', 'kalshi');
    say('{"type":"ok"}');
    for (const name of ['a', 'b']) say(delta(name));
    inject('hole', 'kalshi', { value: 2 });
    for (const name of ['c', 'd', 'e']) say(delta(name));
    expect(names(heard)).toBe('{"type":"ok"} b e');
  });

  test('reorder: the next datum comes after the one that follows it', () => {
    const { connect, inject } = desk();
    const { say, heard } = connect('kalshi');
    inject('reorder', 'kalshi');
    for (const text of [delta('a'), '{"type":"ok"}', delta('b'), delta('c')]) say(text);
    expect(names(heard)).toBe('{"type":"ok"} b a c');
  });

  test('checksum: the next book message has a wrong one, which still fits 32 bits', () => {
    const { connect, inject } = desk();
    const { say, heard } = connect('kraken');
    inject('checksum', 'kraken');
    say(HEARTBEAT);
    say(book(7));
    say(book(7));
    inject('checksum', 'kraken', { value: 2 });
    say(book(4_294_967_295, 'snapshot'));
    say(book(8));
    expect(heard.map((text) => /"checksum":(\d+)/.exec(text)?.[1])).toEqual([undefined, '8', '7', '0', '9']);
  });

  test('slowReader: Kraken keeps what is not read and says it at the end, in order', () => {
    const { connect, inject, to } = desk();
    const { say, heard } = connect('kraken');
    inject('slowReader', 'kraken', { spanMs: 1_000 });
    for (let i = 0; i < 500; i++) say(book(i));
    to(999);
    expect(heard).toEqual([]);
    to(1_000);
    say(book(500));
    expect(heard).toEqual(Array.from({ length: 501 }, (_, i) => `1000 ${book(i)}`));
  });

  test('slowReader: another one on top of it loses nothing and ends last', () => {
    const { connect, inject, to } = desk();
    const { say, heard } = connect('kraken');
    inject('slowReader', 'kraken', { spanMs: 1_000 });
    say(book(1));
    to(500);
    inject('slowReader', 'kraken', { spanMs: 1_000 });
    say(book(2));
    to(1_200);
    expect(heard).toEqual([]);
    to(1_500);
    expect(heard).toEqual([`1500 ${book(1)}`, `1500 ${book(2)}`]);
  });

  test('slowReader: Kalshi ends the subscription with error 25 and the socket when 200 texts wait', () => {
    const { connect, inject, to } = desk();
    const { say, heard } = connect('kalshi');
    inject('slowReader', 'kalshi', { spanMs: 1_000 });
    for (let i = 0; i < 200; i++) say(delta('a'));
    expect(heard).toEqual([]);
    say(delta('a'));
    expect(names(heard)).toBe(
      '{"type":"error","msg":{"code":25,"msg":"Subscription buffer overflow"}}\n ended 1008 slow consumer',
    );
    to(2_000);
    expect(heard).toHaveLength(2);
  });

  test.each([
    ['tooMany', 'tooMany'],
    ['serverError', 'serverError'],
    ['timeoutAfterAccept', 'noAnswer'],
  ] as const)('%s: REST of the venue is %s for the span', (kind, verdict) => {
    const { under, inject, to } = desk();
    inject(kind, 'kalshi', { spanMs: 1_000 });
    expect([under.http('kalshi', READ), under.http('kraken', READ)]).toEqual([verdict, 'answer']);
    to(999);
    expect(under.http('kalshi', READ)).toBe(verdict);
    to(1_000);
    expect(under.http('kalshi', READ)).toBe('answer');
  });

  test('clockSkew: the clock for signatures is off by the value for the span', () => {
    const { under, inject, to } = desk();
    inject('clockSkew', 'kalshi', { spanMs: 1_000, value: -60_000 });
    expect([under.skewMs('kalshi'), under.skewMs('kraken')]).toEqual([-60_000, 0]);
    to(1_000);
    expect(under.skewMs('kalshi')).toBe(0);
  });

  test('maintenance: matching stops for the span; of two that overlap the longer one counts', () => {
    const { system, inject, to } = desk();
    inject('maintenance', 'kraken', { spanMs: 1_000 });
    inject('maintenance', 'kalshi', { spanMs: 500 });
    expect(system).toEqual(['kraken maintenance', 'kalshi pauses']);
    to(500);
    expect(system.splice(0)).toEqual(['kraken maintenance', 'kalshi pauses', 'kalshi trades']);
    inject('maintenance', 'kraken', { spanMs: 100 });
    to(999);
    expect(system).not.toContain('kraken online');
    to(1_000);
    expect(system.filter((word) => word === 'kraken online')).toHaveLength(1);
  });

  test('earlyClose: Kalshi closes a contract, Kraken has none', () => {
    const { system, inject } = desk();
    inject('earlyClose', 'kraken');
    inject('earlyClose', 'kalshi');
    expect(system).toEqual(['kalshi closes early']);
  });

  test('a client that left is told nothing, not even what was on its way', () => {
    const { connect, inject, to } = desk();
    const { say, left, heard } = connect('kalshi');
    inject('delay', 'kalshi', { value: 300 });
    say(delta('a'));
    left();
    say(delta('b'));
    to(1_000);
    expect(heard).toEqual([]);
  });

  test('stop lets go of all that is still to come', () => {
    const { connect, inject, clock, under, to } = desk();
    const { say, heard } = connect('kalshi');
    inject('drop', 'kalshi', { atMs: 600_000 });
    inject('delay', 'kalshi', { value: 300 });
    inject('maintenance', 'kraken', { spanMs: 1_000 });
    say(delta('a'));
    expect(clock.pending()).toBe(3);
    under.stop();
    expect(clock.pending()).toBe(0);
    to(700_000);
    expect(heard).toEqual([]);
  });

  test('property: faults that swallow, swap or change nothing deliver every text once and in order', () => {
    const gentle = fc.record({
      kind: fc.constantFrom('delay' as const, 'slowReader' as const),
      atMs: fc.nat(1_000),
      spanMs: fc.nat(500),
      value: fc.nat(400),
    });
    fc.assert(
      fc.property(
        fc.array(gentle, { maxLength: 5 }),
        fc.array(fc.nat(60), { maxLength: 60, size: 'max' }),
        (schedule, gaps) => {
          const { connect, inject, to } = desk();
          const { say, heard } = connect('kraken');
          for (const { kind, ...rest } of schedule) inject(kind, 'kraken', rest);
          let at = 0;
          gaps.forEach((gap, i) => {
            at += gap;
            to(at);
            say(book(i));
          });
          to(100_000);
          expect(heard.map((text) => text.slice(text.indexOf(' ') + 1))).toEqual(gaps.map((_, i) => book(i)));
        },
      ),
    );
  });

  test('property: whatever is injected, texts are told unchanged but for checksums, and none after the end', () => {
    const anything = fc.record({
      kind: fc.constantFrom(...FAULT_KINDS),
      venue: fc.constantFrom('kraken' as const, 'kalshi' as const),
      atMs: fc.nat(1_000),
      spanMs: fc.nat(500),
      value: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(
        fc.array(anything, { maxLength: 6 }),
        fc.array(fc.nat(60), { maxLength: 60, size: 'max' }),
        (schedule, gaps) => {
          const { connect, inject, to } = desk();
          const clients = [connect('kraken'), connect('kalshi')];
          for (const { kind, venue, ...rest } of schedule) inject(kind, venue, rest);
          let at = 0;
          gaps.forEach((gap, i) => {
            at += gap;
            to(at);
            for (const { say } of clients) say(`{"type":"orderbook_delta","n":${i}}`);
          });
          to(100_000);
          for (const { heard } of clients) {
            const texts = heard.map((text) => text.slice(text.indexOf(' ') + 1));
            const end = texts.findIndex((text) => text.startsWith('ended'));
            expect(end < 0 || end === texts.length - 1).toBe(true);
            for (const text of texts)
              expect(text).toMatch(/^\{"type":"(orderbook_delta","n":\d+|error.*)\}|^ended/s);
          }
        },
      ),
    );
  });
});

describe('faults of the whole emulation', () => {
  test('a skewed clock of Kalshi refuses a signature that is right', () => {
    const { get, venues, run } = bench();
    const status = () => get('kalshi', '/trade-api/v2/account/limits', true).status;
    expect(status()).toBe(200);
    venues.faults.inject(
      faultSchema.parse({ kind: 'clockSkew', venue: 'kalshi', spanMs: 1_000, value: 60_000 }),
    );
    expect(status()).toBe(401);
    run(1);
    expect(status()).toBe(200);
  });

  test('a Kraken under maintenance says so, and a Kalshi that pauses says so by REST', () => {
    const { get, venues, connect, run } = bench();
    const client = connect('kraken', true);
    for (const venue of ['kraken', 'kalshi'] as const)
      venues.faults.inject(faultSchema.parse({ kind: 'maintenance', venue, spanMs: 2_000 }));
    const trading = () =>
      (get('kalshi', '/trade-api/v2/exchange/status').json as { trading_active: boolean }).trading_active;
    expect(trading()).toBe(false);
    run(3);
    expect(trading()).toBe(true);
    expect(client.news()).toMatchObject(
      ['online', 'maintenance', 'online'].map((system) => ({ channel: 'status', data: [{ system }] })),
    );
  });

  test('an early close moves the next close to this second, empties the book and ends the deltas', () => {
    const { connect, venues, run, clock, get } = bench();
    run(5);
    const { markets } = get('kalshi', '/trade-api/v2/markets?series_ticker=KXBTC15M').json as {
      markets: readonly { ticker: string }[];
    };
    const ticker = markets[0]?.ticker ?? '';
    const client = connect('kalshi', true);
    client.send({
      id: 1,
      cmd: 'subscribe',
      params: { channels: ['orderbook_delta'], market_tickers: [ticker] },
    });
    client.send({ id: 2, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } });
    run(5.3);
    client.news();
    venues.faults.inject(faultSchema.parse({ kind: 'earlyClose', venue: 'kalshi' }));
    const told = client.news();
    expect(
      kalshiDecoder({ useYesPrice: false, assets: [BTC] })(JSON.stringify(told[0]), clock.at).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['contractLifecycle']);
    expect(told).toMatchObject([
      {
        type: 'market_lifecycle_v2',
        msg: {
          market_ticker: ticker,
          event_type: 'close_date_updated',
          close_ts: Math.floor(clock.at / 1e6),
        },
      },
      { type: 'orderbook_snapshot', msg: { market_ticker: ticker } },
    ]);
    run(20);
    expect(client.news()).toEqual([]);
    expect(venues.kalshi.state()[ticker]).toEqual({ bids: [], asks: [] });
  });
});
