/** 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Bounds of a share of which `part` of `count` were seen, at 95 %: Wilson's interval (1927). All that is possible
 * where nothing was seen. The trials are taken as independent; where they overlap the truth is wider.
 */
export function shareInterval(part: number, count: number): readonly [low: number, high: number] {
  if (!(count > 0)) return [0, 1];
  const share = part / count;
  const square = (Z * Z) / count;
  const centre = (share + square / 2) / (1 + square);
  const half = (Z / (1 + square)) * Math.sqrt((share * (1 - share)) / count + (Z * Z) / (4 * count * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
