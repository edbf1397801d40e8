import { HOUR, MINUTE, type Micros } from '../../domain/time.ts';

export const DAY_MINUTES = 1_440;

/** Minutes of a week; New York's begins on Monday at 00:00. */
export const WEEK_MINUTES = 10_080;

const FIRST_YEAR = 2007;
const LAST_YEAR = 2099;
// 1970-01-05 was a Monday.
const FIRST_MONDAY_MINUTE = 4 * DAY_MINUTES;

const sunday = (year: number, month: number, nth: number): number => {
  const first = Date.UTC(year, month, 1) * 1_000;
  const day = Math.floor(first / (24 * HOUR));
  const untilSunday = (7 - ((day + 4) % 7)) % 7;
  return first + (untilSunday + 7 * (nth - 1)) * 24 * HOUR;
};

// Second Sunday of March at 02:00 EST and first Sunday of November at 02:00 EDT: Energy Policy Act of 2005,
// 15 U.S.C. 260a.
const SWITCHES: readonly Micros[] = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => [
  sunday(FIRST_YEAR + i, 2, 2) + 7 * HOUR,
  sunday(FIRST_YEAR + i, 10, 1) + 6 * HOUR,
]).flat();

/**
 * Minutes to add to UTC for New York's clock at `at`: −240 in summer, −300 in winter. Valid from 2007 to
 * 2099.
 */
export function newYorkOffsetMinutes(at: Micros): number {
  let low = 0;
  let high = SWITCHES.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((SWITCHES[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1 ? -240 : -300;
}

/** Minute of New York's week that `at` lies in: 0 is Monday 00:00, 10,079 is Sunday 23:59. */
export function newYorkMinuteOfWeek(at: Micros): number {
  const local = Math.floor(at / MINUTE) + newYorkOffsetMinutes(at);
  return (((local - FIRST_MONDAY_MINUTE) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
}
