import type { Micros } from '../domain/time.ts';

/** What members of the ensemble read at an origin. Forecasts and seasons by `MEMBER_MINUTES`. */
export interface MemberInput {
  readonly at: Micros;
  /** The backbone's log forecasts of variance per minute, before any scale. */
  readonly harX: Float64Array;
  /** Log of the season of the window ahead, and of the last hour. */
  readonly seasonAhead: Float64Array;
  readonly seasonBehind: number;
  /** Values of `barsSet`. */
  readonly inputs: Float64Array;
  /** Rows of `CHANNELS`. */
  readonly window: Float32Array;
  /** Minutes of the window that have a return. */
  readonly windowReturns: number;
}

/** A trained member: log corrections to the backbone by `MEMBER_MINUTES`. */
export interface Member {
  readonly name: 'lightgbm' | 'patchtst';
  /** Undefined where it has too little to go by. It reads all it needs before it returns. */
  readonly corrections: (input: MemberInput) => Promise<Float64Array | undefined>;
}
