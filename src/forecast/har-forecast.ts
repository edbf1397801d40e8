import type { Micros } from '../domain/time.ts';
import type { SeasonWindows } from '../maths/seasons.ts';
import { HAR_COLUMNS, type HarModel, harDesign, harLogForecast } from './har.ts';
import type { VarianceKnot } from './variance-path.ts';

/** Variance of the move over each model's window from `at`, given the features there: e^forecast · minutes · jensen · settle. */
export function harForecast(
  models: readonly HarModel[],
  season: SeasonWindows,
): (values: ArrayLike<number>, at: Micros) => readonly VarianceKnot[] {
  const design = new Float64Array(HAR_COLUMNS);
  return (values, at) =>
    models.map((model) => {
      const hour = harDesign(values, at, model.minutes, season, design);
      const perMinute = Math.exp(harLogForecast(model, design, hour)) * model.jensen * model.settle;
      return { minutes: model.minutes, variance: perMinute * model.minutes };
    });
}
