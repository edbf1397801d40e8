import { Observable, type OperatorFunction, type SchedulerAction, Subscription } from 'rxjs';
import type { MinuteBar } from '../domain/bars.ts';
import type { Late } from '../domain/events/bars.ts';
import type { Gap } from '../domain/events/venue.ts';
import type { Micros, Stamped } from '../domain/time.ts';
import type { Clock } from './clock.ts';
import { flatBar } from './flat-bar.ts';
import { follow } from './follow.ts';
import type { Hole } from './hole.ts';

/** A price in dollars by the venue's clock; without a quantity it adds no volume. */
export interface PriceSample {
  readonly at: Micros;
  readonly price: number;
  readonly quantity?: number | undefined;
}

/** A finished bar. `at` is its end, `receivedAt` our clock when it was known to have ended. */
export interface BarClosed extends Stamped {
  readonly kind: 'bar';
  readonly spanMicros: Micros;
  readonly bar: MinuteBar;
}

export interface BarsOptions {
  /** Length of a bar; bars begin at whole multiples of it since the epoch, by the venue's clock. */
  readonly spanMicros: Micros;
  readonly clock: Clock;
  /** A bar closes when our clock is this far past its end. It must cover the venue's lag and clock offset. */
  readonly graceMicros: Micros;
  /**
   * A bar also closes when a sample this far past its end came. Default 0: the first sample of a later bar
   * closes it.
   */
  readonly latenessMicros?: Micros;
  /** Most flat bars in a row; after them comes a `hole`, and the next sample starts afresh. Default 60. */
  readonly emptyLimit?: number;
}

interface Forming {
  readonly openAt: Micros;
  firstAt: Micros;
  lastAt: Micros;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const forming = (openAt: Micros, { at, price, quantity }: PriceSample): Forming => ({
  openAt,
  firstAt: at,
  lastAt: at,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: quantity ?? 0,
});

function add(bar: Forming, { at, price, quantity }: PriceSample): void {
  if (at < bar.firstAt) {
    bar.firstAt = at;
    bar.open = price;
  }
  if (at >= bar.lastAt) {
    bar.lastAt = at;
    bar.close = price;
  }
  if (price > bar.high) bar.high = price;
  if (price < bar.low) bar.low = price;
  bar.volume += quantity ?? 0;
}

const finished = ({ openAt, open, high, low, close, volume }: Forming): MinuteBar => ({
  openAt,
  open,
  high,
  low,
  close,
  volume,
  flag: 0,
});

const isGap = (input: PriceSample | Gap): input is Gap => 'kind' in input && input.kind === 'gap';

/**
 * Resamples prices into bars aligned on `spanMicros`. A bar without samples is emitted too, flat at the last
 * close with volume 0. The first bar after a subscription, a gap or a hole begins with its first sample, so
 * it may cover only a part of its span. A sample whose bar has closed, or that precedes the first bar, is
 * emitted as `late` and changes nothing. A gap passes downstream and discards the bars that are forming; no
 * flat bars are made across it. Completion discards the bar that had not ended.
 */
export function bars({
  spanMicros,
  clock,
  graceMicros,
  latenessMicros = 0,
  emptyLimit = 60,
}: BarsOptions): OperatorFunction<PriceSample | Gap, BarClosed | Late<PriceSample> | Hole | Gap> {
  return (source) =>
    new Observable((subscriber) => {
      let open: Forming[] = []; // by openAt; more than one only while `latenessMicros` keeps older ones open
      let nextAt = Number.NaN; // start of the oldest bar that has not closed; NaN until a sample came
      let floorAt = Number.NEGATIVE_INFINITY; // bars that begin before it have been emitted
      let newestAt = Number.NEGATIVE_INFINITY;
      let lastClose = Number.NaN;
      let empties = 0;
      let timer = Subscription.EMPTY;
      let armed = false;

      const reset = (): void => {
        open = [];
        nextAt = Number.NaN;
        floorAt = Number.NEGATIVE_INFINITY;
        newestAt = Number.NEGATIVE_INFINITY;
        empties = 0;
        armed = false;
        timer.unsubscribe();
      };
      const closeOldest = (): void => {
        const openAt = nextAt;
        const at = openAt + spanMicros;
        const bar = open[0]?.openAt === openAt ? open.shift() : undefined;
        empties = bar ? 0 : empties + 1;
        if (empties > emptyLimit) {
          // A bar that forms beyond the hole goes on. If there is none, the next sample starts afresh.
          const until = open[0]?.openAt;
          empties = 0;
          nextAt = until ?? Number.NaN;
          subscriber.next({ kind: 'hole', at: openAt, receivedAt: clock.at, until });
          return;
        }
        nextAt = at;
        floorAt = at;
        lastClose = bar ? bar.close : lastClose;
        subscriber.next({
          kind: 'bar',
          at,
          receivedAt: clock.at,
          spanMicros,
          bar: bar ? finished(bar) : flatBar(openAt, lastClose, 0),
        });
      };
      const closeEnded = (): void => {
        while (nextAt + spanMicros <= Math.max(newestAt - latenessMicros, clock.at - graceMicros))
          closeOldest();
      };
      // Armed for the oldest bar alone. The watermark usually closes it first, so the timer fires about once
      // per bar.
      function onTimer(this: SchedulerAction<unknown>): void {
        closeEnded();
        armed = !Number.isNaN(nextAt);
        if (armed) this.schedule(undefined, (nextAt + spanMicros + graceMicros - clock.at) / 1000);
      }
      subscriber.add(() => timer.unsubscribe());

      return follow(source, subscriber, {
        next(input) {
          if (isGap(input)) {
            reset();
            subscriber.next(input);
            return;
          }
          const { at } = input;
          const openAt = Math.floor(at / spanMicros) * spanMicros;
          const openFrom = Number.isNaN(nextAt) ? floorAt : nextAt;
          if (openAt < openFrom) {
            subscriber.next({
              kind: 'late',
              at,
              receivedAt: clock.at,
              behindMicros: openFrom - at,
              event: input,
            });
            return;
          }
          if (Number.isNaN(nextAt)) nextAt = openAt;
          let slot = open.length - 1;
          while (slot >= 0 && (open[slot]?.openAt ?? openAt) > openAt) slot--;
          const bar = open[slot];
          if (bar?.openAt === openAt) add(bar, input);
          else open.splice(slot + 1, 0, forming(openAt, input));
          if (at > newestAt) newestAt = at;
          closeEnded();
          if (armed || Number.isNaN(nextAt) || subscriber.closed) return;
          armed = true;
          timer = clock.schedule(onTimer, (nextAt + spanMicros + graceMicros - clock.at) / 1000);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
