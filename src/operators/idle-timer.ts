import { type SchedulerAction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';

/** A watch that calls back once when it was not touched for a span. */
export interface IdleTimer {
  /** Something happened now; also starts a watch that is not running. Costs a number store while it runs. */
  readonly touch: () => void;
  /** When it was last touched, by our clock. */
  readonly since: () => Micros;
  /** For good: a touch after it does nothing, so that a source still emitting in the same breath leaves no timer behind. */
  readonly stop: () => void;
}

/**
 * Calls `onIdle` once when `spanMicros` passed by the clock without a touch, then rests until the next touch.
 * One task, re-armed for the remainder when it fires, so that touching never arms anything.
 */
export function idleTimer(clock: Clock, spanMicros: Micros, onIdle: () => void): IdleTimer {
  let since = clock.at;
  let running = false;
  let task = Subscription.EMPTY;
  function fire(this: SchedulerAction<unknown>): void {
    const leftMicros = since + spanMicros - clock.at;
    if (leftMicros > 0) {
      this.schedule(undefined, leftMicros / 1000);
      return;
    }
    running = false;
    onIdle();
  }
  return {
    touch() {
      since = clock.at;
      if (running) return;
      running = true;
      task = clock.schedule(fire, spanMicros / 1000);
    },
    since: () => since,
    stop() {
      running = true; // so that a touch arms nothing
      task.unsubscribe();
    },
  };
}
