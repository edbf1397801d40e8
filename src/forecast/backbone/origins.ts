import type { Asset } from '../../domain/asset.ts';
import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { minuteFeatures } from '../../features/rows/minute-features.ts';
import { barFeatures } from '../../features/sets/bar-features.ts';
import { HORIZON_MINUTES } from './horizons.ts';
import type { MinuteGrid } from './minute-grid.ts';

/** Minutes between two origins. */
const ORIGIN_STEP_MINUTES = 5;

/** The features of each origin and its outcome, in order of time. */
export interface Origins {
  readonly count: number;
  readonly at: Float64Array;
  /** Features, `barFeatures.length` for each origin. */
  readonly values: Float64Array;
  /** Log of realised variance per minute by horizon, `HORIZON_MINUTES.length` for each origin. */
  readonly logVariance: Float64Array;
}

/**
 * Origins at every fifth minute whose features are warm and whose labels are complete. The code that runs
 * live computes the features.
 */
export function originsOf(
  bars: readonly MinuteBar[],
  labels: MinuteGrid,
  asset: Pick<Asset, 'name' | 'floors'>,
): Origins {
  const most = Math.ceil(bars.length / ORIGIN_STEP_MINUTES) + 1;
  const at = new Float64Array(most);
  const values = new Float64Array(most * barFeatures.length);
  const logVariance = new Float64Array(most * HORIZON_MINUTES.length);
  const features = minuteFeatures(asset);
  let count = 0;
  for (const bar of bars) {
    const close: Micros = bar.openAt + MINUTE;
    if (close % (ORIGIN_STEP_MINUTES * MINUTE) !== 0) {
      features.digest(bar);
      continue;
    }
    const row = features.push(bar);
    if (!row?.warm) continue;
    const after = HORIZON_MINUTES.map((minutes) => labels.logVariance(close, minutes));
    if (after.some(Number.isNaN)) continue;
    at[count] = close;
    values.set(row.values, count * barFeatures.length);
    logVariance.set(after, count * HORIZON_MINUTES.length);
    count += 1;
  }
  return { count, at, values, logVariance };
}

/** Index of the first origin at or after `at`. */
export function originFrom(origins: Origins, at: Micros): number {
  let [low, high] = [0, origins.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((origins.at[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
