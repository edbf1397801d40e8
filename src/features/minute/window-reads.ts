import type { FeatureFloors } from '../../domain/asset.ts';
import { type Measure, type MinuteWindows, WINDOW_MINUTES } from './minute-windows.ts';

type Read = (windows: MinuteWindows) => number;

/**
 * Half of a window must be good. Windows of a day and a week need only 600 minutes, because Kraken's REST
 * history gives 720 at once.
 */
export const warmUp = (minutes: number): number => Math.min(Math.ceil(minutes / 2), 600);

/**
 * A reader that makes one number of a window's sum, its covered minutes and the asset's floors. NaN if fewer
 * than `least` minutes are covered. Throws for a window that is not kept.
 */
export function windowRead(
  measure: Measure,
  minutes: number,
  of: (sum: number, covered: number, floors: FeatureFloors) => number,
  least: number = warmUp(minutes),
): Read {
  const index = (WINDOW_MINUTES[measure] as readonly number[]).indexOf(minutes);
  if (index < 0) throw new RangeError(`features: ${measure} has no window of ${minutes} minutes`);
  return (windows) => {
    const sums = windows.of(measure);
    const covered = sums.covered(index);
    return covered < least ? Number.NaN : of(sums.sum(index), covered, windows.floors);
  };
}

/** Log of the mean per minute; the default `floor` is the asset's floor for variances. */
export const logMeanOf = (measure: Measure, minutes: number, floor?: number): Read =>
  windowRead(measure, minutes, (sum, covered, floors) =>
    Math.log(sum / covered + (floor ?? floors.variance)),
  );

/** Log of the square of the whole move, per minute. */
export const logNetOf = (minutes: number): Read =>
  windowRead('net', minutes, (sum, covered, floors) => Math.log(sum ** 2 / covered + floors.net));
