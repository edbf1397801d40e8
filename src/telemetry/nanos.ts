import type { Point } from './point.ts';

const MOST = 999;

/**
 * Gives each point a time in nanoseconds. A database keeps one point for a series and time. So points of one
 * series in the same microsecond are numbered in the three digits below it, in their order. Two fills of one
 * microsecond are both kept, and the same events always give the same times.
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
