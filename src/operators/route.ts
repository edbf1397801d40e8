import { Observable, type OperatorFunction, type Subscriber, Subscription } from 'rxjs';
import { follow } from './follow.ts';

type Kinded = { readonly kind: string };

/** The stops that an event of each kind visits. A kind that is missing does not compile. */
export type Routes<T extends Kinded> = { readonly [Kind in T['kind']]: readonly string[] };

/** All stops of a table. */
export type StopOf<R> = R[keyof R] extends readonly (infer Stop extends string)[] ? Stop : never;

/** The events that visit a stop. */
export type Visiting<T extends Kinded, R extends Routes<T>, Stop> = Extract<
  T,
  { readonly kind: { [Kind in keyof R]: Stop extends R[Kind][number] ? Kind : never }[keyof R] }
>;

/**
 * The shared source inside `route`: the events that visit `stop`. With a `key`, only events with that key and
 * events without one.
 */
export type At<T extends Kinded, R extends Routes<T>> = <Stop extends StopOf<R>>(
  stop: Stop,
  key?: string,
) => Observable<Visiting<T, R, Stop>>;

interface Consumer<T> {
  readonly to: Subscriber<T>;
  readonly stop: string;
  readonly key: string | undefined;
}

/** The consumers that an event of one kind visits, by its key. */
interface Visits<T> {
  readonly keyed: boolean;
  /** All consumers: for an event without a key. */
  readonly all: readonly Subscriber<T>[];
  readonly byKey: ReadonlyMap<string, readonly Subscriber<T>[]>;
  /** The consumers without a key: for an event whose key no consumer named. */
  readonly unkeyed: readonly Subscriber<T>[];
}

/**
 * Shares one subscription of the source with everything that `selector` builds from it, like `connect`, but
 * an event visits only the stops that `routes` lists for its kind. A consumer that named a key gets only
 * events with that key or without one. `keyOf` gives an event's key, or undefined if it concerns all.
 * Consumers are visited in the order in which they subscribed. A consumer that subscribes while an event is
 * delivered gets the next one. A filter in each of a dozen consumers would cost more than the books behind
 * them, as nine events in ten are of one kind.
 */
export function route<T extends Kinded, const R extends Routes<T>, Out>(
  routes: R,
  keyOf: (event: T) => string | undefined,
  selector: (at: At<T, R>) => Observable<Out>,
): OperatorFunction<T, Out> {
  return (source) =>
    new Observable((to) => {
      let consumers: readonly Consumer<T>[] = [];
      let visits = new Map<string, Visits<T>>();
      // Most events are of the kind before: the same string again, which costs no look-up.
      let lastKind: string | undefined;
      let lastVisits: Visits<T> | undefined;
      let ended: ((consumer: Subscriber<T>) => void) | undefined;

      const visitsOf = (kind: string): Visits<T> => {
        const stops: readonly string[] = routes[kind as T['kind']] ?? [];
        const here = consumers.filter(({ stop }) => stops.includes(stop));
        const keys = [...new Set(here.flatMap(({ key }) => key ?? []))];
        const visiting = (key: string | undefined): readonly Subscriber<T>[] =>
          here.filter((each) => each.key === undefined || each.key === key).map((each) => each.to);
        return {
          keyed: keys.length > 0,
          all: here.map((each) => each.to),
          byKey: new Map(keys.map((key) => [key, visiting(key)])),
          unkeyed: visiting(undefined),
        };
      };
      // Lists are replaced and never changed, so a list that is being visited stays as it is.
      const become = (next: readonly Consumer<T>[]): void => {
        consumers = next;
        visits = new Map();
        lastKind = undefined;
      };
      const at = (stop: string, key?: string): Observable<T> =>
        new Observable((subscriber) => {
          if (ended) {
            ended(subscriber);
            return undefined;
          }
          const consumer = { to: subscriber, stop, key };
          become([...consumers, consumer]);
          return () => become(consumers.filter((other) => other !== consumer));
        });
      const end = (how: (consumer: Subscriber<T>) => void): void => {
        ended = how;
        for (const consumer of consumers) how(consumer.to);
      };

      const running = new Subscription();
      running.add(selector(at as At<T, R>).subscribe(to));
      running.add(
        follow(source, to, {
          next: (event) => {
            if (event.kind !== lastKind || lastVisits === undefined) {
              lastVisits = visits.get(event.kind);
              if (lastVisits === undefined) {
                lastVisits = visitsOf(event.kind);
                visits.set(event.kind, lastVisits);
              }
              lastKind = event.kind;
            }
            const known = lastVisits;
            const key = known.keyed ? keyOf(event) : undefined;
            const listed = key === undefined ? known.all : (known.byKey.get(key) ?? known.unkeyed);
            for (let i = 0; i < listed.length; i++) listed[i]?.next(event);
          },
          error: (cause: unknown) => end((consumer) => consumer.error(cause)),
          complete: () => end((consumer) => consumer.complete()),
        }),
      );
      return running;
    });
}
