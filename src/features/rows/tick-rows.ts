import { Observable, type OperatorFunction, type SchedulerAction, Subscription } from 'rxjs';
import type { Asset } from '../../domain/asset.ts';
import type { TickRow } from '../../domain/events/features.ts';
import { known } from '../../domain/known.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import type { Clock } from '../../operators/clock.ts';
import { follow } from '../../operators/follow.ts';
import { tickSet } from '../sets/tick-set.ts';
import type { TickInput } from '../tick/tick-input.ts';
import { tickMinute } from '../tick/tick-minute.ts';

export interface TickRowsOptions {
  readonly clock: Clock;
  /** Only the book and trades of its pair at Kraken, and its contracts, are read. */
  readonly asset: Pick<Asset, 'name' | 'spot' | 'series' | 'indexDecimals'>;
}

/**
 * Emits a row at each close of a minute, for the minute that ended, before any event of that instant is read.
 * Minutes follow our clock, on which all feeds have one order: a late event counts when it is received. A
 * minute without any event gives no row and voids everything except contracts' terms, until the next event. A
 * gap voids what was built on its feed. A session clears all, with the minute that it interrupts. Completion
 * drops the unfinished minute.
 */
export function tickRows({ clock, asset }: TickRowsOptions): OperatorFunction<TickInput, TickRow> {
  return (source) =>
    new Observable((subscriber) => {
      const minute = tickMinute(asset);
      let closeAt = Number.NaN; // of the minute that runs; NaN while none does
      let received = false;
      let timer = Subscription.EMPTY;
      let armed = false;

      const close = (): void => {
        const at = closeAt;
        if (!received) {
          closeAt = Number.NaN;
          minute.void(at);
          return;
        }
        minute.close(at);
        const values = tickSet.map(({ read }) => known(read(minute, at)));
        received = false;
        closeAt = at + MINUTE;
        minute.begin(at);
        subscriber.next({ kind: 'tickRow', asset: asset.name, at, receivedAt: clock.at, values });
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

      return follow(source, subscriber, {
        next(event) {
          const now = clock.at;
          if (event.kind === 'gap' && event.cause === 'session') {
            timer.unsubscribe();
            armed = false;
            received = false;
            closeAt = Number.NaN;
            minute.clear(now);
            return;
          }
          closeUntil(now);
          if (subscriber.closed) return;
          if (Number.isNaN(closeAt)) begin(now);
          received = true;
          minute.receive(event, now);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
