import { type Measure, type MinuteWindows, WINDOW_MINUTES } from './minute-windows.ts';

/** Added to every variance per minute before its logarithm: a deviation of 0.3 bp a minute, under which Kraken's ticks are all there is to see. */
export const VARIANCE_FLOOR = 1e-9;

/** The same for the square of a net move, which may be 0 by chance. */
const NET_FLOOR = 1e-8;

type Read = (windows: MinuteWindows) => number;

/** Half of a window must be good. A day's and a week's may start from what Kraken's REST history gives at once (720 minutes). */
export const warmUp = (minutes: number): number => Math.min(Math.ceil(minutes / 2), 600);

/** Sum over a window and the minutes it covers, made one number; NaN where fewer than `least` are covered. Throws for a window that is not kept. */
export function windowRead(
  measure: Measure,
  minutes: number,
  of: (sum: number, covered: number) => number,
  least: number = warmUp(minutes),
): Read {
  const index = (WINDOW_MINUTES[measure] as readonly number[]).indexOf(minutes);
  if (index < 0) throw new RangeError(`features: ${measure} has no window of ${minutes} minutes`);
  return (windows) => {
    const sums = windows.of(measure);
    const covered = sums.covered(index);
    return covered < least ? Number.NaN : of(sums.sum(index), covered);
  };
}

/** Log of the mean per minute. */
export const logMeanOf = (measure: Measure, minutes: number, floor: number = VARIANCE_FLOOR): Read =>
  windowRead(measure, minutes, (sum, covered) => Math.log(sum / covered + floor));

/** Log of the square of the whole move, per minute. */
export const logNetOf = (minutes: number): Read =>
  windowRead('net', minutes, (sum, covered) => Math.log(sum ** 2 / covered + NET_FLOOR));
