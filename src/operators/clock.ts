import type { Observable, SchedulerLike } from 'rxjs';
import type { Micros } from '../domain/time.ts';

/**
 * The time of the graph: an RxJS scheduler, whose own times are milliseconds, that also gives integer
 * microseconds. `TapeScheduler` implements it. Event time moves only when the driver moves it.
 */
export interface Clock extends SchedulerLike {
  /** Event time now. */
  readonly at: Micros;
  /** Keeps event time still until `work` settles. Results are delivered in the order of the calls. */
  readonly hold: <T>(work: () => Promise<T>) => Observable<T>;
}
