import { asyncScheduler } from 'rxjs';
import { MILLISECOND, type Micros, SECOND } from '../domain/time.ts';
import type { EdgeClock } from './edge-clock.ts';

/**
 * The system's time may run ahead of the monotonic clock by so much before this counts as a suspend: more
 * than time services slew in a day.
 */
const LEAST_SUSPEND = 2 * SECOND;
/**
 * A process that did not run for so long was stopped, or was blocked so long that what waits in its sockets
 * is too old to decide on.
 */
const LEAST_STOP = 5 * SECOND;

/**
 * The wall clock: the system's time at the start, then counted on by the monotonic clock. So it never steps
 * back, and frames stay in order when the system's clock is set. The two clocks drift apart by parts in a
 * million. The `clock` frames show this, since they measure the venues' clocks against this one.
 *
 * The monotonic clock does not count while the machine is suspended (clock_gettime(2), CLOCK_MONOTONIC), and
 * the system's time does. `stoodStill` compares the two, and moves this clock on. A system clock that was set
 * forward looks the same, and is followed likewise; one that was set back is not followed.
 */
export function wallClock(): EdgeClock {
  let epochMicros = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const sinceMs = performance.now();
  let askedMs = sinceMs;
  const now = (): Micros => epochMicros + Math.round((performance.now() - sinceMs) * 1000);
  return {
    get at() {
      return now();
    },
    now: () => now() / 1000,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
    stoodStill: () => {
      const nowMs = performance.now();
      const stopped = Math.round((nowMs - askedMs) * 1000);
      askedMs = nowMs;
      const missed = Math.round(Date.now() * MILLISECOND) - now();
      if (missed >= LEAST_SUSPEND) epochMicros += missed;
      return missed >= LEAST_SUSPEND || stopped >= LEAST_STOP ? Math.max(missed, 0) + stopped : 0;
    },
  };
}
