import type { EdgeClock } from './edge-clock.ts';

/** Rate and capacity of a bucket, in the venue's cost units. */
export interface BucketLimits {
  readonly ratePerSecond: number;
  readonly capacity: number;
}

/** A bucket that callers take from in the order of their calls. */
export interface TokenBucket {
  /**
   * Takes `cost` and returns how many milliseconds to wait before acting. Callers that wait keep their order.
   * A cost above the capacity waits for a full bucket.
   */
  readonly reserve: (cost: number) => number;
  /** Takes `cost` if it is there now and nobody waits, and returns whether it was. */
  readonly tryTake: (cost: number) => boolean;
  /** Whether `cost` is there now, with `leave` left after it, and nobody waits. Takes nothing. */
  readonly has: (cost: number, leave: number) => boolean;
  /** Sets the venue's real limits. */
  readonly update: (limits: BucketLimits) => void;
}

/**
 * A token bucket with continuous refill, full at first. Its level is kept as of the moment at which the last
 * caller may act. While callers wait that moment lies ahead of now, so they stay first in, first out even if
 * the limits change meanwhile. We do not use a library for this because libraries read the wall clock, and
 * limits are tested in event time.
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
  const has = (cost: number, leave: number): boolean => refill() >= at && level >= cost + leave;
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
    tryTake: (cost) => {
      if (!has(cost, 0)) return false;
      level -= cost;
      return true;
    },
    has,
    update: (next) => {
      refill();
      ({ ratePerSecond, capacity } = next);
      level = Math.min(level, capacity);
    },
  };
}
