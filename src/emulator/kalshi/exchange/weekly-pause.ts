import { MINUTE, type Micros } from '../../../domain/time.ts';
import { DAY_MINUTES, newYorkMinuteOfWeek } from '../../../features/minute/new-york.ts';

const THURSDAY = 3 * DAY_MINUTES;
/** Minutes of New York's Thursday: 03:00 to 05:00. */
const FROM = THURSDAY + 3 * 60;
const TO = THURSDAY + 5 * 60;

/**
 * The end of the exchange's weekly pause of trading that `at` lies in: Thursdays from 03:00 to 05:00 in New
 * York. Undefined outside it.
 */
export function weeklyPauseEnd(at: Micros): Micros | undefined {
  const minute = newYorkMinuteOfWeek(at);
  return minute >= FROM && minute < TO ? (Math.floor(at / MINUTE) + TO - minute) * MINUTE : undefined;
}
