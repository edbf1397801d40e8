import type { MinuteBar } from '../bars.ts';
import type { Stamped } from '../time.ts';

/**
 * A finished minute of an asset. `at` is its end by the venue's clock; `source` is `filled` where the venue
 * sent no candle and the bar is flat.
 */
export interface MinuteClosed extends Stamped {
  readonly kind: 'minute';
  readonly asset: string;
  readonly bar: MinuteBar;
  readonly source: 'live' | 'filled';
}

/**
 * Stands for an event that came too late, after its bar was closed. It is published so that late events are
 * counted.
 */
export interface Late<T> extends Stamped {
  readonly kind: 'late';
  /** How far the event lies before the earliest time that was still open. */
  readonly behindMicros: number;
  readonly event: T;
}
