import { filter, map, type OperatorFunction, pipe } from 'rxjs';
import type { Forecast } from '../domain/events/forecast.ts';
import { DAY, HOUR } from '../domain/time.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { seasonWindows, weekProfile } from '../maths/seasons.ts';
import type { Backbone } from './backbone.ts';
import { harForecast } from './har-forecast.ts';
import { tailBySpan } from './tails.ts';
import { variancePath } from './variance-path.ts';

/** Hours in the year of 365 days that volatility is stated by. */
const YEAR_HOURS = (365 * DAY) / HOUR;

/** A forecast for each warm row, as of its close; rows that are not warm give none. */
export function backboneForecasts(backbone: Backbone): OperatorFunction<FeatureRow, Forecast> {
  const profile = weekProfile(backbone.season);
  const horizonsOf = harForecast(backbone.horizons, seasonWindows(profile));
  const tail = tailBySpan(backbone.tails);
  return pipe(
    filter(({ warm }) => warm),
    map(({ at, receivedAt, values }): Forecast => {
      const knots = horizonsOf(values, at);
      const path = variancePath(at, knots, profile);
      return {
        kind: 'forecast',
        at,
        receivedAt,
        model: 'backbone',
        horizons: knots.map(({ minutes, variance }) => ({ minutes, logVariance: Math.log(variance) })),
        path,
        tail,
        annualisedVolatility: Math.sqrt(path.between(at, at + HOUR) * YEAR_HOURS),
      };
    }),
  );
}
