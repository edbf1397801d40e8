import type { Observable, SchedulerLike } from 'rxjs';
import type { Micros } from '../domain/time.ts';

/**
 * The time of the graph: an RxJS scheduler (milliseconds outside, as RxJS wants) that also tells integer microseconds.
 * Implemented by `TapeScheduler`; event time moves only when the driver moves it.
 */
export interface Clock extends SchedulerLike {
  /** Event time now. */
  readonly at: Micros;
  /** Event time stands still until `work` settles; outcomes are delivered in the order they were asked for. */
  readonly hold: <T>(work: () => Promise<T>) => Observable<T>;
}
