import { type MonoTypeOperatorFunction, Observable, type SchedulerAction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { follow } from './follow.ts';

export interface ConflateOptions<T, K> {
  readonly clock: Clock;
  /** Least time between two values of a key. */
  readonly everyMicros: Micros;
  readonly key: (value: T) => K;
  /** Called with each value that a newer one replaced, so that these can be counted. */
  readonly onShed?: (value: T) => void;
}

interface Slot<T> {
  readonly emittedAt: Micros;
  waiting: { readonly value: T } | undefined;
}

/**
 * Lets through the latest value of each key, at most one every `everyMicros` by our clock: the first at once,
 * and when the span is over the newest of those that came in it. Completion emits the waiting values at once,
 * so the last value of a key is never lost. A key is forgotten after a span without a value, so memory is
 * bounded by the keys of one span.
 */
export function conflate<T, K>({
  clock,
  everyMicros,
  key,
  onShed,
}: ConflateOptions<T, K>): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      // All spans are equal, so keys fall due in the order of their last emission. The Map keeps that order,
      // and one timer for its first key is enough.
      const slots = new Map<K, Slot<T>>();
      let running = false;
      let task = Subscription.EMPTY;
      const emit = (id: K, value: T): void => {
        slots.delete(id);
        slots.set(id, { emittedAt: clock.at, waiting: undefined });
        subscriber.next(value);
      };
      function release(this: SchedulerAction<unknown>): void {
        for (const [id, { emittedAt, waiting }] of slots) {
          const leftMicros = emittedAt + everyMicros - clock.at;
          if (leftMicros > 0) {
            this.schedule(undefined, leftMicros / 1000);
            return;
          }
          if (waiting) emit(id, waiting.value);
          else slots.delete(id);
        }
        running = false;
      }
      subscriber.add(() => task.unsubscribe());
      return follow(source, subscriber, {
        next(value) {
          const id = key(value);
          const slot = slots.get(id);
          if (slot && clock.at < slot.emittedAt + everyMicros) {
            if (slot.waiting) onShed?.(slot.waiting.value);
            slot.waiting = { value };
            return;
          }
          if (slot?.waiting) onShed?.(slot.waiting.value);
          emit(id, value);
          if (running || subscriber.closed) return;
          running = true;
          task = clock.schedule(release, everyMicros / 1000);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete() {
          for (const { waiting } of slots.values()) if (waiting) subscriber.next(waiting.value);
          subscriber.complete();
        },
      });
    });
}
