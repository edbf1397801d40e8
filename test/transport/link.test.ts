import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NEVER, type Observable } from 'rxjs';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { backOff } from '../../src/transport/back-off.ts';
import type { SocketEvent, SocketOpened } from '../../src/transport/dial.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import { type BackOff, type LinkEvent, link } from '../../src/transport/link.ts';
import { type HandSocket, handDial } from '../support/hand-dial.ts';
import { timedMarbles } from '../support/marble-clock.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import { random } from '../support/random.ts';

const START_MICROS = 1_778_504_400_000_000;
const SILENCE_MS = 5_000;
const TEN_MINUTES_MS = 600_000;

/** Kraken's numbers: two fast tries, then 5 to 30 s, up to 750 ms of jitter, 120 attempts within ten minutes. */
const KRAKEN = backOff({
  fastTries: 2,
  fastMs: 1_000,
  baseMs: 4_000,
  factor: 2,
  leastMs: 5_000,
  mostMs: 30_000,
  jitterMs: 750,
  stableMs: 30_000,
  budget: { attempts: 120, spanMs: TEN_MINUTES_MS },
});

/** A link in event time whose far end is `greet`; times in milliseconds since the start. */
function bench({
  greet,
  policy = KRAKEN,
  uniform = () => 0,
}: {
  readonly greet?: (socket: HandSocket, nth: number) => void;
  readonly policy?: BackOff;
  readonly uniform?: () => number;
} = {}) {
  const clock = tapeScheduler(START_MICROS);
  const nowMs = (): number => (clock.at - START_MICROS) / 1_000;
  const dialledMs: number[] = [];
  const { dial, sockets } = handDial((socket) => {
    dialledMs.push(nowMs());
    greet?.(socket, dialledMs.length);
  });
  const events: (LinkEvent & { readonly atMs: number })[] = [];
  const running = link({
    dial,
    request: () => ({ url: `ws://venue.test/${nowMs()}`, headers: {} }),
    clock,
    silenceMs: SILENCE_MS,
    backOff: policy,
    random: uniform,
  }).subscribe((event) => events.push({ ...event, atMs: nowMs() }));
  return {
    clock,
    sockets,
    dialledMs,
    events,
    running,
    last: () => {
      const socket = sockets.at(-1);
      if (!socket) throw new Error('link.test: nothing was dialled');
      return socket;
    },
    closes: () => events.flatMap((event) => (event.kind === 'closed' ? [event] : [])),
    run: (ms: number) => clock.runTo(clock.at + ms * 1_000),
    runUntil: (ms: number) => clock.runTo(START_MICROS + ms * 1_000),
  };
}

const opened: SocketOpened = { kind: 'opened', send: () => {}, close: () => {} };
const SOCKET: Readonly<Record<'o' | 't' | 'x' | 'r', SocketEvent>> = {
  o: opened,
  t: { kind: 'text', text: 't' },
  x: { kind: 'closed', code: 1006, status: undefined, detail: 'reset' },
  r: { kind: 'closed', code: 1006, status: 429, detail: 'too many' },
};

/** A link whose far ends are marbles, one socket after another: silent after 6 ms, and twice as many milliseconds to wait as attempts were made. */
const marbleLink = (
  clock: EdgeClock,
  ...sockets: readonly Observable<SocketEvent>[]
): Observable<LinkEvent> => {
  let dialled = 0;
  return link({
    dial: () => sockets[dialled++] ?? NEVER,
    request: () => ({ url: 'ws://venue.test', headers: {} }),
    clock,
    silenceMs: 6,
    backOff: { stableMs: 20, delayMs: (attempt) => attempt * 2, budget: { attempts: 100, spanMs: 1_000 } },
    random: () => 0,
  });
};
const gone = (attempt: number, stood: boolean, detail: string, status?: number): LinkEvent => ({
  kind: 'closed',
  detail,
  status,
  attempt,
  retryInMs: attempt * 2,
  stood,
});

