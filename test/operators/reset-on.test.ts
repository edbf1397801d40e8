import { describe, expect, test } from '@jest/globals';
import { delay, map, mergeMap, of, pipe, Subject, scan, take, throwError } from 'rxjs';

import { resetOn } from '../../src/operators/reset-on.ts';
import { timedMarbles } from '../support/marble-clock.ts';

const isGap = (event: string): event is 'g' => event === 'g';
const count = resetOn(isGap, () =>
  pipe(
    scan((n: number) => n + 1, 0),
    map(String),
  ),
);

describe('resetOn', () => {
  test('a gap passes, and what follows knows nothing of what preceded it', () => {
    timedMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-g-a-|');
      const expected = '  -1-2-g-1-|';
      expectObservable(source.pipe(count)).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^--------!');
    });
  });

  test('an empty source completes, an error passes, leaving early unsubscribes', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold('--|').pipe(count)).toBe('--|');
      expectObservable(cold('a-#').pipe(count)).toBe('1-#');
      const source = cold('a-a-a-');
      expectObservable(source.pipe(count), '^--!').toBe('1-2-');
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber has its own inner', () => {
    timedMarbles(({ cold, expectObservable }) => {
      const counted = cold('aa|').pipe(count);
      expectObservable(counted).toBe('12|');
      expectObservable(counted).toBe('12|');
    });
  });

  test('what the old inner still held back is void, and completion waits for the new one', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      const late = resetOn(isGap, () => delay<string>(3, clock));
      expectObservable(hot('a-gb|').pipe(late)).toBe('--g---(b|)');
    });
  });

  test('an inner that completed wakes with the next gap, and one that fails fails the stream', () => {
    timedMarbles(({ hot, expectObservable }) => {
      expectObservable(hot('aa-g-b-|').pipe(resetOn(isGap, () => take(1)))).toBe('a--g-b-|');
      const failing = resetOn(isGap, () => mergeMap(() => throwError(() => 'error')));
      expectObservable(hot('g-a-').pipe(failing)).toBe('g-#');
    });
  });

  test('a consumer that leaves at the gap leaves no inner behind', () => {
    const source$ = new Subject<string>();
    let made = 0;
    source$
      .pipe(
        resetOn(isGap, () => {
          made++;
          return map((value: string) => value);
        }),
        take(1),
      )
      .subscribe();
    source$.next('g');
    expect([made, source$.observed]).toEqual([1, false]);
    expect(() => of('g', 'a').pipe(count, take(1)).subscribe()).not.toThrow();
  });
});
