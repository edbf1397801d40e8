import { type Observable, type SchedulerLike, timer } from 'rxjs';

/** Emits 0 once, `delayMs` from subscription by `clock`. */
export const after = (delayMs: number, clock: SchedulerLike): Observable<0> => timer(delayMs, clock);

/** Emits 0, 1, 2 … every `spanMs` by `clock`, the first after one span. */
export const every = (spanMs: number, clock: SchedulerLike): Observable<number> =>
  timer(spanMs, spanMs, clock);
