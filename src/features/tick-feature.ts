import type { TickInput } from './tick-input.ts';
import type { TickMinute } from './tick-minute.ts';

/** A feature made of what venues say between two closes of a minute: data about itself and how to read it. */
export interface TickFeature {
  /** Unique within its list, and part of the list's hash. */
  readonly name: string;
  readonly unit: string;
  /** Kinds of the events that it is made of, the main one first. */
  readonly from: readonly TickInput['kind'][];
  readonly about: string;
  /** Whole minutes for which its feed must have been up before the close; 0 where the state at the close is enough. */
  readonly warmUpMinutes: number;
  /** The value at the close of the minute, NaN where it is not known. */
  readonly read: (minute: TickMinute) => number;
}
