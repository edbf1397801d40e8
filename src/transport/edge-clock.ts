import type { SchedulerLike } from 'rxjs';
import type { Micros } from '../domain/time.ts';

/**
 * Time at the live edge: an RxJS scheduler that also gives integer microseconds since the epoch and never
 * goes back. With real sockets it is the wall clock; tests of whole connections in event time use a tape's
 * scheduler.
 */
export type EdgeClock = SchedulerLike & { readonly at: Micros };
