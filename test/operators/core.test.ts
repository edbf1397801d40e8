import { describe, expect, test } from '@jest/globals';
import { NEVER, of, Subject, throwError } from 'rxjs';
import { core, type Effects, type Opened, type Reducer, type Wake } from '../../src/operators/core.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';

type In =
  | { readonly kind: 'input'; readonly value: number }
  | { readonly kind: 'answer'; readonly value: number };
type Step = Reducer<In | Wake, string>;
type Enqueue = (event: In | Wake) => void;

const input = (value: number): In => ({ kind: 'input', value });
const answer = (value: number): In => ({ kind: 'answer', value });
const said = (event: In | Wake): string =>
  event.kind === 'wake' ? `wake ${event.of}` : `${event.kind} ${event.value}`;

/** A reducer without timers of its own. */
const opening = (make: () => Step) => (): Opened<In | Wake, string> => ({ step: make() });
const idle = opening(() => () => {});

/** Asks for the wake that an input names by its value, in microseconds; tells every wake with the time. */
function alarmClock() {
  const clock = tapeScheduler(0);
  const source$ = new Subject<In>();
  const woken: string[] = [];
  let effects: Effects<string> | undefined;
  const running = source$
    .pipe(
      core(
        clock,
        opening(() => (event, to) => {
          effects = to;
          if (event.kind === 'wake') to.emit(`${event.of} at ${clock.at}`);
        }),
      ),
    )
    .subscribe((line) => woken.push(line));
  source$.next(input(0));
  return {
    clock,
    woken,
    running,
    wake: (of: string, afterMicros: number): void => effects?.wake(of, afterMicros),
  };
}

