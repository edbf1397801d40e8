import { MINUTE } from '../domain/time.ts';
import { VARIANCE_FLOOR } from '../features/window-reads.ts';
import type { MinuteGrid } from '../forecast/minute-grid.ts';

/** Share that a minute keeps in the average: a half-life of an hour and a half, tuned on 2024-10 .. 2026-02. */
const KEEP = 0.5 ** (1 / 90);

/**
 * RiskMetrics' exponentially weighted variance per minute at each origin (J.P. Morgan 1996), flat over any window ahead: the forecast that everybody has. Log of
 * variance per minute; minutes without a return leave it as it is.
 */
export function ewmaForecasts({ from, squares, covers }: MinuteGrid, at: ArrayLike<number>): Float64Array {
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
    forecasts[i] = Math.log(variance + VARIANCE_FLOOR);
  }
  return forecasts;
}
