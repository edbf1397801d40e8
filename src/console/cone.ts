import type { Forecast } from '../domain/events/forecast.ts';
import type { IndexValue } from '../domain/events/market.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { studentQuantile } from '../maths/student-quantile.ts';
import { tailOf } from '../maths/tail-of.ts';
import { varianceBetween } from '../maths/variance-between.ts';
import type { ConePoint } from './state.ts';

/** Minutes ahead at which the cone has a point. */
export const CONE_MINUTES = [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60] as const;

/** One of ten lies above the high end and one below the low end. */
const HIGH = 0.9;
const MOST_KEPT = 256;

/** Tails are few and come again with each forecast, and a quantile takes some forty readings of the law. */
const quantiles = new Map<number, number>();
function highQuantile(nu: number): number {
  const known = quantiles.get(nu);
  if (known !== undefined) return known;
  if (quantiles.size >= MOST_KEPT) quantiles.clear();
  const value = studentQuantile(nu, HIGH);
  quantiles.set(nu, value);
  return value;
}

/**
 * Bounds of the index with a chance of four in five, from the forecast's path and tails, as pricing reads
 * them. The index's own error counts too. Points beyond the path are left out.
 */
export function coneOf(index: IndexValue, { path, tails }: Forecast): readonly ConePoint[] {
  const from = Math.max(index.at, path.at);
  const points: ConePoint[] = [];
  for (const minutes of CONE_MINUTES) {
    const at = from + minutes * MINUTE;
    const variance = varianceBetween(path, from, at) + index.variance;
    const { nu, scale } = tailOf(tails, (minutes * MINUTE) / SECOND);
    const reach = highQuantile(nu) * scale * Math.sqrt(variance);
    if (!Number.isFinite(reach)) break;
    points.push({
      at,
      lowDollars: index.value * Math.exp(-reach),
      highDollars: index.value * Math.exp(reach),
    });
  }
  return points;
}
