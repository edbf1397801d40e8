import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EMPTY, from, map, merge, NEVER, type Observable, Subject, toArray } from 'rxjs';
import { type At, route } from '../../src/operators/route.ts';
import { marbles } from '../support/marbles.ts';

type Event =
  | { readonly kind: 'trade'; readonly id: number; readonly key?: string }
  | { readonly kind: 'book'; readonly id: number; readonly key?: string }
  | { readonly kind: 'beat'; readonly id: number; readonly key?: string };

const ROUTES = {
  trade: ['tape', 'price'],
  book: ['price'],
  beat: [],
} as const;
type Inside = At<Event, typeof ROUTES>;

const of = (kind: Event['kind'], id: number, key?: string): Event => ({
  kind,
  id,
  ...(key !== undefined && { key }),
});
const keyOf = ({ key }: Event): string | undefined => key;
const routed = <Out>(build: (at: Inside) => Observable<Out>) =>
  route<Event, typeof ROUTES, Out>(ROUTES, keyOf, build);

/** What each of the consumers saw, as `consumer id`. */
const seenBy =
  (...consumers: readonly (readonly [name: string, stop: 'tape' | 'price', key?: string | undefined])[]) =>
  (at: Inside): Observable<string> =>
    merge(...consumers.map(([name, stop, key]) => at(stop, key).pipe(map(({ id }) => `${name} ${id}`))));

/** What came out for these events. */
function run(build: (at: Inside) => Observable<string>, ...events: readonly Event[]): readonly string[] {
  const out: string[] = [];
  from(events)
    .pipe(routed(build))
    .subscribe((line) => out.push(line));
  return out;
}

