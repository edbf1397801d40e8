import type { VariancePath } from '../domain/events/forecast.ts';
import { MINUTE, type Micros } from '../domain/time.ts';

/** Cumulative variance at `instant`. It is linear inside minutes. */
function upTo({ fromAt, cumulative }: VariancePath, instant: Micros): number {
  const minutes = (instant - fromAt) / MINUTE;
  if (minutes <= 0) return 0;
  const whole = Math.floor(minutes);
  const start = cumulative[whole] as number;
  return start + (minutes - whole) * ((cumulative[whole + 1] ?? start) - start);
}

/**
 * Variance of the log move from `from` to `to` (microseconds since the epoch), The part before the path's
 * `at` counts as 0. NaN if `to` is before `from` or past the path's end, or if a time is NaN. It costs two
 * array reads for each of the two ends.
 */
export function varianceBetween(path: VariancePath, from: Micros, to: Micros): number {
  if (!(from <= to && to <= path.until)) return Number.NaN;
  return to <= path.at ? 0 : path.factor * (upTo(path, to) - upTo(path, Math.max(from, path.at)));
}
