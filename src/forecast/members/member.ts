import type { Micros } from '../../domain/time.ts';
import type { HarReading } from '../backbone/har-forecast.ts';

/** The input of the ensemble's members at an origin. Forecasts and seasons are by `MEMBER_MINUTES`. */
export interface MemberInput {
  readonly at: Micros;
  /** The backbone's forecast at each of its own horizons. */
  readonly har: HarReading;
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

/**
 * A member's answer at an origin: logs by `MEMBER_MINUTES`, which are added to the backbone's forecasts
 * before any scale.
 */
export interface MemberAnswer {
  readonly corrections: Float64Array;
  /**
   * Quantiles before the manifest's constants are added; they may cross. Absent for a member without
   * quantiles.
   */
  readonly quantiles?: Quantiles;
}

/** A trained member. */
export interface Member {
  readonly name: 'lightgbm' | 'patchtst';
  /**
   * Undefined if the member has too few data. It reads its input before it returns, so the caller may reuse
   * it.
   */
  readonly answer: (input: MemberInput) => Promise<MemberAnswer | undefined>;
}
