import type { Micros } from '../domain/time.ts';
import type { MinuteWindows } from './minute/minute-windows.ts';

/** A feature: its description, and how to read it from the state of its set. */
export interface Feature<State> {
  /** Unique within its list, and part of the list's hash. */
  readonly name: string;
  readonly unit: string;
  readonly about: string;
  /** Kinds of the events that it is computed from, the main one first. */
  readonly source: readonly string[];
  /**
   * Length of its past window in minutes; a model may divide by the season of that window. 0 for a value at
   * the close only.
   */
  readonly spanMinutes: number;
  /** Good minutes that its window must hold; with fewer the feature is NaN. */
  readonly warmUpMinutes: number;
  /** The value when a minute closes at `at`; NaN where it is not known. */
  readonly read: (state: State, at: Micros) => number;
}

/** A feature of one-minute bars. */
export type MinuteFeature = Feature<MinuteWindows>;
