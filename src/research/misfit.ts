import type { MinuteBar } from '../domain/bars.ts';
import { MINUTE } from '../domain/time.ts';

/** Fewer common minutes prove nothing about prices, or about moves. */
const LEAST_PRICES = 5;
const LEAST_MOVES = 10;
const LEAST_MOVING = 8;
/** With so many common minutes, moves that have nothing in common are proof alone. */
const MANY_MOVES = 200;
/** Two venues of one pair were 0.5 % apart in one minute of ten thousand. */
const OTHER_MARKET = 0.02;
/** Kraken was this far from the index in three minutes of a hundred. */
const APART = 0.0005;

/** So many bars are the same in all four prices by no chance. */
const MOST_SAME = 0.8;
/**
 * Among few minutes, prices this far apart, and twice as far as they moved, are no noise between venues: one
 * minute of two hundred. Of fewer than five minutes it must be three times as far.
 */
const FAR_APART = 0.001;

/** Shifts that are tried, in minutes: a bar stamped by its end, and every zone of the world. */
const SHIFTS = [
  ...[1, 2, 3, 4, 5],
  ...Array.from({ length: 56 }, (_, quarter) => 15 * (quarter + 1)),
].flatMap((minutes) => [minutes, -minutes]);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Fit {
  readonly minutes: number;
  /** Median distance of the logs of closes. */
  readonly apart: number;
  /** Share of bars that are the same in all four prices; 0 if none of them moved. */
  readonly same: number;
  /** Correlation of one-minute moves; NaN if there are too few. */
  readonly correlation: number;
}

/** How well the file, read `shift` minutes later, agrees with the venue. */
function fitOf(file: ReadonlyMap<number, MinuteBar>, venue: readonly MinuteBar[], shift: number): Fit {
  const distances: number[] = [];
  let [moves, moving, both, ofFile, ofVenue] = [0, 0, 0, 0, 0];
  let before: { readonly openAt: number; readonly file: number; readonly venue: number } | undefined;
  let [same, telling] = [0, 0];
  for (const bar of venue) {
    const { openAt, close } = bar;
    const its = file.get(openAt + shift * MINUTE);
    if (its === undefined) continue;
    const other = Math.log(its.close);
    const log = Math.log(close);
    if (its.open === bar.open && its.high === bar.high && its.low === bar.low && its.close === close) {
      same += 1;
      if (bar.open !== close) telling += 1;
    }
    distances.push(Math.abs(other - log));
    if (before && openAt - before.openAt === MINUTE) {
      const [a, b] = [other - before.file, log - before.venue];
      moves += 1;
      if (b !== 0) moving += 1;
      both += a * b;
      ofFile += a * a;
      ofVenue += b * b;
    }
    before = { openAt, file: other, venue: log };
  }
  const known = moves >= LEAST_MOVES - 1 && moving >= LEAST_MOVING;
  return {
    minutes: distances.length,
    apart: median(distances),
    same: telling > 0 ? same / distances.length : 0,
    correlation: known ? both / Math.max(Math.sqrt(ofFile * ofVenue), Number.MIN_VALUE) : Number.NaN,
  };
}

/**
 * Why bars of a file cannot be of the market that a venue's bars are of, or undefined if they may be. Both are
 * oldest first; they are compared where they overlap. Prices more than 2 % apart are of another pair. Moves
 * that match at another time than their own show by how much the stamps are shifted. Thresholds leave other
 * venues of the same pair, and an index, room (0.5 % apart in one minute of ten thousand).
 */
export function misfit(file: readonly MinuteBar[], venue: readonly MinuteBar[]): string | undefined {
  const bars = new Map(file.filter(({ flag }) => flag === 0).map((bar) => [bar.openAt, bar]));
  const real = venue.filter(({ flag }) => flag === 0);
  const now = fitOf(bars, real, 0);
  if (now.same >= MOST_SAME) return undefined;
  const level = median(real.map(({ close }) => Math.log(close)));
  const spread = median(real.map(({ close }) => Math.abs(Math.log(close) - level)));
  for (const shift of SHIFTS) {
    const other = fitOf(bars, real, shift);
    if (other.minutes < Math.max(1, 0.8 * now.minutes)) continue;
    const equal = other.same >= MOST_SAME && now.same <= 1 - MOST_SAME;
    const alike =
      other.correlation >= 0.6 && now.correlation < other.correlation - 0.3 && other.apart <= 0.2 * now.apart;
    if (equal || alike)
      return `its bars match the venue's when they are read ${Math.abs(shift)} minutes ${shift > 0 ? 'later' : 'earlier'}; are its times UTC seconds of a bar's start?`;
  }
  if (now.minutes >= LEAST_PRICES && now.apart > OTHER_MARKET)
    return `its closes are ${(100 * Math.expm1(now.apart)).toFixed(1)} % away from the venue's in the median of ${now.minutes} common minutes; is it of this pair?`;
  if (Number.isNaN(now.correlation))
    return now.apart > (now.minutes < LEAST_PRICES ? 3 : 1) * FAR_APART && now.apart > 2 * spread
      ? `its closes are ${(100 * now.apart).toFixed(2)} % away from the venue's in the median of ${now.minutes} common minutes, more than the price moved; are its times UTC, and is it of this pair?`
      : undefined;
  const strange =
    (now.apart > APART && now.apart > spread && now.correlation < 0.3) ||
    (now.minutes >= MANY_MOVES && now.correlation < 0.1);
  return strange
    ? `its moves have nothing in common with the venue's (correlation ${now.correlation.toFixed(2)} over ${now.minutes} common minutes); are its times UTC, and is it of this pair?`
    : undefined;
}
