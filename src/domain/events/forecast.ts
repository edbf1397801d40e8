import type { Known } from '../known.ts';
import type { Micros } from '../time.ts';

/**
 * Expected variance of the log index, summed from `fromAt` onward; it never falls. `varianceBetween` reads
 * it.
 */
export interface VariancePath {
  /** Where the path begins. */
  readonly fromAt: Micros;
  /**
   * Variance from `fromAt` to each whole minute after it; the first element is 0. All nowcasts of one
   * forecast share the array.
   */
  readonly cumulative: readonly number[];
  /** Last instant the path covers. */
  readonly until: Micros;
  /** The time for which the path is valid. It gives no variance before. */
  readonly at: Micros;
  /**
   * The variance after `at` is this factor times the variance by `cumulative`. It is 1 at the close of the
   * minute.
   */
  readonly factor: number;
}

/** Student-t for a move standardised by its forecast deviation: the move is `scale`·sd·t_ν. */
export interface Tail {
  readonly nu: number;
  readonly scale: number;
}

/** The tail of moves over a span of `seconds`. */
export interface TailKnot extends Tail {
  readonly seconds: number;
}

/** Why an ensemble's forecast may be believed. Shares are of the features that have a range from training. */
export interface ForecastConfidence {
  /** Standard deviation of the members' log forecasts at 15 minutes, the backbone among them. */
  readonly disagreement: number;
  /** Share whose value at this minute lies outside the range of 99.9 % of training. */
  readonly outside: number;
  /** Share whose distribution over the last week differs from training, by the population stability index. */
  readonly drifted: number;
  /**
   * Recent QLIKE of the ensemble divided by that of the backbone; null until enough forecasts can be compared
   * with what happened.
   */
  readonly qlikeRatio: number | null;
  /** All the above as one number from 0 to 1. */
  readonly value: number;
}

/**
 * A model's own output at one horizon: logarithms of the variance over the next `minutes`, of the index that
 * settles contracts.
 */
export interface ForecastHorizon {
  readonly minutes: number;
  readonly logVariance: number;
  /**
   * The band. Out of sample, one outcome of ten lay below the low end and one of ten above the high end. It
   * is scaled to the index that settles, as `logVariance` is. `logVariance` is a mean, so it may lie outside
   * the band. Absent if the ensemble has no band, and while the backbone stands in for it.
   */
  readonly lowLogVariance?: number;
  readonly highLogVariance?: number;
}

/**
 * What one forecaster of an ensemble says of one horizon, before it is scaled to the index that settles: the
 * log of the mean variance per minute of the bars over the next `minutes`. `harX` is the backbone.
 * `logVariance` is null where it gave no answer. It can be compared with what the same bars realise.
 */
export interface MemberForecast {
  readonly member: string;
  readonly minutes: number;
  readonly logVariance: Known;
}

/**
 * A volatility forecast as of `at`: plain data. `horizons` are the model's own outputs as of the last closed
 * minute. Pricing reads `path`. `tails` are the tails of standardised moves, by rising span; `tailOf` reads
 * them.
 */
export interface Forecast {
  readonly kind: 'forecast';
  /** Name of the asset. */
  readonly asset: string;
  readonly at: Micros;
  readonly receivedAt: Micros;
  /**
   * Who made the forecast: the ensemble; the backbone, chosen by the configuration or put in by the guard; or
   * the backbone as a fallback, because the models could not be used.
   */
  readonly model: 'ensemble' | 'backbone' | 'fallback';
  readonly horizons: readonly ForecastHorizon[];
  readonly path: VariancePath;
  readonly tails: readonly TailKnot[];
  /** √ of the path's variance over the next hour, scaled to a year of 365 days. */
  readonly annualisedVolatility: number;
  /** Why the ensemble may be believed; absent where there is none. */
  readonly confidence?: ForecastConfidence;
  /** What each forecaster said as of the last closed minute; absent where it is not known. */
  readonly members?: readonly MemberForecast[];
}
