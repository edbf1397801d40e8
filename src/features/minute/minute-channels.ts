import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';

/** Minutes that a sequence model looks back on. */
export const CONTEXT_MINUTES = 512;

/** The channels of each minute, in this order. `c3` is the season, which the model adds. */
export const CHANNELS = ['c0', 'c1', 'c4'] as const;

const WIDTH = CHANNELS.length;

/** The last minutes as a sequence model reads them. */
export interface MinuteChannels {
  /** Adds a bar later than all before it. Minutes between are added as missing. */
  readonly push: (bar: MinuteBar) => void;
  /**
   * Rows of `CHANNELS`, oldest first, `CONTEXT_MINUTES` of them; the last is the minute that has just closed.
   * The result is a copy.
   */
  readonly window: () => Float32Array;
  /** Writes the row of the minute that has just closed, and the row of a minute without a bar. */
  readonly newest: (into: Float32Array) => void;
  readonly absent: (into: Float32Array) => void;
  /** Minutes of the window that have a return. */
  readonly returns: () => number;
  readonly reset: () => void;
}

/**
 * A ring of minutes: `c0` log(r² + floor) of the log return from the minute before, `c1` log of Parkinson's
 * variance + floor, `c4` the return itself. The floor is the asset's for variances. A minute without a return
 * or a range has log(floor), log(floor) and 0. A flagged bar has none of them.
 */
export function minuteChannels(floor: number): MinuteChannels {
  const nothing = Math.log(floor);
  const ring = new Float32Array(CONTEXT_MINUTES * WIDTH);
  const has = new Uint8Array(CONTEXT_MINUTES);
  let head = 0;
  let count = 0;
  let lastOpenAt: Micros | undefined;
  let close = Number.NaN;

  const enter = (c0: number, c1: number, c4: number, returned: 0 | 1): void => {
    count += returned - (has[head] as number);
    has[head] = returned;
    ring[head * WIDTH] = c0;
    ring[head * WIDTH + 1] = c1;
    ring[head * WIDTH + 2] = c4;
    head = (head + 1) % CONTEXT_MINUTES;
  };
  const reset = (): void => {
    for (let i = 0; i < CONTEXT_MINUTES; i++) enter(nothing, nothing, 0, 0);
    head = 0;
    lastOpenAt = undefined;
    close = Number.NaN;
  };
  reset();
  return {
    push: (bar) => {
      if (lastOpenAt !== undefined) {
        const missing = Math.min(CONTEXT_MINUTES, (bar.openAt - lastOpenAt) / MINUTE - 1);
        for (let i = 0; i < missing; i++) enter(nothing, nothing, 0, 0);
        if (missing > 0) close = Number.NaN;
      }
      lastOpenAt = bar.openAt;
      if (bar.flag !== 0) {
        enter(nothing, nothing, 0, 0);
        close = Number.NaN;
        return;
      }
      const move = Math.log(bar.close / close);
      const range = Math.log(bar.high / bar.low);
      const returned = !Number.isNaN(move);
      enter(
        returned ? Math.log(move * move + floor) : nothing,
        Math.log((range * range) / (4 * Math.LN2) + floor),
        returned ? move : 0,
        returned ? 1 : 0,
      );
      close = bar.close;
    },
    window: () => {
      const rows = new Float32Array(ring.length);
      rows.set(ring.subarray(head * WIDTH));
      rows.set(ring.subarray(0, head * WIDTH), ring.length - head * WIDTH);
      return rows;
    },
    newest: (into) => {
      const from = ((head + CONTEXT_MINUTES - 1) % CONTEXT_MINUTES) * WIDTH;
      into.set(ring.subarray(from, from + WIDTH));
    },
    absent: (into) => into.set([nothing, nothing, 0]),
    returns: () => count,
    reset,
  };
}
