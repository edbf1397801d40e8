import { Observable, type OperatorFunction } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { idleTimer } from './idle-timer.ts';
import type { Late } from './late.ts';
import { sortedQueue } from './sorted-queue.ts';

export interface ReorderOptions {
  readonly clock: Clock;
  /** How far behind the newest `at` an event may come and still find its place. */
  readonly latenessMicros: Micros;
  /** When nothing came for this long by our clock, everything held is released. */
  readonly silenceMicros: Micros;
  /** Most events held. Beyond it the oldest is released before its time: nothing is lost, but what it overtook comes late. */
  readonly capacity: number;
  /** Told of each release that `capacity` forced, to be counted. */
  readonly onShed?: () => void;
}

/**
 * Emits events in order of `at` (equal times in order of arrival), each once the watermark, the newest `at` minus `latenessMicros`, has
 * reached it. An event before the watermark is emitted at once as `late`. A silent release moves the watermark to the newest `at`.
 * Completion releases what is held; an error discards it.
 */
export function reorder<T extends { readonly at: Micros }>({
  clock,
  latenessMicros,
  silenceMicros,
  capacity,
  onShed,
}: ReorderOptions): OperatorFunction<T, T | Late<T>> {
  return (source) =>
    new Observable((subscriber) => {
      const held = sortedQueue<T>();
      let watermark = Number.NEGATIVE_INFINITY;
      const release = (): void => {
        for (let oldest = held.oldest(); oldest && oldest.at <= watermark; oldest = held.oldest()) {
          held.shift();
          subscriber.next(oldest);
        }
      };
      const releaseAll = (): void => {
        watermark = Math.max(watermark, held.newest()?.at ?? watermark);
        release();
      };
      const silence = idleTimer(clock, silenceMicros, releaseAll);
      subscriber.add(silence.stop);
      return source.subscribe({
        next(event) {
          silence.touch();
          const { at } = event;
          if (at < watermark) {
            subscriber.next({ kind: 'late', at, receivedAt: clock.at, behindMicros: watermark - at, event });
            return;
          }
          held.insert(event);
          watermark = Math.max(watermark, at - latenessMicros);
          release();
          while (held.size() > capacity) {
            onShed?.();
            watermark = Math.max(watermark, held.oldest()?.at ?? watermark);
            release();
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete() {
          releaseAll();
          subscriber.complete();
        },
      });
    });
}
