import type { Micros } from '../../domain/time.ts';
import { newYorkMinuteOfWeek } from '../../features/minute/new-york.ts';
import type { SeasonWindows } from '../../maths/seasons.ts';
import { HAR_COLUMNS, type HarModel, harDesign, harLogForecast, SEASON_AHEAD } from './har.ts';
import type { VarianceKnot } from './variance-path.ts';

/**
 * The forecast of HAR-X at an origin, one value a model. It is computed once a row, and everything that needs
 * it reads this value.
 */
export interface HarReading {
  /** Log of the mean realised variance per minute over the model's window, before `jensen` and `settle`. */
  readonly logs: Float64Array;
  /** Log of the season of the window ahead. */
  readonly seasonAhead: Float64Array;
}

/** Computes all horizons of HAR-X from the features at an origin. */
export function harReadings(
  models: readonly HarModel[],
  season: SeasonWindows,
): (values: ArrayLike<number>, at: Micros) => HarReading {
  const design = new Float64Array(HAR_COLUMNS);
  return (values, at) => {
    const minute = newYorkMinuteOfWeek(at);
    const seasonAhead = Float64Array.from(models, ({ minutes }) => season.logMeanAhead(minute, minutes));
    const hour = harDesign(values, at, models[0]?.minutes ?? 1, season, design);
    // Only the season ahead differs between horizons.
    const logs = Float64Array.from(models, (model, h) => {
      design[SEASON_AHEAD] = seasonAhead[h] as number;
      return harLogForecast(model, design, hour);
    });
    return { logs, seasonAhead };
  };
}

/** Variance of the move over each model's window: e^log · minutes · jensen · settle. */
export const harKnots = (models: readonly HarModel[], { logs }: HarReading): readonly VarianceKnot[] =>
  models.map(({ minutes, jensen, settle }, h) => ({
    minutes,
    variance: Math.exp(logs[h] as number) * jensen * settle * minutes,
  }));
