import type { Point } from './point.ts';

/** What stands for the values beyond the most. */
export const OTHER = 'other';

/** A bound on the values of tags. */
export interface TagBound {
  /** The point, each tag value beyond the most replaced by `other`. */
  readonly bound: (point: Point) => Point;
  /** Values that were replaced so far. */
  readonly replaced: () => number;
}

/**
 * Lets at most `most` values of each tag of each measurement through, the first that come. Each combination
 * of values is a series of its own in a database, whose memory grows with them and not with the points.
 * `onFull` hears once of each tag that has too many.
 */
export function boundTags(most: number, onFull: (why: string) => void): TagBound {
  const seen = new Map<string, Map<string, Set<string>>>();
  const full = new Set<string>();
  let replaced = 0;
  const isNew = (measurement: string, name: string, value: string): boolean => {
    let tags = seen.get(measurement);
    if (!tags) {
      tags = new Map();
      seen.set(measurement, tags);
    }
    let values = tags.get(name);
    if (!values) {
      values = new Set();
      tags.set(name, values);
    }
    if (values.has(value)) return false;
    if (values.size >= most) return true;
    values.add(value);
    return false;
  };
  return {
    bound: (point) => {
      let tags: Record<string, string> | undefined;
      for (const name in point.tags) {
        if (!isNew(point.measurement, name, point.tags[name] ?? '')) continue;
        tags ??= { ...point.tags };
        tags[name] = OTHER;
        replaced += 1;
        const key = `${point.measurement} ${name}`;
        if (full.has(key)) continue;
        full.add(key);
        onFull(
          `tag ${name} of ${point.measurement} has more than ${most} values (telemetry.tagValues); the rest are written as "${OTHER}"`,
        );
      }
      return tags ? { ...point, tags } : point;
    },
    replaced: () => replaced,
  };
}
