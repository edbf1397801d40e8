import { describe, expect, test } from '@jest/globals';
import { NEVER, of, Subject, throwError } from 'rxjs';
import { core, type Port, type Reducer } from '../../src/operators/core.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';

type In =
  | { readonly kind: 'input'; readonly value: number }
  | { readonly kind: 'answer'; readonly value: number };
type Test = Reducer<In | { readonly kind: 'wake' }, string, number>;

const closed = (): Port<number, In> => ({ events$: NEVER, send: () => {} });
const input = (value: number): In => ({ kind: 'input', value });

/** Answers at once, from inside `send`: the hardest moment for a reducer. */
const echo = (): Port<number, In> => {
  const answers$ = new Subject<In>();
  return { events$: answers$, send: (value) => answers$.next({ kind: 'answer', value }) };
};

describe('core', () => {
  test('an answer that arrives while an event is handled waits until it is handled whole', () => {
    const seen: string[] = [];
    const reducer = (): Test => (event, effects) => {
      if (event.kind === 'wake') return;
      effects.emit(`${event.kind} ${event.value} begins`);
      if (event.kind === 'input') effects.send(event.value * 10);
      effects.emit(`${event.kind} ${event.value} ends`);
    };
    of(input(1), input(2))
      .pipe(core(tapeScheduler(0), reducer, echo))
      .subscribe((line) => seen.push(line));
    expect(seen).toEqual([
      'input 1 begins',
      'input 1 ends',
      'answer 10 begins',
      'answer 10 ends',
      'input 2 begins',
      'input 2 ends',
      'answer 20 begins',
      'answer 20 ends',
    ]);
  });

  test('a wake comes once however often it is asked for, and the earliest wins', () => {
    const clock = tapeScheduler(0);
    const woken: number[] = [];
    const source$ = new Subject<In>();
    const reducer = (): Test => (event, effects) => {
      if (event.kind === 'wake') woken.push(clock.at);
      else if (event.kind === 'input') effects.wake(event.value);
    };
    source$.pipe(core(clock, reducer, closed)).subscribe();
    source$.next(input(500));
    source$.next(input(900));
    source$.next(input(200));
    clock.runTo(10_000);
    expect(woken).toEqual([200]);
    source$.next(input(50));
    clock.runTo(20_000);
    expect(woken).toEqual([200, 10_050]);
  });

  test('each subscriber has a state of its own', () => {
    const counting = (): Test => {
      let count = 0;
      return (_, effects) => effects.emit(`${++count}`);
    };
    const counted$ = of(input(1), input(1)).pipe(core(tapeScheduler(0), counting, closed));
    const lines: string[] = [];
    counted$.subscribe((line) => lines.push(line));
    counted$.subscribe((line) => lines.push(line));
    expect(lines).toEqual(['1', '2', '1', '2']);
  });

  test('a throw of the reducer, an error of the source and one of the port each error the stream', () => {
    const failures: unknown[] = [];
    const error = (cause: unknown) => failures.push((cause as Error).message);
    const broken = (): Test => () => {
      throw new Error('reducer');
    };
    const idle = (): Test => () => {};
    of(input(1))
      .pipe(core(tapeScheduler(0), broken, closed))
      .subscribe({ error });
    throwError(() => new Error('source'))
      .pipe(core(tapeScheduler(0), idle, closed))
      .subscribe({ error });
    NEVER.pipe(
      core(tapeScheduler(0), idle, () => ({
        events$: throwError(() => new Error('port')),
        send: () => {},
      })),
    ).subscribe({ error });
    expect(failures).toEqual(['reducer', 'source', 'port']);
  });

  test('leaving early unsubscribes the source and the port and cancels the wake', () => {
    const clock = tapeScheduler(0);
    const source$ = new Subject<In>();
    const answers$ = new Subject<In>();
    const reducer = (): Test => (_, effects) => effects.wake(1_000);
    const running = source$
      .pipe(core(clock, reducer, () => ({ events$: answers$, send: () => {} })))
      .subscribe();
    source$.next(input(1));
    expect(clock.pending()).toBe(1);
    running.unsubscribe();
    expect([source$.observed, answers$.observed, clock.pending()]).toEqual([false, false, 0]);
  });
});