describe('link', () => {
  forbidWallClock();

  test('tells one socket after another, and dials the next once the wait is over', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const first = cold('     -o-t(x|)        ', SOCKET);
      const second = cold('          r         ', SOCKET);
      const third = cold('               -o-t-t', SOCKET);
      const expected = '       -o-tx-r----o-t-t ';
      const firstSubscribed = '^---!            ';
      const secondSubscribed = '------(^!)       ';
      const thirdSubscribed = ' ----------^-----!';
      expectObservable(marbleLink(clock, first, second, third), '^---------------!').toBe(expected, {
        ...SOCKET,
        x: gone(1, true, 'reset'),
        r: gone(2, false, 'too many', 429),
      });
      expectSubscriptions(first.subscriptions).toBe(firstSubscribed);
      expectSubscriptions(second.subscriptions).toBe(secondSubscribed);
      expectSubscriptions(third.subscriptions).toBe(thirdSubscribed);
    });
  });

  test('a socket on which no frame comes is given up a silence after its last one, and left before the next is dialled', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const first = cold(' -o--t--------t    ', SOCKET);
      const second = cold('            -o-t', SOCKET);
      const expected = '   -o--t-----x--o-t';
      expectObservable(marbleLink(clock, first, second), '^----------------!').toBe(expected, {
        ...SOCKET,
        x: gone(1, true, 'no frame for 6 ms'),
      });
      expectSubscriptions(first.subscriptions).toBe('^---------!');
    });
  });

  test('a dial that has not opened within the silence is given up too', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const first = cold('       -------o-', SOCKET);
      const second = cold('              -o-', SOCKET);
      const expected = '         ------x--o-';
      expectObservable(marbleLink(clock, first, second), '^---------!').toBe(expected, {
        ...SOCKET,
        x: gone(1, false, 'not open within 6 ms'),
      });
      expectSubscriptions(first.subscriptions).toBe('^-----!');
    });
  });

  test('who leaves early leaves the socket, and nothing is dialled again', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const first = cold('-o-t-t-', SOCKET);
      expectObservable(marbleLink(clock, first), '^--! ').toBe('-o--', SOCKET);
      expectSubscriptions(first.subscriptions).toBe('^--! ');
    });
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const first = cold(' -x     ', SOCKET);
      const second = cold('-o-    ', SOCKET);
      expectObservable(marbleLink(clock, first, second), '^-!').toBe('-x', { x: gone(1, false, 'reset') });
      expectSubscriptions(second.subscriptions).toBe([]);
    });
  });

  test('each subscriber has a connection of its own', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const socket = cold('-o-t-', SOCKET);
      const link$ = marbleLink(clock, socket, socket);
      expectObservable(link$, '^----!   ').toBe('-o-t-   ', SOCKET);
      expectObservable(link$, '---^----!').toBe('----o-t-', SOCKET);
      expectSubscriptions(socket.subscriptions).toBe(['^----!', '---^----!']);
    });
  });

  test('a refused socket is tried again fast at first, then after 5 to 30 s, and never stood', () => {
    const { closes, dialledMs, runUntil } = bench({
      greet: ({ end }) => end({ status: 503, detail: 'maintenance' }),
    });
    runUntil(100_000);
    expect(closes().map(({ retryInMs }) => retryInMs)).toEqual([
      1_000, 1_000, 5_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(dialledMs).toEqual([0, 1_000, 2_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
    for (const close of closes())
      expect(close).toMatchObject({ stood: false, status: 503, detail: 'maintenance' });
  });

  test('waits are jittered, so that clients do not come back in step', () => {
    const { closes, runUntil } = bench({ greet: ({ end }) => end(), uniform: random(7).uniform });
    runUntil(3_600_000);
    const long = closes()
      .map(({ retryInMs }) => retryInMs)
      .slice(5);
    expect(long.length).toBeGreaterThan(100);
    expect(Math.min(...long)).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...long)).toBeLessThan(30_750);
    expect(new Set(long).size).toBe(long.length);
  });

  test('the request is made anew for each attempt', () => {
    const { sockets, runUntil } = bench({ greet: ({ end }) => end() });
    runUntil(2_000);
    expect(sockets.map(({ request }) => request.url)).toEqual([
      'ws://venue.test/0',
      'ws://venue.test/1000',
      'ws://venue.test/2000',
    ]);
  });

  test('a close without a word is told by its code', () => {
    const { closes } = bench({ greet: ({ end }) => end({ code: 1012, detail: '' }) });
    expect(closes()[0]?.detail).toBe('closed with code 1012');
  });

  test('what is sent goes to the socket that stands; closing it from our side leads to the next', () => {
    const { events, sockets, run } = bench({ greet: ({ open }) => open() });
    const stands = (nth: number): SocketOpened =>
      events.filter((event): event is SocketOpened & { atMs: number } => event.kind === 'opened')[
        nth
      ] as SocketOpened;
    stands(0).send('subscribe');
    stands(0).close('unacknowledged');
    stands(0).send('too late');
    run(1_000);
    stands(1).send('again');
    expect(sockets.map(({ sent }) => sent)).toEqual([['subscribe'], ['again']]);
    expect(events[1]).toMatchObject({ kind: 'closed', detail: 'unacknowledged', stood: true });
  });

  test('waits grow over connections that do not last, and start anew after one that stood for 30 s', () => {
    const { closes, last, run, runUntil } = bench({ greet: ({ open }) => open() });
    const standFor = (ms: number): void => {
      for (let left = ms; left > 0; left -= 4_000) {
        run(Math.min(left, 4_000));
        last().say('heartbeat');
      }
      last().end();
      const { atMs = 0, retryInMs = 0 } = closes().at(-1) ?? {};
      runUntil(atMs + retryInMs);
    };
    for (const ms of [10, 20_000, 29_999, 29_999, 30_000, 10, 10]) standFor(ms);
    expect(closes().map(({ retryInMs }) => retryInMs)).toEqual([
      1_000, 1_000, 5_000, 8_000, 1_000, 1_000, 5_000,
    ]);
    expect(closes().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 1, 2, 3]);
  });

  test('an exhausted budget makes an attempt wait, not fail', () => {
    const policy: BackOff = {
      stableMs: 30_000,
      delayMs: () => 100,
      budget: { attempts: 3, spanMs: TEN_MINUTES_MS },
    };
    const { closes, dialledMs, runUntil } = bench({ policy, greet: ({ end }) => end() });
    runUntil(TEN_MINUTES_MS + 200);
    expect(dialledMs).toEqual([0, 100, 200, 600_000, 600_100, 600_200]);
    expect(closes().map(({ retryInMs }) => retryInMs)).toEqual([100, 100, 599_800, 100, 100, 599_800]);
  });

  test('a day of drops right after the snapshot stays under 150 attempts in any ten minutes', () => {
    const { dialledMs, last, run, running, clock } = bench({
      policy: { ...KRAKEN, stableMs: 0 },
      greet: ({ open }) => open(),
      uniform: random(3).uniform,
    });
    // The far end counts each of them as stable: the back-off alone would dial every second or two.
    while (clock.at < START_MICROS + 86_400_000_000) {
      run(10);
      last().end();
      run(1_750);
    }
    running.unsubscribe();
    // Jittered times are rounded to microseconds, so the edge of a window is one of them wide.
    expect(Math.max(...windows(dialledMs, TEN_MINUTES_MS - 0.002))).toBe(120);
    expect(clock.pending()).toBe(0);
  });

  test('property: no window has more attempts than the budget, whatever the waits and however sockets end', () => {
    const script = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 7_000 })),
      {
        minLength: 1,
        maxLength: 80,
      },
    );
    const budgets = fc.record({
      attempts: fc.integer({ min: 1, max: 10 }),
      spanMs: fc.integer({ min: 1, max: 60_000 }),
    });
    fc.assert(
      fc.property(script, budgets, (steps, budget) => {
        const policy: BackOff = {
          stableMs: 3_000,
          delayMs: (attempt) => steps[attempt % steps.length]?.[0] ?? 0,
          budget,
        };
        const { dialledMs, closes, last, run, running, clock } = bench({
          policy,
          greet: ({ open }) => open(),
        });
        for (const [, lastsMs] of steps) {
          run(lastsMs);
          last().end();
        }
        run(1_000);
        expect(Math.max(...windows(dialledMs, budget.spanMs))).toBeLessThanOrEqual(budget.attempts);
        const due = closes().map(({ atMs, retryInMs }) => atMs + retryInMs);
        expect(dialledMs.slice(1)).toEqual(due.slice(0, dialledMs.length - 1));
        running.unsubscribe();
        expect(clock.pending()).toBe(0);
      }),
    );
  });

  test('property: a socket is given up at the first silence of 5 s, and at no shorter one, whatever the frames say', () => {
    const gaps = fc.array(
      fc.integer({ min: 1, max: 5_600 }).filter((ms) => ms !== SILENCE_MS),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(gaps, fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (spacesMs, texts) => {
        const { closes, last, run, events } = bench({ greet: ({ open }) => open() });
        const socket = last();
        let heard = 0;
        let saidMs = 0;
        let givenUpMs: number | undefined;
        for (const [i, spaceMs] of [...spacesMs, 6_000].entries()) {
          if (givenUpMs === undefined && spaceMs > SILENCE_MS) givenUpMs = saidMs + SILENCE_MS;
          run(spaceMs);
          if (givenUpMs !== undefined) break;
          socket.say(texts[i % texts.length] as string);
          saidMs += spaceMs;
          heard++;
        }
        expect(closes()[0]).toMatchObject({ atMs: givenUpMs, detail: 'no frame for 5000 ms', stood: true });
        expect(events.filter(({ kind }) => kind === 'text')).toHaveLength(heard);
        expect(socket.left()).toBe(true);
      }),
    );
  });

  test('a thousand frames arm one timer, and none is left behind', () => {
    const { clock, last, run, running } = bench({ greet: ({ open }) => open() });
    for (let i = 0; i < 1_000; i++) {
      last().say('frame');
      run(10);
    }
    expect(clock.pending()).toBe(1);
    running.unsubscribe();
    expect(clock.pending()).toBe(0);
    expect(last().left()).toBe(true);
  });
});

/** How many of `timesMs` fall into the half-open window that each of them begins. */
function windows(timesMs: readonly number[], spanMs: number): readonly number[] {
  let end = 0;
  return timesMs.map((startMs, i) => {
    while (end < timesMs.length && (timesMs[end] as number) < startMs + spanMs) end++;
    return end - i;
  });
}
