import { Observable, type OperatorFunction } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { follow } from './follow.ts';
import { idleTimer } from './idle-timer.ts';

/**
 * A feed became stale or fresh. `at` is by our clock; `since` is when the last value before that came, or
 * when the subscription began.
 */
export type Staleness =
  | { readonly kind: 'stale'; readonly at: Micros; readonly since: Micros }
  | { readonly kind: 'fresh'; readonly at: Micros; readonly since: Micros };

/**
 * Emits `stale` when no value came for `spanMicros` by our clock, and `fresh` on the next value. The watch
 * starts on subscription, and a feed counts as fresh until it has been silent, so the first value emits
 * nothing.
 */
export function stale({
  spanMicros,
  clock,
}: {
  readonly spanMicros: Micros;
  readonly clock: Clock;
}): OperatorFunction<unknown, Staleness> {
  return (source) =>
    new Observable((subscriber) => {
      let silent = false;
      const watch = idleTimer(clock, spanMicros, () => {
        silent = true;
        subscriber.next({ kind: 'stale', at: clock.at, since: watch.since() });
      });
      subscriber.add(watch.stop);
      watch.touch();
      return follow(source, subscriber, {
        next() {
          const since = watch.since();
          watch.touch();
          if (!silent) return;
          silent = false;
          subscriber.next({ kind: 'fresh', at: clock.at, since });
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
