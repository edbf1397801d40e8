import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { of, Subject, take } from 'rxjs';
import { conflate } from '../../src/operators/conflate.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { timedMarbles } from '../support/marble-clock.ts';

// The key of a marble is its letter without case.
const key = (value: string): string => value.toLowerCase();

describe('conflate', () => {
  test('the first value goes at once, then the latest of each key once a span', () => {
    timedMarbles(({ hot, expectObservable, expectSubscriptions }, clock) => {
      const source = hot('aAaB-b------A-|');
      const expected = '  a--B-a--b---A-|';
      expectObservable(source.pipe(conflate({ clock, everyMicros: 5000, key }))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^-------------!');
    });
  });

  test('completion lets go of what waits at once', () => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      const source = cold('aAbB|');
      expectObservable(source.pipe(conflate({ clock, everyMicros: 9000, key }))).toBe('a-b-(AB|)');
    });
  });

  test('an empty source completes, an error discards what waits, leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      expectObservable(cold('--|').pipe(conflate({ clock, everyMicros: 5000, key }))).toBe('--|');
      expectObservable(cold('aA#').pipe(conflate({ clock, everyMicros: 5000, key }))).toBe('a-#');
      const source = cold('aA-----');
      expectObservable(source.pipe(conflate({ clock, everyMicros: 5000, key })), '^--!').toBe('a---');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber has its own spans', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const conflated = hot('a-A-----').pipe(conflate({ clock, everyMicros: 5000, key }));
      expectObservable(conflated).toBe('a----A');
      expectObservable(conflated, '-^------').toBe('--A');
    });
  });

  test('memory and timers end with the span', () => {
    const clock = tapeScheduler(0);
    const source$ = new Subject<string>();
    const asked: string[] = [];
    const stay = source$
      .pipe(conflate({ clock, everyMicros: 10, key }))
      .subscribe((value) => asked.push(value));
    for (let n = 0; n < 100; n++) source$.next(`k${n}`);
    expect([clock.pending(), asked.length]).toEqual([1, 100]);
    clock.runTo(10);
    expect(clock.pending()).toBe(0);
    source$.next('k1');
    stay.unsubscribe();
    of('a', 'b')
      .pipe(conflate({ clock, everyMicros: 10, key }), take(1))
      .subscribe();
    expect(clock.pending()).toBe(0);
  });

  test('property: a key never comes faster than the span, ends on its latest value, and what is missing was shed', () => {
    const walk = fc.array(fc.record({ wait: fc.nat(9), id: fc.nat(3) }), { maxLength: 150 });
    fc.assert(
      fc.property(walk, fc.integer({ min: 1, max: 25 }), fc.boolean(), (steps, everyMicros, ticking) => {
        const clock = tapeScheduler(0);
        const source$ = new Subject<{ readonly id: number; readonly n: number }>();
        const out: { readonly at: number; readonly id: number; readonly n: number }[] = [];
        const shed: number[] = [];
        source$
          .pipe(conflate({ clock, everyMicros, key: ({ id }) => id, onShed: ({ n }) => shed.push(n) }))
          .subscribe((value) => out.push({ at: clock.at, ...value }));
        const latest = new Map<number, number>();
        steps.forEach(({ wait, id }, n) => {
          // Without a tick the clock jumps, as between sessions, and overdue timers have not fired when the value comes.
          if (ticking) clock.runTo(clock.at + wait);
          else clock.jumpTo(clock.at + wait);
          source$.next({ id, n });
          latest.set(id, n);
        });
        clock.runTo(clock.at + everyMicros);
        expect(clock.pending()).toBeLessThanOrEqual(1);
        const before = out.length;
        source$.complete();
        expect(out.length).toBe(before);
        for (const [id, n] of latest) {
          const mine = out.filter((value) => value.id === id);
          expect(mine.at(-1)?.n).toBe(n);
          mine.forEach((value, i) => {
            const previous = mine[i - 1];
            if (previous) expect(value.at - previous.at).toBeGreaterThanOrEqual(everyMicros);
          });
        }
        expect([...out.map(({ n }) => n), ...shed].sort((x, y) => x - y)).toEqual(steps.map((_, n) => n));
      }),
    );
  });
});
