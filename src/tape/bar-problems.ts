import { DAY, MINUTE, type Micros, SECOND } from '../domain/time.ts';

const MINUTE_SECONDS = MINUTE / SECOND;
/** Kraken opened in 2011; no venue that is read here has an older bar. */
const EARLIEST_SECONDS = Date.UTC(2011, 0, 1) / 1_000;
/** Without a clock, what is certainly no time of a bar. */
const LATEST_SECONDS = Date.UTC(2100, 0, 1) / 1_000;
/** Clocks and zones differ by less. */
const AHEAD_SECONDS = DAY / SECOND;

/** Times in smaller units are larger numbers: seconds reach the first of these in the year 5138. */
const SMALLER_UNITS = [
  [1e17, 'nanoseconds'],
  [1e14, 'microseconds'],
  [1e11, 'milliseconds'],
] as const;

/**
 * What is wrong with a bar's time, or undefined. It must be whole minutes in UTC seconds, from 2011 to a day
 * past `now` (the year 2100 without one).
 */
export function stampProblem(seconds: number, now?: Micros): string | undefined {
  const unit = SMALLER_UNITS.find(([least]) => seconds >= least)?.[1];
  if (unit) return `the timestamp must be UTC seconds and looks like ${unit}; convert it`;
  if (!(seconds % MINUTE_SECONDS === 0)) return 'the timestamp must be UTC seconds at a whole minute';
  if (seconds < EARLIEST_SECONDS)
    return 'the timestamp lies before 2011, when no venue had bars; drop the row';
  const latest = now === undefined ? LATEST_SECONDS : now / SECOND + AHEAD_SECONDS;
  if (seconds > latest) return 'the timestamp lies in the future; drop the row';
  return undefined;
}

/** What is wrong with a bar's prices and volume, or undefined. A cell that is not a number is NaN. */
export function priceProblem(
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
): string | undefined {
  // Written with `!`, since NaN must be refused.
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) return 'prices must be above 0, drop the row';
  if (!(high < Number.POSITIVE_INFINITY && low < Number.POSITIVE_INFINITY))
    return 'prices must be finite, drop the row';
  if (!(low <= open && low <= close && open <= high && close <= high))
    return 'open and close must lie from low to high; are the columns in the order open, high, low, close?';
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) return 'the volume must be 0 or more';
  return undefined;
}

const iso = (seconds: number): string => `${new Date(seconds * 1_000).toISOString().slice(0, 16)}Z`;

/** The order of a file's rows, and how far they are apart. Times are UTC seconds. */
export interface RowOrder {
  /** Takes the next row's time; gives what is wrong with its place, or undefined. */
  readonly next: (seconds: number, line: number) => string | undefined;
  /** Why the rows read so far are not one-minute bars, or undefined. */
  readonly interval: () => string | undefined;
}

/** From this many rows on, the most common distance between neighbours must be a minute. */
const ENOUGH_ROWS = 20;
/** Other distances that are counted; a file of bars has one. */
const MOST_DISTANCES = 64;

const lengthOf = (seconds: number): string => {
  const minutes = seconds / MINUTE_SECONDS;
  return minutes % 1_440 === 0 && minutes > 0
    ? `${minutes / 1_440} day${minutes === 1_440 ? '' : 's'}`
    : `${minutes} minutes`;
};

/**
 * Watches the rows of one file. The interval is inferred: a file in which no two neighbours are a minute
 * apart, or whose most common distance is not a minute, holds bars of another length.
 */
export function rowOrder(): RowOrder {
  let previous = Number.NEGATIVE_INFINITY;
  let previousLine = 0;
  let rows = 0;
  let ones = 0;
  const others = new Map<number, number>();
  return {
    next: (seconds, line) => {
      if (seconds === previous)
        return `line ${previousLine} has the same time, ${iso(seconds)}; keep one of the two`;
      if (seconds < previous)
        return rows === 1
          ? `the file seems to run newest first (line ${previousLine} is of ${iso(previous)}, this row of ${iso(seconds)}); sort it by time`
          : `the row is of ${iso(seconds)} and line ${previousLine} before it of ${iso(previous)}; sort the file by time`;
      const apart = seconds - previous;
      if (apart === MINUTE_SECONDS) ones += 1;
      else if (rows > 0 && (others.has(apart) || others.size < MOST_DISTANCES))
        others.set(apart, (others.get(apart) ?? 0) + 1);
      rows += 1;
      previous = seconds;
      previousLine = line;
      return undefined;
    },
    interval: () => {
      if (rows < 2) return undefined;
      const [apart, count] = [...others].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
      if (ones > 0 && (rows < ENOUGH_ROWS || ones >= count)) return undefined;
      return `the rows are ${lengthOf(apart)} apart (${count} of ${rows - 1} neighbours), and bars of one minute are needed; name the one-minute file`;
    },
  };
}
