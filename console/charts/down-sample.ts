/** A column of a chart: one number a row, null where it is not known. */
export type Column = readonly (number | null | undefined)[];

/**
 * Width of a bucket, in the unit of `span`: the least power of two at which `span` needs no more than `most`
 * buckets. It changes by doubling alone, so that a chart whose span grows does not flicker.
 */
export const bucketWidth = (span: number, most: number): number =>
  span > 0 && most > 0 ? 2 ** Math.ceil(Math.log2(span / most)) : 0;

/**
 * Numbers of the rows to draw, rising: of each bucket of `width` the first and the last row, and the least and the
 * greatest value of every column. Buckets lie at multiples of `width`, so that a row that was kept stays kept while
 * time goes on. A bucket in which a column has no value keeps its gap, since its first row is in it. With a `width`
 * of zero every row is kept.
 */
export function keptRows(xs: readonly number[], columns: readonly Column[], width: number): number[] {
  if (!(width > 0)) return xs.map((_, row) => row);
  const kept: number[] = [];
  for (let start = 0, end = 0; start < xs.length; start = end) {
    const bucket = Math.floor((xs[start] ?? 0) / width);
    while (end < xs.length && (end === start || Math.floor((xs[end] ?? 0) / width) === bucket)) end += 1;
    if (end - start <= 2) {
      for (let row = start; row < end; row += 1) kept.push(row);
      continue;
    }
    const chosen = [start, end - 1];
    for (const column of columns) {
      let least = -1;
      let greatest = -1;
      for (let row = start; row < end; row += 1) {
        const value = column[row];
        if (value === null || value === undefined) continue;
        if (least < 0 || value < (column[least] ?? 0)) least = row;
        if (greatest < 0 || value > (column[greatest] ?? 0)) greatest = row;
      }
      if (least >= 0) chosen.push(least, greatest);
    }
    chosen.sort((a, b) => a - b);
    for (const row of chosen) if (row !== kept.at(-1)) kept.push(row);
  }
  return kept;
}
