import type { ConePoint, PricePoint } from '../../src/console/state.ts';

/** Columns of the price chart: times in seconds, and dollars. */
export interface PriceTable {
  readonly xs: readonly number[];
  readonly index: readonly (number | null)[];
  readonly spot: readonly (number | null)[];
  /** Bounds of the cone; null in the past. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/**
 * Prices from the time `from` on, followed by the cone. The cone starts at the last known index, as a point, if that
 * is not younger than the cone's first time.
 */
export function priceTable(
  prices: readonly PricePoint[],
  cone: readonly ConePoint[],
  from: number,
): PriceTable {
  const xs: number[] = [];
  const index: (number | null)[] = [];
  const spot: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  let tip: number | null = null;
  for (const price of prices) {
    if (price.at < from || price.at / 1e6 <= (xs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    xs.push(price.at / 1e6);
    index.push(price.indexDollars);
    spot.push(price.spotDollars);
    low.push(null);
    high.push(null);
    tip = price.indexDollars;
  }
  const end = xs.length - 1;
  if (tip !== null && cone.some(({ at }) => at / 1e6 > (xs[end] ?? 0))) {
    low[end] = tip;
    high[end] = tip;
  }
  for (const point of cone) {
    if (point.at / 1e6 <= (xs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
    xs.push(point.at / 1e6);
    index.push(null);
    spot.push(null);
    low.push(point.lowDollars);
    high.push(point.highDollars);
  }
  return { xs, index, spot, low, high };
}
