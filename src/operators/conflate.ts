import { type MonoTypeOperatorFunction, Observable, type SchedulerAction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';

export interface ConflateOptions<T, K> {
  readonly clock: Clock;
  /** Least time between two values of a key. */
  readonly everyMicros: Micros;
  readonly key: (value: T) => K;
  /** Told of each value that a newer one replaced, to be counted. */
  readonly onShed?: (value: T) => void;
}

interface Slot<T> {
  readonly emittedAt: Micros;
  waiting: { readonly value: T } | undefined;
}

/**
 * Lets through the latest value of each key, at most one every `everyMicros` by our clock: the first at once, then the newest of those
 * that came meanwhile when the span is over. Completion releases what waits at once, so a key always ends on its latest value.
 * A key is forgotten once a span passed without a value, so memory is bounded by the keys of one span and needs no word of a key's end.
 */
export function conflate<T, K>({
  clock,
  everyMicros,
  key,
  onShed,
}: ConflateOptions<T, K>): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      // Every span is equal, so the order of emission is the order of falling due; a Map keeps it, and one timer serves the first.
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
      return source.subscribe({
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
