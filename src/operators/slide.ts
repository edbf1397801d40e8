import { Observable, type OperatorFunction } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import { sortedQueue } from './sorted-queue.ts';

/**
 * State that takes a value in and gives the oldest back, so that a window costs O(1) per event.
 * `leave` is called in order of `at`; `enter` in order of arrival. What `read` says must depend on the set of living values alone,
 * unless `latenessMicros` is 0, where arrival and `at` are one order.
 */
export interface Sliding<T, R> {
  readonly enter: (value: T) => void;
  readonly leave: (value: T) => void;
  readonly read: () => R;
}

export interface SlideOptions<T> {
  /** An event this far behind the newest still enters; an older one is dropped. Default 0. */
  readonly latenessMicros?: Micros;
  /** Told of each dropped event, to be counted. */
  readonly onLate?: (event: T) => void;
  /**
   * Sums of floats that add and subtract drift by a rounding error per event. After this many leaves (never fewer than there are
   * living events, which keeps the cost O(1)) the state is built afresh from the living events. Default 4096.
   */
  readonly rebuildAfterLeaves?: number;
}

/**
 * Emits `read()` after each event, over the events younger than `spanMicros` by their own clock: a value leaves when it is exactly as
 * old as the span. A dropped event emits nothing. No timer runs: a silent source emits nothing, and replay gives what live gave.
 */
export function slide<T extends { readonly at: Micros }, R>(
  spanMicros: Micros,
  fresh: () => Sliding<T, R>,
  { latenessMicros = 0, onLate, rebuildAfterLeaves = 4096 }: SlideOptions<T> = {},
): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      const living = sortedQueue<T>();
      let window = fresh();
      let newestAt = Number.NEGATIVE_INFINITY;
      let leaves = 0;
      return source.subscribe({
        next(event) {
          if (event.at < newestAt - latenessMicros) {
            onLate?.(event);
            return;
          }
          if (event.at > newestAt) newestAt = event.at;
          const edge = newestAt - spanMicros;
          living.insert(event);
          window.enter(event);
          for (let oldest = living.oldest(); oldest && oldest.at <= edge; oldest = living.oldest()) {
            window.leave(oldest);
            living.shift();
            leaves++;
          }
          // A lone survivor makes exactness free; otherwise it is paid for by as many leaves.
          if (leaves > 0 && (living.size() === 1 || leaves >= Math.max(rebuildAfterLeaves, living.size()))) {
            window = fresh();
            living.forEach(window.enter);
            leaves = 0;
          }
          subscriber.next(window.read());
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
