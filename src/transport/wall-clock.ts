import { asyncScheduler } from 'rxjs';
import type { Micros } from '../domain/time.ts';
import type { EdgeClock } from './edge-clock.ts';

/**
 * The wall clock: the system's time at the first call, then counted on by the monotonic clock, so that it never steps back and frames stay in order when
 * the system's clock is set. What the two drift apart (parts in a million) is found again by `clock` frames, which measure venues against it.
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
