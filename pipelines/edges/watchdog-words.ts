import { catchError, EMPTY, filter, map, type Observable, startWith, throttle } from 'rxjs';
import { after } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Heard } from './supervision.ts';

/**
 * What a service manager is told of a lane (sd_notify): that it is watched, and then that it lives, with its
 * first beat and no more than once in `everyMs`; without a span, never. A lane that is silent says nothing, so
 * that it is started again.
 */
export const watchdogWords = (
  heard$: Observable<Heard>,
  clock: EdgeClock,
  everyMs: number | undefined,
): Observable<'READY=1' | 'WATCHDOG=1'> =>
  heard$.pipe(
    filter(({ kind }) => kind === 'beat' && everyMs !== undefined),
    throttle(() => after(everyMs ?? 0, clock)),
    map(() => 'WATCHDOG=1' as const),
    // Words that break are the supervision's affair.
    catchError(() => EMPTY),
    startWith('READY=1' as const),
  );
