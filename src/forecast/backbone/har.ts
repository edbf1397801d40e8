import type { Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek } from '../../features/minute/new-york.ts';
import { barFeatures } from '../../features/sets/bar-features.ts';
import type { SeasonWindows } from '../../maths/seasons.ts';

/** The linear model of one horizon: see `harDesign` for what the coefficients multiply. */
export interface HarModel {
  readonly minutes: number;
  /** One coefficient for each of `barFeatures`, in its order; 0 for a feature that the model does not read. */
  readonly coefficients: readonly number[];
  /** Coefficient of the season of the window ahead. */
  readonly season: number;
  readonly intercept: number;
  /** Added by New York's hour of the week at the origin; 168 values. */
  readonly hourOfWeek: readonly number[];
  /**
   * E[rv/f]: the factor that turns the exponential of a log forecast into the variance forecast with the
   * lowest QLIKE.
   */
  readonly jensen: number;
  /**
   * E[ret²/f] / E[rv/f]: the factor from the realised variance of one-minute returns to that of the moves
   * that settle.
   */
  readonly settle: number;
}

/**
 * Subtracted from every log variance, in features and target, so that the columns are not all far from zero.
 * It is about the log variance of a calm minute.
 */
export const CENTRE = -16;

/** Number of dense columns: the features, the season ahead, 1. */
export const HAR_COLUMNS = barFeatures.length + 2;

/** Index of the season ahead, the only column that differs between the horizons of an origin. */
export const SEASON_AHEAD = barFeatures.length;

/**
 * Fills `into` with the dense columns of HAR-X (Corsi 2009, J. Fin. Econometrics 7, in logs, with ranges and
 * net moves) for a window of `minutes` from `at`: each feature less the season of its own past window, the
 * season of the window ahead, 1. Returns the hour of the week.
 */
export function harDesign(
  values: ArrayLike<number>,
  at: Micros,
  minutes: number,
  season: SeasonWindows,
  into: Float64Array,
): number {
  const minute = newYorkMinuteOfWeek(at);
  let last = 0;
  let behind = 0;
  for (let i = 0; i < barFeatures.length; i++) {
    const span = (barFeatures[i] as (typeof barFeatures)[number]).spanMinutes;
    if (span !== last) {
      behind = season.logMeanBehind(minute, span);
      last = span;
    }
    into[i] = (values[i] as number) - CENTRE - behind;
  }
  into[SEASON_AHEAD] = season.logMeanAhead(minute, minutes);
  into[SEASON_AHEAD + 1] = 1;
  return Math.floor(minute / 60);
}

/** Log of the mean realised variance per minute over the model's window, before `jensen` and `settle`. */
export function harLogForecast(model: HarModel, design: Float64Array, hour: number): number {
  let sum = CENTRE + model.intercept + (model.hourOfWeek[hour] as number);
  for (let i = 0; i < barFeatures.length; i++) {
    const coefficient = model.coefficients[i] as number;
    // A feature that the model does not read may not be known yet.
    if (coefficient !== 0) sum += coefficient * (design[i] as number);
  }
  return sum + model.season * (design[SEASON_AHEAD] as number);
}
