import { Observable, type OperatorFunction, type SchedulerAction, Subscription } from 'rxjs';
import type { MinuteBar } from '../domain/bars.ts';
import type { Late, MinuteClosed } from '../domain/events/bars.ts';
import type { Gap, KrakenOhlc } from '../domain/events/venue.ts';
import { FILL_LIMIT_MINUTES } from '../domain/fill-limit.ts';
import type { SessionFrame } from '../domain/frame.ts';
import { MINUTE, type Micros, type Stamped } from '../domain/time.ts';
import { FEATURE_VENUE } from '../domain/venues.ts';
import { believableBars } from './believable-bars.ts';
import type { Clock } from './clock.ts';
import { flatBar } from './flat-bar.ts';
import { follow } from './follow.ts';
import type { Hole } from './hole.ts';
import type { PriceJump } from './price-jump.ts';

/** A session begins: forget every minute and start from `history` (oldest first, perhaps empty). */
export interface Warmed extends Stamped {
  readonly kind: 'warm';
  readonly history: readonly MinuteBar[];
}

export interface MinuteBarsOptions {
  readonly clock: Clock;
  /** Name of the asset whose minutes they are. */
  readonly asset: string;
  /** True for the first asset: it takes the bars of a session that name no asset. */
  readonly first: boolean;
  /** The asset's pair, as Kraken spells it. */
  readonly symbol: string;
  /**
   * A minute is final when our clock is this far past its end, if no later minute came before. Default one
   * second.
   */
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

const minuteOf = (openAt: Micros): string => `${new Date(openAt / 1_000).toISOString().slice(0, 16)}Z`;

/**
 * Finished minutes in order, each once, out of Kraken's candles and the history a session brings.
 *
 * Kraken sends the whole candle again on each trade, sends nothing for an empty minute and does not mark a
 * candle as closed (https://docs.kraken.com/api/docs/websocket-v2/ohlc), so a minute is final when a candle
 * of a later one comes, or by our clock. Minutes between two candles are flat. Their `flag` is 0 if the feed
 * was up, so that there were no trades, and 2 if that is not known (before the first candle of a session,
 * across a disconnect). Nothing is filled until a later candle shows that the feed is alive. After a
 * disconnect the forming minute keeps what it has and closes with `flag` 1, unless the venue sends it again.
 * A candle of a minute that has closed is dropped. If it is of the last closed minute and differs from it, it
 * is emitted as `late`. Completion discards the minute that had not ended. Candles of other symbols or
 * lengths, and gaps that do not break the connection, are ignored.
 *
 * History is held against itself and against the first candle after it. Bars before a jump that volatility
 * cannot explain are of another market: they are left out, with a `gap` of cause `history`.
 */
export function minuteBars({
  clock,
  asset,
  first,
  symbol,
  graceMicros = 1_000_000,
  fillLimit = FILL_LIMIT_MINUTES,
}: MinuteBarsOptions): OperatorFunction<
  KrakenOhlc | SessionFrame | Gap,
  MinuteClosed | Warmed | Hole | Late<KrakenOhlc> | Gap
> {
  return (source) =>
    new Observable((subscriber) => {
      let last: MinuteBar | undefined; // last emitted, or the end of history
      let forming: KrakenOhlc | undefined;
      let torn = false; // a disconnect may have lost updates of the forming minute
      let blind = true; // the feed was not up all the time since `last`
      let joining: PriceJump | undefined; // knows the history until the first candle has met it
      let timer = Subscription.EMPTY;
      let armed = false;

      const emit = (bar: MinuteBar, from: MinuteClosed['source']): void => {
        last = bar;
        subscriber.next({
          kind: 'minute',
          asset,
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
      const doubt = (before: MinuteBar, openAt: Micros, price: number): void =>
        subscriber.next({
          kind: 'gap',
          at: openAt,
          receivedAt: clock.at,
          venue: FEATURE_VENUE,
          cause: 'history',
          scope: symbol,
          detail: `history of ${asset}: ${minuteOf(before.openAt)} closed at ${before.close} and ${minuteOf(openAt)} opened at ${price}, which no volatility explains; the bars before were left out`,
        });
      /** The first candle after history must be able to follow on it. */
      const join = (candle: KrakenOhlc): void => {
        if (!joining || !last || candle.at <= last.openAt) return;
        if (!joining.reaches(candle.open, (candle.at - last.openAt) / MINUTE)) {
          doubt(last, candle.at, candle.open);
          last = undefined;
          subscriber.next({ kind: 'warm', at: candle.at, receivedAt: clock.at, history: [] });
        }
        joining = undefined;
      };
      const onCandle = (candle: KrakenOhlc): void => {
        if (candle.symbol !== symbol || candle.intervalMinutes !== 1) return;
        join(candle);
        const openFrom = forming?.at ?? (last ? last.openAt + MINUTE : Number.NEGATIVE_INFINITY);
        if (candle.at < openFrom) {
          const previous = last?.openAt === candle.at ? last : undefined;
          if (previous && (previous.close !== candle.close || previous.volume !== candle.volume))
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
      /** Closed bars only: a bar of the future would make every candle before it late. */
      const history = (session: SessionFrame): readonly MinuteBar[] => {
        const bars =
          session.history.find((each) => each.asset === asset || (first && each.asset === undefined))?.bars ??
          [];
        const isClosed = ({ openAt }: MinuteBar): boolean => openAt + MINUTE <= session.at;
        return bars.every(isClosed) ? bars : bars.filter(isClosed);
      };
      subscriber.add(() => timer.unsubscribe());

      return follow(source, subscriber, {
        next(event) {
          switch (event.kind) {
            case 'krakenOhlc':
              onCandle(event);
              return;
            case 'gap':
              if (
                event.venue !== FEATURE_VENUE ||
                (event.cause !== 'disconnect' && event.cause !== 'session')
              )
                return;
              torn = true;
              blind = true;
              return;
            case 'session': {
              timer.unsubscribe();
              armed = false;
              forming = undefined;
              torn = false;
              blind = true;
              const { bars, jump, next } = believableBars(history(event));
              if (jump) doubt(jump[0], jump[1].openAt, jump[1].open);
              last = bars.at(-1);
              joining = next;
              subscriber.next({ kind: 'warm', at: event.at, receivedAt: clock.at, history: bars });
              return;
            }
          }
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
