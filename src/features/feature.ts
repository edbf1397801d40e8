import type { MinuteWindows } from './minute-windows.ts';

/** A feature is data about itself and how to read it from the windows. */
export interface Feature {
  /** Unique within its list, and part of the list's hash. */
  readonly name: string;
  readonly unit: string;
  readonly about: string;
  /** Window it looks back on, in minutes; a model divides the season of that window out of it. */
  readonly spanMinutes: number;
  /** Good minutes that its window must hold; with fewer the feature is NaN. */
  readonly warmUpMinutes: number;
  readonly read: (windows: MinuteWindows) => number;
}
