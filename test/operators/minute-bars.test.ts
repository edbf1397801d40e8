import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Gap, KrakenOhlc } from '../../src/domain/events/venue.ts';
import type { AssetBars, SessionFrame } from '../../src/domain/frame.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { type MinuteBarsOptions, minuteBars } from '../../src/operators/minute-bars.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { dataPath, describeData } from '../support/data.ts';
import { timedMarbles } from '../support/marble-clock.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';

type Input = KrakenOhlc | SessionFrame | Gap;

const candle = (minute: number, close: number, volume = 1): KrakenOhlc => ({
  kind: 'krakenOhlc',
  at: minute * MINUTE,
  receivedAt: 0,
  symbol: 'BTC/USD',
  open: 100,
  high: Math.max(100, close),
  low: Math.min(100, close),
  close,
  volume,
  intervalMinutes: 1,
  snapshot: false,
});
const barOf = ({ at, open, high, low, close, volume }: KrakenOhlc, flag: 0 | 1 | 2 = 0): MinuteBar => ({
  openAt: at,
  open,
  high,
  low,
  close,
  volume,
  flag,
});
const flat = (minute: number, close: number, flag: 0 | 2): MinuteBar => ({
  openAt: minute * MINUTE,
  open: close,
  high: close,
  low: close,
  close,
  volume: 0,
  flag,
});
const minute = (bar: MinuteBar, receivedAt: number, source: 'live' | 'filled' = 'live') => ({
  kind: 'minute',
  at: bar.openAt + MINUTE,
  receivedAt,
  asset: 'BTC',
  bar,
  source,
});
const gap: Gap = {
  kind: 'gap',
  at: 0,
  receivedAt: 0,
  venue: 'kraken',
  cause: 'disconnect',
  scope: '',
  detail: '',
};
const session = (at: number, history: readonly AssetBars[]): SessionFrame => ({
  kind: 'session',
  at,
  name: 'test',
  history,
});

/** Pushes events at our clock's times, in seconds, and tells what came out and when. */
function play(
  script: readonly (readonly [atSeconds: number, event?: Input])[],
  options: Partial<MinuteBarsOptions> = {},
): unknown[] {
  const clock = tapeScheduler(0);
  const source$ = new Subject<Input>();
  const out: unknown[] = [];
  const made = source$
    .pipe(minuteBars({ clock, asset: 'BTC', first: true, symbol: 'BTC/USD', ...options }))
    .subscribe((event) => out.push(event));
  for (const [atSeconds, event] of script) {
    if (event?.kind === 'session') clock.jumpTo(atSeconds * SECOND);
    else clock.runTo(atSeconds * SECOND);
    if (event) source$.next(event);
    expect(clock.pending()).toBeLessThanOrEqual(1);
  }
  made.unsubscribe();
  expect(clock.pending()).toBe(0);
  return out;
}

