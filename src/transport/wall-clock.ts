import { asyncScheduler } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { EdgeClock } from './edge-clock.ts';

/**
 * The wall clock: the system's time at the start, then counted on by the monotonic clock. So it never steps
 * back, and frames stay in order when the system's clock is set. The two clocks drift apart by parts in a
 * million. The `clock` frames show this, since they measure the venues' clocks against this one.
 */
export function wallClock(): EdgeClock {
  const epochMicros = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const sinceMs = performance.now();
  const now = (): Micros => epochMicros + Math.round((performance.now() - sinceMs) * 1000);
  return {
    get at() {
      return now();
    },
    now: () => now() / 1000,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
  };
}