describe('route', () => {
  test('an event visits the stops of its kind, in the order of subscription, and the source is subscribed once', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const events = { t: of('trade', 1), b: of('book', 2), h: of('beat', 3) };
      const source = hot('-t---b-h-t---|', events);
      const subs = '      ^------------!';
      const expected = '  -(xy)z---(xy)|';
      const out = source.pipe(routed(seenBy(['first', 'price'], ['second', 'tape'])));
      expectObservable(out).toBe(expected, { x: 'first 1', y: 'second 1', z: 'first 2' });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('an event of a key visits those of its key and those of none; one without a key visits all', () => {
    const build = seenBy(['all', 'price'], ['A', 'price', 'A'], ['B', 'price', 'B'], ['tape A', 'tape', 'A']);
    expect(run(build, of('book', 1, 'A'), of('book', 2, 'B'), of('book', 3, 'C'), of('book', 4))).toEqual([
      'all 1',
      'A 1',
      'all 2',
      'B 2',
      'all 3',
      'all 4',
      'A 4',
      'B 4',
    ]);
    expect(run(build, of('trade', 5, 'A'), of('trade', 6, 'B'))).toEqual([
      'all 5',
      'A 5',
      'tape A 5',
      'all 6',
      'B 6',
    ]);
  });

  test('a kind is not asked for its key where nobody named one', () => {
    let asked = 0;
    const counted = route<Event, typeof ROUTES, Event>(
      ROUTES,
      (event) => {
        asked++;
        return event.key;
      },
      (at) => merge(at('tape', 'A'), at('price')),
    );
    const out: number[] = [];
    from([of('book', 1, 'B'), of('trade', 2, 'B'), of('trade', 3, 'A')])
      .pipe(counted)
      .subscribe(({ id }) => out.push(id));
    expect([out, asked]).toEqual([[1, 2, 3, 3], 2]);
  });

  test('a consumer that comes later with a key, or leaves, changes who is visited from the next event on', () => {
    const source$ = new Subject<Event>();
    const out: string[] = [];
    let inside: Inside | undefined;
    const running = source$
      .pipe(
        routed((at) => {
          inside = at;
          return seenBy(['all', 'price'])(at);
        }),
      )
      .subscribe((line) => out.push(line));
    source$.next(of('book', 1, 'B'));
    const late = inside?.('price', 'A').subscribe(({ id }) => out.push(`A ${id}`));
    source$.next(of('book', 2, 'B'));
    source$.next(of('book', 3, 'A'));
    late?.unsubscribe();
    source$.next(of('book', 4, 'A'));
    expect(out).toEqual(['all 1', 'all 2', 'all 3', 'A 3', 'all 4']);
    running.unsubscribe();
    expect(source$.observed).toBe(false);
  });

  test('an empty source completes, a failing one fails every consumer, a silent one says nothing', () => {
    marbles(({ cold, expectObservable }) => {
      const through = routed(seenBy(['a', 'tape'], ['b', 'price', 'B']));
      expectObservable(cold<Event>('|').pipe(through)).toBe('|');
      expectObservable(cold<Event>('---').pipe(through)).toBe('---');
      expectObservable(cold<Event>('t---#', { t: of('trade', 1) }).pipe(through)).toBe('(xy)#', {
        x: 'a 1',
        y: 'b 1',
      });
    });
    const failures: unknown[] = [];
    const source$ = new Subject<Event>();
    source$
      .pipe(
        routed((at) => {
          for (const key of [undefined, 'A'])
            at('price', key).subscribe({ error: (cause: unknown) => failures.push([key, cause]) });
          return NEVER;
        }),
      )
      .subscribe();
    source$.error('lost');
    expect(failures).toEqual([
      [undefined, 'lost'],
      ['A', 'lost'],
    ]);
  });

  test('who subscribes after the end is told of it at once', () => {
    for (const how of ['complete', 'error'] as const) {
      let inside: Inside | undefined;
      const source$ = new Subject<Event>();
      source$
        .pipe(
          routed((at) => {
            inside = at;
            return NEVER;
          }),
        )
        .subscribe();
      if (how === 'complete') source$.complete();
      else source$.error('lost');
      const told: unknown[] = [];
      inside?.('tape').subscribe({ error: (cause) => told.push(cause), complete: () => told.push('done') });
      expect(told).toEqual([how === 'complete' ? 'done' : 'lost']);
    }
  });

  test('leaving early unsubscribes the source and every consumer', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('t-t-t-', { t: of('trade', 1) });
      expectObservable(source.pipe(routed(seenBy(['a', 'tape']))), '^--!').toBe('x-x-', { x: 'a 1' });
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
    const source$ = new Subject<Event>();
    const out: number[] = [];
    const running = source$
      .pipe(routed((at) => at('tape', 'A').pipe(map(({ id }) => out.push(id)))))
      .subscribe();
    source$.next(of('trade', 1));
    running.unsubscribe();
    source$.next(of('trade', 2));
    expect(out).toEqual([1]);
  });

  test('a selector that ends early ends the stream', () => {
    const source$ = new Subject<Event>();
    let done = false;
    source$.pipe(routed(() => EMPTY)).subscribe({ complete: () => (done = true) });
    expect([done, source$.observed]).toEqual([true, false]);
  });

  test('each subscriber has consumers of its own', () => {
    const source$ = new Subject<Event>();
    let built = 0;
    const out$ = source$.pipe(
      routed((at) => {
        built++;
        return at('tape', 'A');
      }),
    );
    const seen: number[] = [];
    const first = out$.subscribe(() => seen.push(1));
    out$.subscribe(() => seen.push(2));
    source$.next(of('trade', 1, 'A'));
    first.unsubscribe();
    source$.next(of('trade', 1, 'A'));
    expect([built, seen]).toEqual([2, [1, 2, 2]]);
  });

  test('a consumer that leaves or comes while an event is under way does not disturb the others', () => {
    const source$ = new Subject<Event>();
    const seen: string[] = [];
    source$
      .pipe(
        routed((at) => {
          const come = () => at('tape', 'A').subscribe(() => seen.push('came'));
          const leaving = at('tape', 'A').subscribe(() => {
            seen.push('leaving');
            leaving.unsubscribe();
            come();
          });
          at('tape').subscribe(() => seen.push('staying'));
          return NEVER;
        }),
      )
      .subscribe();
    source$.next(of('trade', 1, 'A'));
    source$.next(of('trade', 2, 'A'));
    expect(seen).toEqual(['leaving', 'staying', 'staying', 'came']);
  });

  test('a consumer that leaves is not visited again by the event that is under way', () => {
    const source$ = new Subject<Event>();
    const seen: string[] = [];
    source$
      .pipe(
        routed((at) => {
          at('tape').subscribe(() => {
            seen.push('first');
            second.unsubscribe();
          });
          const second = at('tape').subscribe(() => seen.push('second'));
          return NEVER;
        }),
      )
      .subscribe();
    source$.next(of('trade', 1));
    expect(seen).toEqual(['first']);
  });

  test('property: it is what filtering in each consumer would give, with every key and none', () => {
    const key = fc.option(fc.constantFrom('A', 'B', 'C'), { nil: undefined });
    const consumer = fc.record({ stop: fc.constantFrom('tape' as const, 'price' as const), key });
    const event = fc.record({
      kind: fc.constantFrom('trade' as const, 'book' as const, 'beat' as const),
      key,
    });
    fc.assert(
      fc.property(
        fc.array(consumer, { maxLength: 6 }),
        fc.array(event, { maxLength: 20 }),
        (consumers, kinds) => {
          const events = kinds.map(({ kind, key: own }, i) => of(kind, i, own));
          const expected = events.flatMap((each) =>
            consumers.flatMap(({ stop, key: wanted }, i) => {
              const stops: readonly string[] = ROUTES[each.kind];
              const mine = wanted === undefined || each.key === undefined || wanted === each.key;
              return stops.includes(stop) && mine ? [`${i} ${each.id}`] : [];
            }),
          );
          let seen: readonly string[] = [];
          from(events)
            .pipe(
              routed(seenBy(...consumers.map(({ stop, key: wanted }, i) => [`${i}`, stop, wanted] as const))),
              toArray(),
            )
            .subscribe((lines) => (seen = lines));
          expect(seen).toEqual(expected);
        },
      ),
    );
  });
});
