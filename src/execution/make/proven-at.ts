import { MINUTE, type Micros } from '../../domain/time.ts';
import type { MakeSettings } from './make-settings.ts';

/**
 * Whether quotes are allowed so long before a close: where a score found that the markout of resting orders,
 * adjusted for the queue, is above zero beyond its error. `atVenue`: orders are real, and then nothing is
 * quoted without that evidence. NaN is not proven.
 */
export function provenAt(
  toCloseMicros: Micros,
  { mode, evidence, evidenceErrors }: Pick<MakeSettings, 'mode' | 'evidence' | 'evidenceErrors'>,
  atVenue: boolean,
): boolean {
  if (mode === 'off') return false;
  if (mode === 'always' && !atVenue) return true;
  const minutes = toCloseMicros / MINUTE;
  return evidence.some(
    ({ fromMinutes, toMinutes, markoutDollars, standardErrorDollars }) =>
      minutes >= fromMinutes &&
      minutes < toMinutes &&
      markoutDollars - evidenceErrors * standardErrorDollars > 0,
  );
}
