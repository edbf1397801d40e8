import type { Point } from './point.ts';

const MOST = 999;

/**
 * Gives each point its nanoseconds. A database keeps one point a series and time, so points of one series at one microsecond are told apart
 * in the three digits below it, in their order: two fills of one moment are both kept, and the same events give the same times again.
 */
export function nanosOf(): (point: Point) => string {
  const last = new Map<string, { at: number; order: number }>();
  return ({ measurement, tags, at }) => {
    let key = measurement;
    for (const name in tags) key += `\n${tags[name]}`;
    const seen = last.get(key);
    if (!seen) last.set(key, { at, order: 0 });
    else {
      seen.order = seen.at === at ? Math.min(seen.order + 1, MOST) : 0;
      seen.at = at;
    }
    return `${at}${String(seen?.order ?? 0).padStart(3, '0')}`;
  };
}
