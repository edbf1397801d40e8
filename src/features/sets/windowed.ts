import type { MinuteFeature } from '../feature.ts';
import { DAY_MINUTES, WEEK_MINUTES } from '../minute/new-york.ts';
import { warmUp } from '../minute/window-reads.ts';

export const LOG_VARIANCE = 'log variance per minute';

/** Kinds of events that features of bars are computed from. */
export const MINUTES = ['minute'];

/** The name of a window. */
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
  read: MinuteFeature['read'],
): MinuteFeature => ({
  name: `${name}${minutes}`,
  unit,
  about,
  source: MINUTES,
  spanMinutes: minutes,
  warmUpMinutes: warmUp(minutes),
  read,
});
