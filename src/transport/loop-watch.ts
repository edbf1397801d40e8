import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How long the event loop was held, in milliseconds. */
export interface LoopBlocks {
  /** Readings that found a hold above the limit. Holds within a few milliseconds of each other count once. */
  readonly blocks: number;
  readonly worstMs: number;
}

/** A watch over the event loop. */
export interface LoopWatch {
  /**
   * Reads what happened since the last reading; call it often. Returns the longest hold if it was above the
   * limit.
   */
  readonly read: () => number | undefined;
  readonly stats: () => LoopBlocks;
  readonly close: () => void;
}

const RESOLUTION_MS = 20;
const NANOS_A_MILLI = 1e6;

/**
 * Watches how long the event loop is held. While it is, sockets are not read and frames are stamped late, so
 * a hold above `limitMs` must not pass in silence. It costs one timer of the platform.
 */
export function loopWatch(limitMs: number): LoopWatch {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let blocks = 0;
  let worstMs = 0;
  return {
    read: () => {
      const heldMs = Math.round(delays.max / NANOS_A_MILLI - RESOLUTION_MS);
      if (heldMs > worstMs) worstMs = heldMs;
      if (!(heldMs > limitMs)) return undefined;
      // The platform's monitor loses the hold that follows a reset, so it is reset only when it must be.
      delays.reset();
      blocks++;
      return heldMs;
    },
    stats: () => ({ blocks, worstMs }),
    close: () => delays.disable(),
  };
}
