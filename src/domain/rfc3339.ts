import { DAY, HOUR, MINUTE, type Micros, SECOND } from './time.ts';

const ZERO = 48;
const POINT = 46;
const COLON = 58;
const DASH = 45;
const PLUS = 43;
const UPPER_T = 84;
const UPPER_Z = 90;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MICRO_WEIGHTS = [100_000, 10_000, 1_000, 100, 10, 1, 0, 0, 0];

/** Two decimal digits at `index`; NaN where either is no digit, so that every later comparison fails. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - ZERO;
  const ones = text.charCodeAt(index + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/**
 * Days from 1970-01-01 to a proleptic Gregorian date: Hinnant,
 * https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/**
 * Offset of a zone in microseconds, read from `index` to exactly `to`: `Z` or ±HH:MM. NaN for anything else.
 */
function zoneMicros(text: string, index: number, to: number): number {
  const mark = text.charCodeAt(index);
  if (mark === UPPER_Z) return to === index + 1 ? 0 : Number.NaN;
  if ((mark !== PLUS && mark !== DASH) || to !== index + 6 || text.charCodeAt(index + 3) !== COLON)
    return Number.NaN;
  const hours = twoDigits(text, index + 1);
  const minutes = twoDigits(text, index + 4);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  const span = hours * HOUR + minutes * MINUTE;
  return mark === DASH ? -span : span;
}

/**
 * Reads an RFC 3339 time (upper-case `T` and `Z`) as integer microseconds since the epoch, exactly. It reads
 * the whole text, or the part from `from` up to but not including `to`. Takes up to nine digits of a second;
 * digits finer than a microsecond are cut off. Returns undefined for anything else, including impossible
 * dates, leap seconds (the venues send none) and times before 1684 or after 2255, which a double cannot hold
 * exactly. https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function rfc3339Micros(text: string, from = 0, to = text.length): Micros | undefined {
  const year = twoDigits(text, from) * 100 + twoDigits(text, from + 2);
  const month = twoDigits(text, from + 5);
  const day = twoDigits(text, from + 8);
  const hour = twoDigits(text, from + 11);
  const minute = twoDigits(text, from + 14);
  const second = twoDigits(text, from + 17);
  const punctuated =
    text.charCodeAt(from + 4) === DASH &&
    text.charCodeAt(from + 7) === DASH &&
    text.charCodeAt(from + 10) === UPPER_T &&
    text.charCodeAt(from + 13) === COLON &&
    text.charCodeAt(from + 16) === COLON;
  if (!(punctuated && year >= 0 && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59))
    return undefined;
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (!(day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0) + leapDay)) return undefined;
  let index = from + 19;
  let fraction = 0;
  if (text.charCodeAt(index) === POINT) {
    const first = ++index;
    for (
      let digit = text.charCodeAt(index) - ZERO;
      digit >= 0 && digit <= 9;
      digit = text.charCodeAt(++index) - ZERO
    )
      fraction += digit * (MICRO_WEIGHTS[index - first] ?? 0);
    if (index === first || index > first + 9) return undefined;
  }
  const offset = zoneMicros(text, index, to);
  if (!(offset <= DAY)) return undefined;
  const micros =
    daysFromCivil(year, month, day) * DAY +
    hour * HOUR +
    minute * MINUTE +
    second * SECOND +
    fraction -
    offset;
  return Number.isSafeInteger(micros) ? micros : undefined;
}
