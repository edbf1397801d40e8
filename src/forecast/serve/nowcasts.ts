import { Observable, type OperatorFunction } from 'rxjs';
import type { Forecast } from '../../domain/events/forecast.ts';
import { HOUR, MINUTE, type Micros, SECOND, type Stamped } from '../../domain/time.ts';
import { varianceBetween } from '../../maths/variance-between.ts';
import { follow } from '../../operators/follow.ts';
import type { ForecastSettings } from '../settings.ts';
import { nowcast } from './nowcast.ts';

/** A price of the index (or its stand-in) in dollars, about once a second. */
export interface SecondPrice extends Stamped {
  readonly kind: 'second';
  readonly price: number;
}

interface Seen {
  readonly at: Micros;
  readonly log: number;
}

const YEAR_HOURS = 8_760;

/** Prices kept for a forecast that arrives after the minute it speaks from. */
const KEPT_MICROS = 5 * MINUTE;

/**
 * Forecasts as they come, and between them the last one nowcast to each second: at most one a second by the
 * prices' own time. The variance seen counts from the forecast's `at`, so prices that came before a late
 * forecast count too. Prices out of order are ignored; a forecast older than five minutes is no longer
 * nowcast.
 */
export function nowcasts(settings: ForecastSettings): OperatorFunction<Forecast | SecondPrice, Forecast> {
  const stepMicros = settings.nowcastStepSeconds * SECOND;
  return (source) =>
    new Observable((subscriber) => {
      let seen: Seen[] = [];
      let base: Forecast | undefined;
      let lastSecond = Number.NEGATIVE_INFINITY;
      return follow(source, subscriber, {
        next: (event) => {
          if (event.kind === 'forecast') {
            base = event;
            lastSecond = Number.NEGATIVE_INFINITY;
            subscriber.next(event);
            return;
          }
          const { at, price, receivedAt } = event;
          const last = seen.at(-1);
          if (!(price > 0) || (last && at < last.at)) return;
          if (!last || at - last.at >= stepMicros) {
            seen.push({ at, log: Math.log(price) });
            seen = seen.filter((sample) => at - sample.at <= KEPT_MICROS);
          }
          const second = Math.floor(at / SECOND);
          if (!base || at <= base.at || at - base.at > KEPT_MICROS || second <= lastSecond) return;
          lastSecond = second;
          const { variance, elapsedMicros } = varianceSince(seen, base.at);
          const path = nowcast(base.path, at, variance, elapsedMicros, settings);
          subscriber.next({
            ...base,
            at,
            receivedAt,
            path,
            annualisedVolatility: Math.sqrt(varianceBetween(path, at, at + HOUR) * YEAR_HOURS),
          });
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}

/** Sum of squared log steps between samples at or after `from`, and the time they span. */
const varianceSince = (seen: readonly Seen[], from: Micros): { variance: number; elapsedMicros: Micros } => {
  let variance = 0;
  let elapsedMicros = 0;
  for (let i = 1; i < seen.length; i++) {
    const [before, after] = [seen[i - 1] as Seen, seen[i] as Seen];
    if (before.at < from) continue;
    variance += (after.log - before.log) ** 2;
    elapsedMicros += after.at - before.at;
  }
  return { variance, elapsedMicros };
};
