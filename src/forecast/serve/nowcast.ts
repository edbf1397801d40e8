import type { VariancePath } from '../../domain/events/forecast.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { varianceBetween } from '../../maths/variance-between.ts';
import type { ForecastSettings } from '../settings.ts';

/**
 * The path as of `at`, given the variance seen in the `elapsedMicros` before it. What lies ahead is scaled by
 * the mean of 1 and seen/expected, weighted by the pseudo-minutes and the minutes elapsed (the posterior mean
 * of a gamma-distributed level), within the settings' bounds. Nothing happens before `at`, and the minutes'
 * array is shared. Give it the minute's own path, never a nowcast: factors would compound. Unknown or
 * negative `seenVariance` leaves the level alone.
 */
export function nowcast(
  path: VariancePath,
  at: Micros,
  seenVariance: number,
  elapsedMicros: Micros,
  settings: Pick<ForecastSettings, 'nowcastPseudoMinutes' | 'nowcastLeastFactor' | 'nowcastMostFactor'>,
): VariancePath {
  const expected = varianceBetween(path, at - elapsedMicros, at);
  const known = seenVariance >= 0 && expected > 0 && elapsedMicros > 0;
  const minutes = elapsedMicros / MINUTE;
  const pseudo = settings.nowcastPseudoMinutes;
  const level = known ? (pseudo + minutes * (seenVariance / expected)) / (pseudo + minutes) : 1;
  const factor = Math.min(settings.nowcastMostFactor, Math.max(settings.nowcastLeastFactor, level));
  return { ...path, at, factor };
}
