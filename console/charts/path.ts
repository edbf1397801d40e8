import type { Bounds } from './scale.ts';

const coordinate = (value: number): string => String(Number(value.toFixed(2)));

/** The `d` of an SVG path through all points in their order; empty without a point. Coordinates to 0.01. */
export const pathThrough = (points: readonly Bounds[]): string =>
  points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${coordinate(x)} ${coordinate(y)}`).join('');

/** The `d` of the area between the points and a level line at `y`. */
export function areaTo(points: readonly Bounds[], y: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  return `${pathThrough(points)}L${coordinate(last[0])} ${coordinate(y)}L${coordinate(first[0])} ${coordinate(y)}Z`;
}

/**
 * Value at `x` of the straight lines through the points, whose x must not fall; the ends go on level. Where two
 * points share an x the later one counts. Undefined without a point.
 */
export function valueAt(points: readonly Bounds[], x: number): number | undefined {
  let before: Bounds | undefined;
  for (const point of points) {
    if (point[0] > x) {
      if (before === undefined) return point[1];
      return before[1] + ((x - before[0]) / (point[0] - before[0])) * (point[1] - before[1]);
    }
    before = point;
  }
  return before?.[1];
}