describe('core', () => {
  forbidWallClock();

  test('what is enqueued while an event is handled waits until it is handled whole, and keeps its order', () => {
    const seen: string[] = [];
    const open = (enqueue: Enqueue): Opened<In | Wake, string> => ({
      step: (event, { emit }) => {
        emit(`${said(event)} begins`);
        if (event.kind === 'input') {
          // From deep inside the call, the hardest moment for a reducer.
          enqueue(answer(event.value * 10));
          enqueue(answer(event.value * 10 + 1));
        }
        emit(`${said(event)} ends`);
      },
    });
    of(input(1), input(2))
      .pipe(core(tapeScheduler(0), open))
      .subscribe((line) => seen.push(line));
    expect(seen).toEqual(
      [input(1), answer(10), answer(11), input(2), answer(20), answer(21)].flatMap((event) => [
        `${said(event)} begins`,
        `${said(event)} ends`,
      ]),
    );
  });

  test('what a consumer sends back on an output waits behind what was enqueued before it', () => {
    const source$ = new Subject<In>();
    const handled: string[] = [];
    const open = (enqueue: Enqueue): Opened<In | Wake, string> => ({
      step: (event, { emit }) => {
        handled.push(said(event));
        if (event.kind !== 'input' || event.value > 1) return;
        enqueue(answer(1));
        emit('go');
      },
    });
    source$.pipe(core(tapeScheduler(0), open)).subscribe(() => source$.next(input(2)));
    source$.next(input(1));
    expect(handled).toEqual(['input 1', 'answer 1', 'input 2']);
  });

  test('an event that is enqueued from a timer, when nothing is under way, is handled at once', () => {
    const clock = tapeScheduler(0);
    const seen: string[] = [];
    const open = (enqueue: Enqueue): Opened<In | Wake, string> => {
      const timer = clock.schedule(() => enqueue(answer(clock.at)), 1);
      return {
        step: (event, { emit }) => emit(said(event)),
        close: () => timer.unsubscribe(),
      };
    };
    NEVER.pipe(core<In, string>(clock, open)).subscribe((line) => seen.push(line));
    clock.runTo(1_000);
    expect(seen).toEqual(['answer 1000']);
  });

  test('a wake of one name comes once however often it is asked for, and the earliest wins', () => {
    const { clock, woken, wake } = alarmClock();
    for (const after of [500, 900, 200]) wake('a', after);
    clock.runTo(10_000);
    expect(woken).toEqual(['a at 200']);
    wake('a', 50);
    clock.runTo(20_000);
    expect(woken).toEqual(['a at 200', 'a at 10050']);
  });

  test('wakes of different names do not disturb each other: neither hurries, delays nor swallows the other', () => {
    const { clock, woken, wake } = alarmClock();
    wake('a', 500);
    wake('b', 200);
    wake('c', 500);
    wake('b', 900);
    wake('a', 400);
    clock.runTo(10_000);
    expect(woken).toEqual(['b at 200', 'a at 400', 'c at 500']);
    wake('b', 1);
    wake('a', 2);
    clock.runTo(20_000);
    expect(woken.slice(3)).toEqual(['b at 10001', 'a at 10002']);
  });

  test('a wake asked for at no delay comes after the event that asked, within the same time', () => {
    const clock = tapeScheduler(7);
    const source$ = new Subject<In>();
    const seen: string[] = [];
    const step: Step = (event, effects) => {
      if (event.kind === 'input') effects.wake('a', -5);
      effects.emit(`${said(event)} at ${clock.at}`);
    };
    source$
      .pipe(
        core(
          clock,
          opening(() => step),
        ),
      )
      .subscribe((line) => seen.push(line));
    source$.next(input(1));
    source$.next(input(2));
    expect(seen).toEqual(['input 1 at 7', 'input 2 at 7']);
    clock.runTo(7);
    expect(seen.slice(2)).toEqual(['wake a at 7']);
  });

  test('each subscriber has a state of its own, opened once', () => {
    let opened = 0;
    const counting = (): Opened<In | Wake, string> => {
      opened++;
      let count = 0;
      return { step: (_, { emit }) => emit(`${++count}`) };
    };
    const counted$ = of(input(1), input(1)).pipe(core(tapeScheduler(0), counting));
    const lines: string[] = [];
    counted$.subscribe((line) => lines.push(line));
    counted$.subscribe((line) => lines.push(line));
    expect([opened, lines]).toEqual([2, ['1', '2', '1', '2']]);
  });

  test('a throw of the reducer, wherever it is called from, and an error of the source error the stream', () => {
    const failures: unknown[] = [];
    const error = (cause: unknown) => failures.push((cause as Error).message);
    const broken = (kind: string) =>
      opening(() => (event, { wake }) => {
        wake('a', 5);
        if (event.kind === kind) throw new Error(`reducer on ${kind}`);
      });
    const clock = tapeScheduler(0);
    of(input(1))
      .pipe(core(clock, broken('input')))
      .subscribe({ error });
    const source$ = new Subject<In>();
    source$.pipe(core(clock, broken('wake'))).subscribe({ error });
    source$.next(input(1));
    clock.runTo(10);
    throwError(() => new Error('source'))
      .pipe(core(clock, idle))
      .subscribe({ error });
    expect(failures).toEqual(['reducer on input', 'reducer on wake', 'source']);
    expect([clock.pending(), source$.observed]).toEqual([0, false]);
  });

  test('a reducer does nothing after the output on which its receiver left, nor for any event that waited', () => {
    const clock = tapeScheduler(0);
    const source$ = new Subject<In>();
    const done: string[] = [];
    const errors: unknown[] = [];
    const open = (enqueue: Enqueue): Opened<In | Wake, string> => ({
      step: (event, { emit, wake }) => {
        done.push(`begins ${said(event)}`);
        enqueue(answer(1));
        wake('later', 1_000);
        emit('decided');
        done.push('ordered');
      },
    });
    const running = source$.pipe(core(clock, open)).subscribe({
      next: () => running.unsubscribe(),
      error: (cause) => errors.push(cause),
    });
    source$.next(input(1));
    clock.runTo(10_000);
    source$.next(input(2));
    expect(done).toEqual(['begins input 1']);
    expect(errors).toEqual([]);
  });

  test.each(['leaving early', 'completion', 'an error'] as const)(
    '%s lets go of the source, of every wake and of the reducer’s own timers',
    (ending) => {
      const clock = tapeScheduler(0);
      const source$ = new Subject<In>();
      let closed = 0;
      const open = (): Opened<In | Wake, string> => ({
        step: (_, { wake }) => {
          for (const name of ['a', 'b', 'c']) wake(name, 1_000);
        },
        close: () => closed++,
      });
      const running = source$.pipe(core(clock, open)).subscribe({ error: () => {} });
      source$.next(input(1));
      expect([clock.pending(), closed]).toEqual([3, 0]);
      if (ending === 'leaving early') running.unsubscribe();
      else if (ending === 'completion') source$.complete();
      else source$.error(new Error('lost'));
      expect([source$.observed, clock.pending(), closed]).toEqual([false, 0, 1]);
    },
  );
});
