import type { Micros } from '../domain/time.ts';

/** What members of the ensemble read at an origin. Forecasts and seasons by `MEMBER_MINUTES`. */
export interface MemberInput {
  readonly at: Micros;
  /** The backbone's log forecasts of variance per minute, before any scale. */
  readonly harX: Float64Array;
  /** Log of the season of the window ahead, and of the last hour. */
  readonly seasonAhead: Float64Array;
  readonly seasonBehind: number;
  /** Values of `treeSet`. */
  readonly inputs: Float64Array;
  /** Rows of `CHANNELS`. */
  readonly window: Float32Array;
  /** Minutes of the window that have a return. */
  readonly windowReturns: number;
}

/** The 10 % and the 90 % quantile of log realised variance by `MEMBER_MINUTES`. */
export interface Quantiles {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What a member says at an origin: logs by `MEMBER_MINUTES`, to be added to the backbone's forecasts before any scale. */
export interface MemberAnswer {
  readonly corrections: Float64Array;
  /** Before the manifest's constants; they may cross. Absent from a member that has none. */
  readonly quantiles?: Quantiles;
}

/** A trained member. */
export interface Member {
  readonly name: 'lightgbm' | 'patchtst';
  /** Undefined where it has too little to go by. It reads all it needs before it returns. */
  readonly answer: (input: MemberInput) => Promise<MemberAnswer | undefined>;
}
