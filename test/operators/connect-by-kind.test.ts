import { describe, expect, test } from '@jest/globals';
import { map, merge, NEVER, Subject } from 'rxjs';
import { connectByKind } from '../../src/operators/connect-by-kind.ts';
import { marbles } from '../support/marbles.ts';

type Event = { readonly kind: 'a' | 'b' | 'c'; readonly value: number };
const events: Readonly<Record<string, Event>> = {
  a: { kind: 'a', value: 1 },
  b: { kind: 'b', value: 2 },
  c: { kind: 'c', value: 3 },
};

describe('connectByKind', () => {
  test('each consumer sees its kinds, and the source is subscribed once', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -a-b-----c-|', events);
      const subs = '       ^----------!';
      const expected = '   -x-(yz)----|';
      const out = source.pipe(
        connectByKind<Event, string>((of) =>
          merge(
            of('a', 'b').pipe(map(({ kind }) => `first ${kind}`)),
            of('b').pipe(map(({ kind }) => `second ${kind}`)),
          ),
        ),
      );
      expectObservable(out).toBe(expected, { x: 'first a', y: 'first b', z: 'second b' });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('an empty source completes and a failing one fails every consumer', () => {
    marbles(({ cold, expectObservable }) => {
      const through = connectByKind<Event, Event>((of) => merge(of('a'), of('c')));
      expectObservable(cold<Event>('|').pipe(through)).toBe('|');
      expectObservable(cold<Event>('a-#', events).pipe(through)).toBe('a-#', events);
    });
  });

  test('leaving early unsubscribes the source', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-a-a-', events);
      expectObservable(source.pipe(connectByKind<Event, Event>((of) => of('a'))), '^--!').toBe(
        'a-a-',
        events,
      );
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  test('each subscriber has consumers of its own', () => {
    const source$ = new Subject<Event>();
    let built = 0;
    const out$ = source$.pipe(
      connectByKind<Event, Event>((of) => {
        built++;
        return of('a');
      }),
    );
    const seen: number[] = [];
    const first = out$.subscribe(() => seen.push(1));
    out$.subscribe(() => seen.push(2));
    source$.next({ kind: 'a', value: 1 });
    first.unsubscribe();
    source$.next({ kind: 'a', value: 1 });
    expect([built, seen]).toEqual([2, [1, 2, 2]]);
  });

  test('a consumer that leaves or comes while an event is under way does not disturb the others', () => {
    const source$ = new Subject<Event>();
    const seen: string[] = [];
    source$
      .pipe(
        connectByKind<Event, never>((of) => {
          const come = () => of('a').subscribe(() => seen.push('came'));
          const leaving = of('a').subscribe(() => {
            seen.push('leaving');
            leaving.unsubscribe();
            come();
          });
          of('a').subscribe(() => seen.push('staying'));
          return NEVER;
        }),
      )
      .subscribe();
    source$.next({ kind: 'a', value: 1 });
    source$.next({ kind: 'a', value: 1 });
    expect(seen).toEqual(['leaving', 'staying', 'staying', 'came']);
  });
});