describe('minuteBars', () => {
  test('a bar of the future in a session’s warm-up is left out, so that no candle is late for it', () => {
    const closed = barOf(candle(0, 100));
    const future = barOf(candle(90, 100));
    const clock = tapeScheduler(MINUTE);
    const input$ = new Subject<Input>();
    const out: unknown[] = [];
    const running = input$
      .pipe(minuteBars({ clock, asset: 'BTC', first: true, symbol: 'BTC/USD' }))
      .subscribe((event) => out.push(event));
    input$.next(session(MINUTE, [{ asset: 'BTC', bars: [closed, future] }]));
    input$.next(candle(1, 101));
    clock.runTo(3 * MINUTE);
    running.unsubscribe();
    expect(out).toMatchObject([
      { kind: 'warm', history: [closed] },
      { kind: 'minute', bar: barOf(candle(1, 101)) },
    ]);
  });

  forbidWallClock();

  test('history that the first candle cannot follow on is left out with a gap, and the minutes go on alone', () => {
    const bars = (factor: number): readonly MinuteBar[] =>
      Array.from({ length: 50 }, (_, n) => flat(n, 100 * factor, 0));
    const run = (factor: number) =>
      play([
        [3_000, session(3_000 * SECOND, [{ asset: 'BTC', bars: bars(factor) }])],
        [3_001, candle(50, 101)],
        [3_061],
      ]);
    const kinds = (factor: number) => run(factor).map((event) => (event as { kind: string }).kind);
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), (factor) => {
        fc.pre(Math.abs(Math.log(factor)) > 0.05 || Math.abs(Math.log(factor)) < 0.005);
        expect(kinds(factor)).toEqual(
          Math.abs(Math.log(factor)) > 0.05 ? ['warm', 'gap', 'warm', 'minute'] : ['warm', 'minute'],
        );
      }),
    );
    expect(run(35)[1]).toMatchObject({
      cause: 'history',
      scope: 'BTC/USD',
      detail:
        'history of BTC: 1970-01-01T00:49Z closed at 3500 and 1970-01-01T00:50Z opened at 100, which no volatility explains; the bars before were left out',
    });
    expect(run(35)[2]).toMatchObject({ kind: 'warm', history: [] });
  });

  test('history with a jump inside it warms with what comes after the jump', () => {
    const bars = [...Array(30).keys()].map((n) => flat(n, n < 12 ? 3_500 : 100, 0));
    const out = play([[1_800, session(1_800 * SECOND, [{ asset: 'BTC', bars }])]]);
    expect(out).toMatchObject([
      { kind: 'gap', cause: 'history', at: 12 * MINUTE },
      { kind: 'warm', history: bars.slice(12) },
    ]);
  });

  test('several states of a minute make one bar, final when a later minute appears or a second after its end', () => {
    const out = play([[1, candle(0, 101)], [30, candle(0, 102, 2)], [60.4, candle(1, 103)], [120.9], [121]]);
    expect(out).toEqual([
      minute(barOf(candle(0, 102, 2)), 60.4 * SECOND),
      minute(barOf(candle(1, 103)), 121 * SECOND),
    ]);
  });

  test('a finished candle received after its grace is final on receipt', () => {
    expect(play([[61, candle(0, 101)]])).toEqual([minute(barOf(candle(0, 101)), 61 * SECOND)]);
  });

  test('minutes without trades are flat once a later candle proves the feed alive, and not before', () => {
    const out = play([[61, candle(0, 101)], [235], [236, candle(3, 104)], [300]]);
    expect(out).toEqual([
      minute(barOf(candle(0, 101)), 61 * SECOND),
      minute(flat(1, 101, 0), 236 * SECOND, 'filled'),
      minute(flat(2, 101, 0), 236 * SECOND, 'filled'),
      minute(barOf(candle(3, 104)), 241 * SECOND),
    ]);
  });

  test('a longer silence is a hole, and the minutes go on behind it', () => {
    const out = play(
      [
        [61, candle(0, 101)],
        [301, candle(4, 104)],
      ],
      { fillLimit: 2 },
    );
    expect(out).toEqual([
      minute(barOf(candle(0, 101)), 61 * SECOND),
      { kind: 'hole', at: MINUTE, receivedAt: 301 * SECOND, until: 4 * MINUTE },
      minute(barOf(candle(4, 104)), 301 * SECOND),
    ]);
  });

  test('a repeated minute is dropped, a corrected one is late, and a stranger is ignored', () => {
    const corrected = candle(0, 105);
    const out = play([
      [61, candle(0, 101)],
      [62, candle(0, 101)],
      [63, corrected],
      [63.5, candle(0, 101, 2)],
      [64, { ...candle(1, 7), symbol: 'ETH/USD' }],
      [65, { ...candle(1, 7), intervalMinutes: 5 }],
      [130],
    ]);
    expect(out).toEqual([
      minute(barOf(candle(0, 101)), 61 * SECOND),
      { kind: 'late', at: 0, receivedAt: 63 * SECOND, behindMicros: MINUTE, event: corrected },
      { kind: 'late', at: 0, receivedAt: 63.5 * SECOND, behindMicros: MINUTE, event: candle(0, 101, 2) },
    ]);
  });

  test('a session gives its history once, voids what was forming, and does not repeat what history has', () => {
    const history = [barOf(candle(3, 100)), barOf(candle(4, 104))];
    const out = play([
      [1, candle(0, 101)],
      [310, session(310 * SECOND, [{ asset: 'BTC', bars: history }])],
      [311, candle(4, 104)],
      [421, candle(6, 106)],
    ]);
    expect(out).toEqual([
      { kind: 'warm', at: 310 * SECOND, receivedAt: 310 * SECOND, history },
      minute(flat(5, 104, 2), 421 * SECOND, 'filled'),
      minute(barOf(candle(6, 106)), 421 * SECOND),
    ]);
  });

  test.each<readonly [boolean, string | undefined, string]>([
    [true, undefined, 'are the first asset’s own'],
    [false, undefined, 'are none of another asset'],
    [true, 'ETH', 'that name another asset are not the first one’s'],
    [false, 'BTC', 'that name the asset are its own, whichever it is'],
  ])('bars of a session (first: %s, asset: %s) %s', (first, asset) => {
    const bars = [barOf(candle(3, 100))];
    const out = play(
      [
        [
          310,
          session(310 * SECOND, [
            { asset: 'SOL', bars: [] },
            { asset, bars },
          ]),
        ],
      ],
      { first },
    );
    const own = asset === 'BTC' || (asset === undefined && first);
    expect(out).toEqual([
      { kind: 'warm', at: 310 * SECOND, receivedAt: 310 * SECOND, history: own ? bars : [] },
    ]);
  });

  test('an earlier session is not late: it starts from nothing', () => {
    const out = play([
      [601, candle(9, 101)],
      [602, session(602 * SECOND, [])],
      [603, candle(4, 104)],
    ]);
    expect(out.slice(2)).toEqual([minute(barOf(candle(4, 104)), 603 * SECOND)]);
  });

  test('across a disconnect nothing is known: the torn minute is flagged and the filling gives no return', () => {
    const out = play([
      [1, candle(0, 101)],
      [30, gap],
      [181, candle(2, 103)],
      [241, candle(3, 103)],
    ]);
    expect(out).toEqual([
      minute(barOf(candle(0, 101), 1), 61 * SECOND),
      minute(flat(1, 101, 2), 181 * SECOND, 'filled'),
      minute(barOf(candle(2, 103)), 181 * SECOND),
      minute(barOf(candle(3, 103)), 241 * SECOND),
    ]);
  });

  test('a minute the venue sends again after the disconnect is whole, and other gaps tear nothing', () => {
    const whole = play([[1, candle(0, 101)], [30, gap], [40, candle(0, 102)], [61]]);
    expect(whole).toEqual([minute(barOf(candle(0, 102)), 61 * SECOND)]);
    const other = play([
      [1, candle(0, 101)],
      [30, { ...gap, cause: 'checksum' }],
      [31, { ...gap, venue: 'kalshi' }],
      [61],
    ]);
    expect(other).toEqual([minute(barOf(candle(0, 101)), 61 * SECOND)]);
  });

  test('an empty source completes, an error passes, leaving early unsubscribes, two subscribers share nothing', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const operator = minuteBars({ clock, asset: 'BTC', first: true, symbol: 'BTC/USD' });
      expectObservable(cold<Input>('--|').pipe(operator)).toBe('--|');
      expectObservable(cold<Input>('a-#', { a: candle(0, 101) }).pipe(operator)).toBe('--#');
      const source = cold<Input>('a--b', { a: candle(0, 101), b: candle(1, 102) });
      expectObservable(source.pipe(operator), '^-!').toBe('---');
      const x = minute(barOf(candle(0, 101)), 3000);
      expectObservable(source.pipe(operator), '^---!').toBe('---x-', { x });
      expectObservable(source.pipe(operator), '^---!').toBe('---x-', { x });
      expectSubscriptions(source.subscriptions).toBe(['^-!', '^---!', '^---!']);
    });
  });

  test('property: minutes come in order, each once, without a hole in them, and say what the venue said last', () => {
    const updates = fc.array(
      fc.record({ wait: fc.integer({ min: 1, max: 150 }), close: fc.integer({ min: 90, max: 110 }) }),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(updates, (walk) => {
        let atSeconds = 0;
        const script = walk.map(({ wait, close }) => {
          atSeconds += wait;
          return [atSeconds, candle(Math.floor(atSeconds / 60), close)] as const;
        });
        const out = play([...script, [atSeconds + 61]]);
        const said = new Map(script.map(([, event]) => [event.at, event.close]));
        const first = script[0]?.[1].at ?? 0;
        const expected: unknown[] = [];
        for (let at = first, close = Number.NaN; at <= (script.at(-1)?.[1].at ?? 0); at += MINUTE) {
          close = said.get(at) ?? close;
          expected.push([at, close, said.has(at) ? 1 : 0]);
        }
        expect(
          out.map((event) => (event as { bar: MinuteBar }).bar).map((b) => [b.openAt, b.close, b.volume]),
        ).toEqual(expected);
      }),
    );
  });
});

