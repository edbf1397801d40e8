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

/**
 * A volatility forecast as of `at`. `horizons` are the model's own outputs (log of realised variance over the next `minutes`),
 * `path` what pricing integrates, `tail` the law of standardised moves by span in seconds.
 */
export interface Forecast {
  readonly kind: 'forecast';
  readonly at: Micros;
  readonly receivedAt: Micros;
  readonly model: 'backbone';
  readonly horizons: readonly { readonly minutes: number; readonly logVariance: number }[];
  readonly path: VariancePath;
  readonly tail: (spanSeconds: number) => Tail;
  /** √ of the path's variance over the next hour, scaled to a year of 365 days. */
  readonly annualisedVolatility: number;
}
