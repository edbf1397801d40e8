import type { Micros } from '../../domain/time.ts';
import type { MakeSettings } from './make-settings.ts';

/** Notices a price of a source that jumps. */
export interface JumpWatch {
  /** Takes a price, in dollars; true if it is a jump from what the same source said within the span. */
  readonly receive: (source: string, price: number, at: Micros) => boolean;
  /** Forgets everything: after a hole, prices begin anew. */
  readonly clear: () => void;
}

/** A source's lowest and highest price of two spans: the one that runs and the one before. */
interface Range {
  since: Micros;
  low: number;
  high: number;
  earlierLow: number;
  earlierHigh: number;
}

/**
 * A price has jumped if it is further than the basis points from any price of its source in the span before
 * it. Two spans are kept as their extremes, so a move may count that took up to two spans; a faster one never
 * hides.
 */
export function jumpWatch({
  jumpBasisPoints,
  jumpSpanMicros,
}: Pick<MakeSettings, 'jumpBasisPoints' | 'jumpSpanMicros'>): JumpWatch {
  const ranges = new Map<string, Range>();
  const far = jumpBasisPoints / 10_000;
  return {
    receive: (source, price, at) => {
      if (!(price > 0)) return false;
      const range = ranges.get(source);
      if (!range) {
        ranges.set(source, { since: at, low: price, high: price, earlierLow: price, earlierHigh: price });
        return false;
      }
      const spans = Math.floor((at - range.since) / jumpSpanMicros);
      if (spans >= 1) {
        // A source that was silent for longer than a span said its last price then, and it still counts.
        range.earlierLow = range.low;
        range.earlierHigh = range.high;
        range.low = price;
        range.high = price;
        range.since = at;
      }
      range.low = Math.min(range.low, price);
      range.high = Math.max(range.high, price);
      const low = Math.min(range.low, range.earlierLow);
      const high = Math.max(range.high, range.earlierHigh);
      return Math.max(Math.log(price / low), Math.log(high / price)) >= far;
    },
    clear: () => ranges.clear(),
  };
}
