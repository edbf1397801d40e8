import type { EdgeClock } from './edge-clock.ts';

/** Rate and capacity of a bucket, in the venue's cost units. */
export interface BucketLimits {
  readonly ratePerSecond: number;
  readonly capacity: number;
}

/** A bucket that callers take from in the order of asking. */
export interface TokenBucket {
  /** Takes `cost` and says how many milliseconds to wait before acting; callers that wait keep their order. A cost above the capacity waits for a full one. */
  readonly reserve: (cost: number) => number;
  /** The venue told its true limits. */
  readonly update: (limits: BucketLimits) => void;
}

/**
 * A token bucket with continuous refill, full at first. Its books stand at the moment the last caller may act, which is ahead of now while callers wait: so
 * they stay first in, first out even when the limits change under them. Ours rather than a library's because libraries read the wall clock, and limits are
 * tested in event time.
 */
export function tokenBucket(limits: BucketLimits, clock: EdgeClock): TokenBucket {
  let { ratePerSecond, capacity } = limits;
  let level = capacity;
  let at = clock.now();
  const refill = (): number => {
    const now = clock.now();
    if (now > at) {
      level = Math.min(capacity, level + ((now - at) / 1000) * ratePerSecond);
      at = now;
    }
    return now;
  };
  return {
    reserve: (cost) => {
      const now = refill();
      level -= Math.min(cost, capacity);
      if (level < 0) {
        at += (-level / ratePerSecond) * 1000;
        level = 0;
      }
      return at - now;
    },
    update: (next) => {
      refill();
      ({ ratePerSecond, capacity } = next);
      level = Math.min(level, capacity);
    },
  };
}
