import { Observable, type OperatorFunction, type SchedulerAction, Subscription } from 'rxjs';
import { MINUTE, type Micros } from '../domain/time.ts';
import type { Clock } from '../operators/clock.ts';
import { tickSet } from './tick-features.ts';
import type { TickInput } from './tick-input.ts';
import { tickMinute } from './tick-minute.ts';
import type { TickRow } from './tick-row.ts';

export interface TickRowsOptions {
  readonly clock: Clock;
  /** Kraken's pair. */
  readonly symbol: string;
}

/**
 * Emits a row at each close of a minute, of the minute that ended there, before anything that comes at that instant is heard. Minutes are told by our
 * clock, on which every feed is in one order: what came late counts when it came. A minute in which nothing at all was heard gives no row and voids
 * everything but contracts' terms, until something comes. A gap voids what was built on its feed; a session forgets all, with the minute it cuts
 * short. Completion discards the minute that had not ended.
 */
export function tickRows({ clock, symbol }: TickRowsOptions): OperatorFunction<TickInput, TickRow> {
  return (source) =>
    new Observable((subscriber) => {
      const minute = tickMinute(symbol);
      let closeAt = Number.NaN; // of the minute that runs; NaN while none does
      let heard = false;
      let timer = Subscription.EMPTY;
      let armed = false;

      const close = (): void => {
        const at = closeAt;
        if (!heard) {
          closeAt = Number.NaN;
          minute.void(at);
          return;
        }
        minute.close(at);
        const values = Float64Array.from(tickSet, ({ read }) => read(minute));
        heard = false;
        closeAt = at + MINUTE;
        minute.begin(at);
        subscriber.next({ kind: 'tickRow', at, receivedAt: clock.at, values });
      };
      const closeUntil = (now: Micros): void => {
        while (closeAt <= now) close();
      };
      function onTimer(this: SchedulerAction<unknown>): void {
        closeUntil(clock.at);
        armed = !Number.isNaN(closeAt);
        if (armed) this.schedule(undefined, (closeAt - clock.at) / 1000);
      }
      const begin = (now: Micros): void => {
        const startAt = Math.floor(now / MINUTE) * MINUTE;
        closeAt = startAt + MINUTE;
        minute.begin(startAt);
        if (armed) return;
        armed = true;
        timer = clock.schedule(onTimer, (closeAt - now) / 1000);
      };
      subscriber.add(() => timer.unsubscribe());

      return source.subscribe({
        next(event) {
          const now = clock.at;
          if (event.kind === 'gap' && event.cause === 'session') {
            timer.unsubscribe();
            armed = false;
            heard = false;
            closeAt = Number.NaN;
            minute.clear(now);
            return;
          }
          closeUntil(now);
          if (subscriber.closed) return;
          if (Number.isNaN(closeAt)) begin(now);
          heard = true;
          minute.hear(event, now);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
