import type { SchedulerLike } from 'rxjs';
import type { Micros } from '../domain/time.ts';

/**
 * Time at the live edge: an RxJS scheduler that also tells integer microseconds since the epoch, never backwards. The wall clock where sockets are
 * real, a tape's scheduler where a whole connection is tested in event time.
 */
export type EdgeClock = SchedulerLike & { readonly at: Micros };
