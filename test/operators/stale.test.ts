import { describe, expect, test } from '@jest/globals';
import { of, Subject, take } from 'rxjs';
import { stale } from '../../src/operators/stale.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { timedMarbles } from '../support/marble-clock.ts';

describe('stale', () => {
  test('a feed is stale a span after its last value, and fresh again with the next', () => {
    timedMarbles(({ hot, expectObservable, expectSubscriptions }, clock) => {
      const source = hot('-a-a--------a------aa|');
      const expected = '  --------s---f----t-g-|';
      expectObservable(source.pipe(stale({ spanMicros: 5000, clock }))).toBe(expected, {
        s: { kind: 'stale', at: 8000, since: 3000 },
        f: { kind: 'fresh', at: 12_000, since: 3000 },
        t: { kind: 'stale', at: 17_000, since: 12_000 },
        g: { kind: 'fresh', at: 19_000, since: 12_000 },
      });
      expectSubscriptions(source.subscriptions).toBe('^--------------------!');
    });
  });

  test('a feed that never speaks is stale a span after the subscription, once', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const s = { kind: 'stale', at: 5000, since: 0 };
      expectObservable(hot('--------------').pipe(stale({ spanMicros: 5000, clock }))).toBe('-----s', { s });
    });
  });

  test('an empty source completes, an error passes, leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      expectObservable(cold('--|').pipe(stale({ spanMicros: 5000, clock }))).toBe('--|');
      expectObservable(cold('--#').pipe(stale({ spanMicros: 5000, clock }))).toBe('--#');
      const source = cold('a-------');
      expectObservable(source.pipe(stale({ spanMicros: 5000, clock })), '^---!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  test('each subscriber has its own watch', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const source = hot('a---------');
      const watched = source.pipe(stale({ spanMicros: 5000, clock }));
      const s = { kind: 'stale', at: 5000, since: 0 };
      const t = { kind: 'stale', at: 7000, since: 2000 };
      expectObservable(watched).toBe('-----s', { s });
      expectObservable(watched, '--^------').toBe('-------t', { t });
    });
  });

  test('a thousand values arm one timer, and none is left behind', () => {
    const clock = tapeScheduler(0);
    const source$ = new Subject<number>();
    const watch = source$.pipe(stale({ spanMicros: 1000, clock })).subscribe();
    for (let i = 0; i < 1000; i++) source$.next(i);
    expect(clock.pending()).toBe(1);
    watch.unsubscribe();
    expect(clock.pending()).toBe(0);
    of(1, 2)
      .pipe(stale({ spanMicros: 1000, clock }), take(1))
      .subscribe();
    expect(clock.pending()).toBe(0);
  });
});
