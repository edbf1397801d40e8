import type { Micros } from '../time.ts';

/** Cumulative variance of the log index: additive and monotone. */
export interface VariancePath {
  /** Variance of the log move from `from` to `to` (microseconds since the epoch); NaN outside what the path covers. */
  readonly between: (from: Micros, to: Micros) => number;
  /** Last instant the path covers. */
  readonly until: Micros;
}

/** Student-t for a move standardised by its forecast deviation: the move is `scale`·sd·t_ν. */
export interface Tail {
  readonly nu: number;
  readonly scale: number;
}

/** Why an ensemble's forecast may be believed. Shares are of the features that have a range from training. */
export interface ForecastConfidence {
  /** Standard deviation of the members' log forecasts at 15 minutes, the backbone among them. */
  readonly disagreement: number;
  /** Share outside all but 0.1 % of training, at this minute. */
  readonly outside: number;
  /** Share whose law over the last week is not that of training (population stability index). */
  readonly drifted: number;
  /** QLIKE of the ensemble over the backbone's, lately; NaN until enough has come true. */
  readonly qlikeRatio: number;
  /** All of it as one number from 0 to 1. */
  readonly value: number;
}

/** A model's own output at one horizon: logs of the variance over the next `minutes`, of the moves that settle. */
export interface ForecastHorizon {
  readonly minutes: number;
  readonly logVariance: number;
  /**
   * Below the one and above the other a tenth of what came lay out of sample each, scaled to moves that settle as `logVariance` is. The band is of outcomes:
   * `logVariance`, a mean, may lie outside. Absent where the ensemble has none, and while the backbone speaks.
   */
  readonly lowLogVariance?: number;
  readonly highLogVariance?: number;
}

/**
 * A volatility forecast as of `at`. `horizons` are the model's own outputs, as of the last minute that closed, `path` is what pricing integrates, `tail` the law of
 * standardised moves by span in seconds.
 */
export interface Forecast {
  readonly kind: 'forecast';
  readonly at: Micros;
  readonly receivedAt: Micros;
  /** Who forecast: the ensemble; the backbone, because it was chosen or has taken over; or the backbone as a fallback, because the models could not be used. */
  readonly model: 'ensemble' | 'backbone' | 'fallback';
  readonly horizons: readonly ForecastHorizon[];
  readonly path: VariancePath;
  readonly tail: (spanSeconds: number) => Tail;
  /** √ of the path's variance over the next hour, scaled to a year of 365 days. */
  readonly annualisedVolatility: number;
  /** Why the ensemble may be believed; absent where there is none. */
  readonly confidence?: ForecastConfidence;
}
