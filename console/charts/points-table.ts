/** Rows of a time series: rising times in seconds, and a column for each of the numbers that were asked for. */
export interface PointsTable {
  readonly xs: readonly number[];
  readonly columns: readonly (readonly (number | null)[])[];
}

/** Columns of `points` from the time `from` on; a point that is not later than the one before is left out. */
export function pointsTable<Point extends { readonly at: number }>(
  points: readonly Point[],
  from: number,
  read: readonly ((point: Point) => number | null)[],
): PointsTable {
  const xs: number[] = [];
  const columns = read.map((): (number | null)[] => []);
  let last = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.at < from || point.at <= last) continue;
    last = point.at;
    xs.push(point.at / 1e6);
    read.forEach((value, at) => {
      columns[at]?.push(value(point));
    });
  }
  return { xs, columns };
}
