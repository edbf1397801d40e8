import type { MinuteBar } from '../domain/bars.ts';
import { MINUTE, type Micros } from '../domain/time.ts';
import { barFeatures } from './bar-features.ts';
import type { FeatureRow } from './feature-row.ts';
import { minuteChannels } from './minute-channels.ts';
import { minuteWindows } from './minute-windows.ts';
import { treeSet } from './tree-set.ts';

/** Features as bars arrive. `receivedAt` of a row is the close itself where it is not given. */
export interface MinuteFeatures {
  /** Takes in a finished bar without reading features, as warm-up does. False for a bar that is not later than all before it. */
  readonly digest: (bar: MinuteBar) => boolean;
  /** Takes in a finished bar and reads every feature at its close; undefined for a bar that is not later than all before it. */
  readonly push: (bar: MinuteBar, receivedAt?: Micros) => FeatureRow | undefined;
  /** The row at the close of the last bar; undefined before the first. */
  readonly row: (receivedAt?: Micros) => FeatureRow | undefined;
  readonly reset: () => void;
}

/** State of `barFeatures`, `treeSet` and the channels over one-minute bars in order. What a row says depends on bars up to its own close alone. */
export function minuteFeatures(): MinuteFeatures {
  const windows = minuteWindows();
  const channels = minuteChannels();
  let last: MinuteBar | undefined;
  let bars = 0;
  const digest = (bar: MinuteBar): boolean => {
    if (!windows.push(bar)) return false;
    channels.push(bar);
    last = bar;
    bars += 1;
    return true;
  };
  const row = (receivedAt?: Micros): FeatureRow | undefined => {
    if (!last) return undefined;
    const values = Float64Array.from(barFeatures, ({ read }) => read(windows));
    const at = last.openAt + MINUTE;
    const warm = !values.some(Number.isNaN);
    return {
      kind: 'featureRow',
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
