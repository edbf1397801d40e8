import { describe, expect, test } from '@jest/globals';
import { Observable, of, Subject, throwError } from 'rxjs';
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

  test('an error of the source passes, and a source is left when the observer throws', () => {
    expect(seenBy(throwError(() => BROKEN).pipe(passing('nothing')))).toEqual([BROKEN]);
    const source$ = new Subject<number>();
    const seen = seenBy(source$.pipe(passing('three')));
    source$.next(3);
    expect([seen, source$.observed]).toEqual([[BROKEN], false]);
  });
});
