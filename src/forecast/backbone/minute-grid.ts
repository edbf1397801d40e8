import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';

/**
 * One-minute bars by minute, to read the outcome of an origin. Minutes without an unflagged bar have no
 * close.
 */
export interface MinuteGrid {
  readonly from: Micros;
  readonly minutes: number;
  /** Added to every variance per minute before its logarithm, as in the asset's features. */
  readonly floor: number;
  /**
   * Squared log return of each minute, 0 where it or the minute before has no close; `covers` is 1 where both
   * have.
   */
  readonly squares: Float64Array;
  readonly covers: Uint8Array;
  /**
   * Log of realised variance per minute (plus the features' floor) over `minutes` from `at`; NaN when under
   * four fifths have returns.
   */
  readonly logVariance: (at: Micros, minutes: number) => number;
  /** Log return from the close at `at` to the close `minutes` later; NaN where either is missing. */
  readonly move: (at: Micros, minutes: number) => number;
}

const LEAST_COVERED = 0.8;

/** Builds the grid from bars in order of time; throws if there are none. */
export function minuteGrid(bars: readonly MinuteBar[], floor: number): MinuteGrid {
  const [first, last] = [bars[0], bars[bars.length - 1]];
  if (!first || !last) throw new Error('minuteGrid: needs bars, was an empty list');
  const from = first.openAt;
  const minutes = (last.openAt - from) / MINUTE + 1;
  const logs = new Float64Array(minutes).fill(Number.NaN);
  for (const { openAt, close, flag } of bars)
    if (flag === 0) logs[(openAt - from) / MINUTE] = Math.log(close);

  const squares = new Float64Array(minutes);
  const covers = new Uint8Array(minutes);
  const sums = new Float64Array(minutes + 1);
  const counts = new Float64Array(minutes + 1);
  for (let i = 0; i < minutes; i++) {
    const move = i === 0 ? Number.NaN : (logs[i] as number) - (logs[i - 1] as number);
    if (!Number.isNaN(move)) {
      squares[i] = move * move;
      covers[i] = 1;
    }
    sums[i + 1] = (sums[i] as number) + (squares[i] as number);
    counts[i + 1] = (counts[i] as number) + (covers[i] as number);
  }
  return {
    from,
    minutes,
    floor,
    squares,
    covers,
    logVariance: (at, span) => {
      const start = (at - from) / MINUTE;
      const end = start + span;
      if (!(start >= 0 && end <= minutes)) return Number.NaN;
      const covered = (counts[end] as number) - (counts[start] as number);
      if (covered < LEAST_COVERED * span) return Number.NaN;
      // Differences of long sums may be slightly below 0.
      const variance = Math.max(0, (sums[end] as number) - (sums[start] as number)) / covered;
      return Math.log(variance + floor);
    },
    move: (at, span) => {
      const start = (at - from) / MINUTE;
      return start >= 1 ? (logs[start + span - 1] ?? Number.NaN) - (logs[start - 1] as number) : Number.NaN;
    },
  };
}
