import type { Micros } from '../domain/time.ts';

const MOST = 999;

/**
 * Gives points a time in nanoseconds since the epoch, as digits, since a double cannot hold them. A database
 * keeps one point for a series and time. So points of one series in the same microsecond are numbered in the
 * three digits below it, in their order. Two fills of one microsecond are both kept, and the same events
 * always give the same times.
 */
export function nanosOf(): (series: string, at: Micros) => string {
  const last = new Map<string, { at: Micros; order: number }>();
  return (series, at) => {
    const seen = last.get(series);
    if (!seen) {
      last.set(series, { at, order: 0 });
      return `${at}000`;
    }
    if (seen.at !== at) {
      seen.at = at;
      seen.order = 0;
      return `${at}000`;
    }
    seen.order = Math.min(seen.order + 1, MOST);
    return `${at}${String(seen.order).padStart(3, '0')}`;
  };
}
