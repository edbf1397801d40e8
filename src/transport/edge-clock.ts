import type { SchedulerLike } from 'rxjs';
import type { Micros } from '../domain/time.ts';

/**
 * Time at the live edge: an RxJS scheduler that also gives integer microseconds since the epoch and never
 * goes back. With real sockets it is the wall clock; tests of whole connections in event time use a tape's
 * scheduler.
 */
export type EdgeClock = SchedulerLike & {
  readonly at: Micros;
  /**
   * Asks whether the machine or this process stood still since it was last asked, for longer than a live
   * connection bears. Returns for how long in microseconds, or 0, and moves the clock on by what it missed.
   * To be asked at least once a second. Undefined for a clock that cannot stand still.
   */
  readonly stoodStill?: () => Micros;
};
