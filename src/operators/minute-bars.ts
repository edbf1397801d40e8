import { Observable, type OperatorFunction, type SchedulerAction, Subscription } from 'rxjs';
import type { MinuteBar } from '../domain/bars.ts';
import type { Gap, KrakenOhlc } from '../domain/events/venue.ts';
import type { SessionFrame } from '../domain/frame.ts';
import { MINUTE, type Micros, type Stamped } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { flatBar } from './flat-bar.ts';
import type { Hole } from './hole.ts';
import type { Late } from './late.ts';

/** A finished minute. `at` is its end by the venue's clock; `filled` where the venue sent no candle for it and the bar is flat. */
export interface MinuteClosed extends Stamped {
  readonly kind: 'minute';
  readonly bar: MinuteBar;
  readonly source: 'live' | 'filled';
}

/** A session begins: forget every minute and start from `history` (oldest first, perhaps empty). */
export interface Warmed extends Stamped {
  readonly kind: 'warm';
  readonly history: readonly MinuteBar[];
}

export interface MinuteBarsOptions {
  readonly clock: Clock;
  readonly symbol: string;
  /** A minute is final when our clock is this far past its end, if no later minute came before. Default one second. */
  readonly graceMicros?: Micros;
  /** Longest run of minutes without a candle that is filled; a longer one is a `hole`. Default 30. */
  readonly fillLimit?: number;
}

const barOf = ({ at, open, high, low, close, volume }: KrakenOhlc, flag: 0 | 1): MinuteBar => ({
  openAt: at,
  open,
  high,
  low,
  close,
  volume,
  flag,
});

/**
 * Finished minutes in order, each once, out of Kraken's candles and the history a session brings.
 *
 * Kraken sends the whole candle again on each trade, says nothing of an empty minute and never says that a candle is closed
 * (https://docs.kraken.com/api/docs/websocket-v2/ohlc), so a minute is final when a later one appears or by our clock. Minutes
 * between two candles are flat: `flag` 0 where the feed was up and so there were no trades, 2 where that is not known (before the
 * first candle of a session, across a disconnect). Nothing is filled until a later candle proves the feed alive.
 * After a disconnect the minute that was forming keeps what was seen and closes with `flag` 1, unless the venue sends it again.
 * A candle of a minute already closed is dropped, but of the last one it is `late` if it says otherwise. Completion discards the
 * minute that had not ended. Candles of other symbols or lengths, and gaps that do not break the connection, are ignored.
 */
export function minuteBars({
  clock,
  symbol,
  graceMicros = 1_000_000,
  fillLimit = 30,
}: MinuteBarsOptions): OperatorFunction<
  KrakenOhlc | SessionFrame | Gap,
  MinuteClosed | Warmed | Hole | Late<KrakenOhlc>
> {
  return (source) =>
    new Observable((subscriber) => {
      let last: MinuteBar | undefined; // last emitted, or the end of history
      let forming: KrakenOhlc | undefined;
      let torn = false; // a disconnect may have cost updates of the forming minute
      let blind = true; // the feed was not up all the time since `last`
      let timer = Subscription.EMPTY;
      let armed = false;

      const emit = (bar: MinuteBar, from: MinuteClosed['source']): void => {
        last = bar;
        subscriber.next({
          kind: 'minute',
          at: bar.openAt + MINUTE,
          receivedAt: clock.at,
          bar,
          source: from,
        });
      };
      const fillUntil = (openAt: Micros): void => {
        if (!last) return;
        const from = last.openAt + MINUTE;
        if (openAt - from > fillLimit * MINUTE)
          subscriber.next({ kind: 'hole', at: from, receivedAt: clock.at, until: openAt });
        else
          for (let at = from, { close } = last; at < openAt; at += MINUTE)
            emit(flatBar(at, close, blind ? 2 : 0), 'filled');
      };
      const close = (): void => {
        if (!forming) return;
        const bar = barOf(forming, torn ? 1 : 0);
        forming = undefined;
        emit(bar, 'live');
      };
      const dueMicros = (): Micros => (forming ? forming.at + MINUTE + graceMicros - clock.at : Infinity);
      function onTimer(this: SchedulerAction<unknown>): void {
        if (dueMicros() <= 0) close();
        armed = forming !== undefined;
        if (armed) this.schedule(undefined, dueMicros() / 1000);
      }
      const onCandle = (candle: KrakenOhlc): void => {
        if (candle.symbol !== symbol || candle.intervalMinutes !== 1) return;
        const openFrom = forming?.at ?? (last ? last.openAt + MINUTE : Number.NEGATIVE_INFINITY);
        if (candle.at < openFrom) {
          const said = last?.openAt === candle.at ? last : undefined;
          if (said && (said.close !== candle.close || said.volume !== candle.volume))
            subscriber.next({
              kind: 'late',
              at: candle.at,
              receivedAt: clock.at,
              behindMicros: openFrom - candle.at,
              event: candle,
            });
          return;
        }
        if (candle.at > openFrom) {
          close();
          fillUntil(candle.at);
        }
        forming = candle;
        torn = false;
        blind = false;
        if (dueMicros() <= 0) close();
        else if (!armed && !subscriber.closed) {
          armed = true;
          timer = clock.schedule(onTimer, dueMicros() / 1000);
        }
      };
      subscriber.add(() => timer.unsubscribe());

      return source.subscribe({
        next(event) {
          switch (event.kind) {
            case 'krakenOhlc':
              onCandle(event);
              return;
            case 'gap':
              if (event.venue !== 'kraken' || (event.cause !== 'disconnect' && event.cause !== 'session'))
                return;
              torn = true;
              blind = true;
              return;
            case 'session':
              timer.unsubscribe();
              armed = false;
              forming = undefined;
              torn = false;
              blind = true;
              last = event.history.at(-1);
              subscriber.next({ kind: 'warm', at: event.at, receivedAt: clock.at, history: event.history });
              return;
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
