import { Observable, type OperatorFunction, Subject, Subscription } from 'rxjs';

/**
 * Runs `inner()` over the events, and a fresh one after each gap: whatever state the old one had built, and whatever it still held back, is
 * void. The gap itself passes downstream, after everything that preceded it and before everything the fresh operator emits.
 * An inner that completes by itself stays silent until the next gap; an inner that fails fails the stream.
 */
export function resetOn<T, G extends T, R>(
  isGap: (event: T) => event is G,
  inner: () => OperatorFunction<Exclude<T, G>, R>,
): OperatorFunction<T, R | G> {
  return (source) =>
    new Observable((subscriber) => {
      let input = new Subject<Exclude<T, G>>();
      let run = Subscription.EMPTY;
      let sourceDone = false;
      let innerDone = false;
      const start = (): void => {
        input = new Subject();
        innerDone = false;
        run = input.pipe(inner()).subscribe({
          next: (value) => subscriber.next(value),
          error: (cause: unknown) => subscriber.error(cause),
          complete() {
            innerDone = true;
            if (sourceDone) subscriber.complete();
          },
        });
      };
      subscriber.add(() => run.unsubscribe());
      start();
      return source.subscribe({
        next(event) {
          if (!isGap(event)) {
            input.next(event as Exclude<T, G>);
            return;
          }
          run.unsubscribe();
          subscriber.next(event);
          if (!subscriber.closed) start();
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete() {
          sourceDone = true;
          if (innerDone) subscriber.complete();
          else input.complete();
        },
      });
    });
}
