import type { Micros } from '../domain/time.ts';
import type { MinuteWindows } from './minute-windows.ts';
import { DAY_MINUTES, WEEK_MINUTES } from './new-york.ts';
import { warmUp } from './window-reads.ts';

/** A feature of the trees: what it is, and how it is read when a minute closes at `at`. */
export interface BarsFeature {
  /** Unique within its list, and part of the list's hash. */
  readonly name: string;
  readonly unit: string;
  readonly about: string;
  /** Good minutes that its window must hold; with fewer the feature is NaN. */
  readonly warmUpMinutes: number;
  readonly read: (windows: MinuteWindows, at: Micros) => number;
}

export const LOG_VARIANCE = 'log variance per minute';

/** A window in words. */
export const spanName = (minutes: number): string => {
  if (minutes === WEEK_MINUTES) return 'week';
  if (minutes === DAY_MINUTES) return 'day';
  return minutes % DAY_MINUTES === 0 ? `${minutes / DAY_MINUTES} days` : `${minutes} minutes`;
};

/** A feature of the last `minutes`, named after them; it warms up as windows do. */
export const windowed = (
  name: string,
  minutes: number,
  unit: string,
  about: string,
  read: BarsFeature['read'],
): BarsFeature => ({ name: `${name}${minutes}`, unit, about, warmUpMinutes: warmUp(minutes), read });
