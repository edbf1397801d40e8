import { MINUTE } from '../domain/time.ts';
import type { MinuteGrid } from '../forecast/backbone/minute-grid.ts';

/** Decay of the average per minute: a half-life of an hour and a half, tuned on 2024-10 .. 2026-02. */
const KEEP = 0.5 ** (1 / 90);

/**
 * RiskMetrics' exponentially weighted variance per minute at each origin (J.P. Morgan 1996), flat over any
 * window ahead: the commonest forecast. It is the log of variance per minute; minutes without a return do not
 * change it.
 */
export function ewmaForecasts(
  { from, squares, covers, floor }: MinuteGrid,
  at: ArrayLike<number>,
): Float64Array {
  const forecasts = new Float64Array(at.length).fill(Number.NaN);
  let minute = 0;
  let variance = Number.NaN;
  for (let i = 0; i < at.length; i++) {
    const end = ((at[i] as number) - from) / MINUTE;
    for (; minute < end; minute++) {
      if (covers[minute] !== 1) continue;
      const square = squares[minute] as number;
      variance = Number.isNaN(variance) ? square : KEEP * variance + (1 - KEEP) * square;
    }
    forecasts[i] = Math.log(variance + floor);
  }
  return forecasts;
}