describeData('minuteBars on the recorded tapes', () => {
  test('every recorded minute comes out once, on receipt, in order', () => {
    let minutes = 0;
    for (const file of readdirSync(dataPath('tapes')).filter((name) => name.endsWith('.tape.gz'))) {
      const script: [number, Input][] = [];
      for (const line of gunzipSync(readFileSync(dataPath('tapes', file)))
        .toString()
        .split('\n')) {
        const [receivedNanos = '', venue, text = ''] = line.split('\t');
        if (venue !== 'kraken') continue;
        const { data } = JSON.parse(text) as { data: (KrakenOhlc & { interval_begin: string })[] };
        for (const row of data) {
          const { open, high, low, close, volume, symbol } = row;
          const at = Date.parse(row.interval_begin) * 1000;
          const event = { ...candle(0, 0), at, open, high, low, close, volume, symbol };
          script.push([Number(receivedNanos.slice(0, -3)) / SECOND, event]);
        }
      }
      const out = play(script) as { kind: string; receivedAt: number; at: number }[];
      expect(out.map(({ kind }) => kind)).toEqual(script.map(() => 'minute'));
      expect(out.map(({ receivedAt }) => receivedAt)).toEqual(
        script.map(([seconds]) => Math.round(seconds * SECOND)),
      );
      const first = out[0]?.at ?? 0;
      expect(out.map(({ at }) => at)).toEqual(out.map((_, i) => first + i * MINUTE));
      minutes += out.length;
    }
    expect(minutes).toBeGreaterThan(100);
  });
});
