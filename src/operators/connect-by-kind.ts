import { Observable, type OperatorFunction, type Subscriber, Subscription } from 'rxjs';

type Kinded = { readonly kind: string };

/** The shared source as seen from inside: `of('a', 'b')` is its events of those kinds alone. */
export type ByKind<T extends Kinded> = <K extends T['kind']>(
  ...kinds: readonly K[]
) => Observable<Extract<T, { readonly kind: K }>>;

/**
 * Shares one subscription of the source with everything that `selector` builds from it, like `connect`, but an event visits only those who asked
 * for its kind. With a dozen consumers and nine events in ten of one kind, filtering in each consumer cost more than the books behind them.
 * Consumers of a kind are visited in the order of their subscription. Those who subscribe while an event is under way see the next one.
 */
export function connectByKind<T extends Kinded, R>(
  selector: (of: ByKind<T>) => Observable<R>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((to) => {
      const consumers = new Map<string, readonly Subscriber<T>[]>();
      const all = new Set<Subscriber<T>>();
      let ended: ((consumer: Subscriber<T>) => void) | undefined;

      const of = (...kinds: readonly string[]): Observable<T> =>
        new Observable((consumer) => {
          if (ended) {
            ended(consumer);
            return undefined;
          }
          all.add(consumer);
          // Lists are replaced, never changed: one being visited stays as it was.
          for (const kind of kinds) consumers.set(kind, [...(consumers.get(kind) ?? []), consumer]);
          return () => {
            all.delete(consumer);
            for (const kind of kinds)
              consumers.set(
                kind,
                (consumers.get(kind) ?? []).filter((other) => other !== consumer),
              );
          };
        });
      const end = (how: (consumer: Subscriber<T>) => void): void => {
        ended = how;
        for (const consumer of [...all]) how(consumer);
      };

      const running = new Subscription();
      running.add(selector(of as ByKind<T>).subscribe(to));
      running.add(
        source.subscribe({
          next: (event) => {
            const listed = consumers.get(event.kind);
            if (listed) for (let i = 0; i < listed.length; i++) listed[i]?.next(event);
          },
          error: (cause: unknown) => end((consumer) => consumer.error(cause)),
          complete: () => end((consumer) => consumer.complete()),
        }),
      );
      return running;
    });
}
