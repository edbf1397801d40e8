import { describe, expect, test } from '@jest/globals';
import { Observable, of, Subject, Subscriber, throwError } from 'rxjs';
import { follow } from '../../src/operators/follow.ts';

const BROKEN = new Error('broken');

/** Passes numbers on, and throws at the number 3 or at the end, as told. */
const passing =
  (throwsAt: 'three' | 'the end' | 'nothing') =>
  (source: Observable<number>): Observable<number> =>
    new Observable((to) =>
      follow(source, to, {
        next: (value) => {
          if (throwsAt === 'three' && value === 3) throw BROKEN;
          to.next(value);
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => {
          if (throwsAt === 'the end') throw BROKEN;
          to.complete();
        },
      }),
    );

const seenBy = (stream$: Observable<number>): readonly unknown[] => {
  const seen: unknown[] = [];
  stream$.subscribe({
    next: (value) => seen.push(value),
    error: (cause) => seen.push(cause),
    complete: () => seen.push('complete'),
  });
  return seen;
};

describe('follow', () => {
  test.each([
    ['three', [1, 2, BROKEN]],
    ['the end', [1, 2, 3, 4, BROKEN]],
    ['nothing', [1, 2, 3, 4, 'complete']],
  ] as const)('what throws at %s is the stream’s error before anything else happens', (at, expected) => {
    expect(seenBy(of(1, 2, 3, 4).pipe(passing(at)))).toEqual(expected);
  });

  test('after the end, an error or an unsubscription nothing more reaches the observer', () => {
    const talksOn = (end: (to: Subscriber<number>) => void): Observable<number> =>
      new Observable((to) => {
        to.next(1);
        end(to);
        to.next(2);
        to.complete();
        to.error(BROKEN);
      });
    const heard = (source$: Observable<number>): readonly unknown[] => {
      const seen: unknown[] = [];
      follow(source$, new Subscriber<never>(), {
        next: (value) => seen.push(value),
        error: (cause) => seen.push(cause),
        complete: () => seen.push('complete'),
      });
      return seen;
    };
    expect(heard(talksOn((to) => to.complete()))).toEqual([1, 'complete']);
    expect(heard(talksOn((to) => to.error(BROKEN)))).toEqual([1, BROKEN]);
    const received: number[] = [];
    const source$ = new Subject<number>();
    const to = new Subscriber<never>();
    const following = follow(source$, to, {
      next: (value) => {
        received.push(value);
        following.unsubscribe();
      },
      error: () => {},
      complete: () => {},
    });
    source$.next(1);
    source$.next(2);
    expect([received, source$.observed, to.closed]).toEqual([[1], false, false]);
  });

  test('a source that has ended is left, and its own teardown runs', () => {
    const left: string[] = [];
    const endings: (() => void)[] = [];
    const source = (name: string, end: (to: Subscriber<number>) => void): Observable<number> =>
      new Observable((to) => {
        endings.push(() => end(to));
        return () => left.push(name);
      });
    seenBy(source('complete', (to) => to.complete()).pipe(passing('nothing')));
    seenBy(source('error', (to) => to.error(BROKEN)).pipe(passing('nothing')));
    expect(left).toEqual([]);
    for (const end of endings) end();
    expect(left).toEqual(['complete', 'error']);
  });

  test('an error of the source passes, and a source is left when the observer throws', () => {
    expect(seenBy(throwError(() => BROKEN).pipe(passing('nothing')))).toEqual([BROKEN]);
    const source$ = new Subject<number>();
    const seen = seenBy(source$.pipe(passing('three')));
    source$.next(3);
    expect([seen, source$.observed]).toEqual([[BROKEN], false]);
  });
});
