import { type SchedulerAction, Subscription } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { Clock } from './clock.ts';

/** A watch that calls back once when it was not touched for a span. */
export interface IdleTimer {
  /**
   * Notes that something happened now, and starts the watch if it is not running. While it runs, a touch only
   * stores a number.
   */
  readonly touch: () => void;
  /** When it was last touched, by our clock. */
  readonly since: () => Micros;
  /**
   * Stops for good. A later touch does nothing, so a source that still emits while it is torn down leaves no
   * timer behind.
   */
  readonly stop: () => void;
}

/**
 * Calls `onIdle` once when `spanMicros` passed by the clock without a touch, then rests until the next touch.
 * There is one task, which is armed again for the rest of the span when it fires, so a touch need not arm
 * one.
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
