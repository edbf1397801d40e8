import type { Asset } from '../../domain/asset.ts';
import type { MinuteBar } from '../../domain/bars.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { minuteChannels } from '../minute/minute-channels.ts';
import { minuteWindows } from '../minute/minute-windows.ts';
import { barFeatures } from '../sets/bar-features.ts';
import { treeSet } from '../sets/tree-set.ts';
import type { MinuteRow } from './minute-row.ts';

/** Features of arriving bars. `receivedAt` of a row is the close if it is not given. */
export interface MinuteFeatures {
  /**
   * Adds a finished bar without reading features, for the warm-up. False for a bar that is not later than all
   * before it.
   */
  readonly digest: (bar: MinuteBar) => boolean;
  /**
   * Adds a finished bar and reads every feature at its close; undefined for a bar that is not later than all
   * before it.
   */
  readonly push: (bar: MinuteBar, receivedAt?: Micros) => MinuteRow | undefined;
  /** The row at the close of the last bar; undefined before the first. */
  readonly row: (receivedAt?: Micros) => MinuteRow | undefined;
  readonly reset: () => void;
}

/**
 * State of `barFeatures`, `treeSet` and the channels over an asset's one-minute bars in order. A row depends
 * only on bars up to its own close.
 */
export function minuteFeatures({ name, floors }: Pick<Asset, 'name' | 'floors'>): MinuteFeatures {
  const windows = minuteWindows(floors);
  const channels = minuteChannels(floors.variance);
  let last: MinuteBar | undefined;
  let bars = 0;
  const digest = (bar: MinuteBar): boolean => {
    if (!windows.push(bar)) return false;
    channels.push(bar);
    last = bar;
    bars += 1;
    return true;
  };
  const row = (receivedAt?: Micros): MinuteRow | undefined => {
    if (!last) return undefined;
    const at = last.openAt + MINUTE;
    const values = Float64Array.from(barFeatures, ({ read }) => read(windows, at));
    const warm = !values.some(Number.isNaN);
    return {
      kind: 'minuteRow',
      asset: name,
      at,
      receivedAt: receivedAt ?? at,
      values,
      inputs: Float64Array.from(treeSet, ({ read }) => read(windows, at)),
      window: channels.window(),
      windowReturns: channels.returns(),
      warm,
      bars,
    };
  };
  return {
    digest,
    push: (bar, receivedAt) => (digest(bar) ? row(receivedAt) : undefined),
    row,
    reset: () => {
      windows.reset();
      channels.reset();
      last = undefined;
      bars = 0;
    },
  };
}
