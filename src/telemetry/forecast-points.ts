import type { Forecast } from '../domain/events/forecast.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';
import type { Point } from './point.ts';
import { point } from './typed-point.ts';

/** A forecast's points: one for the forecast, and one for each horizon, with its band if it has one. */
export const forecastPoints = ({ at, asset, model, horizons, ...forecast }: Forecast): readonly Point[] => [
  ...point('forecast', at, { asset, model }, { annualisedVolatility: forecast.annualisedVolatility }),
  ...horizons.flatMap(({ minutes, logVariance, lowLogVariance, highLogVariance }) => {
    const yearly = (log: number | undefined): number | undefined =>
      log === undefined ? undefined : annualisedVolatility(log, minutes);
    return point(
      'forecastHorizon',
      at,
      { asset, model, minutes: String(minutes) },
      {
        logVariance,
        lowLogVariance,
        highLogVariance,
        annualisedVolatility: annualisedVolatility(logVariance, minutes),
        lowAnnualisedVolatility: yearly(lowLogVariance),
        highAnnualisedVolatility: yearly(highLogVariance),
      },
    );
  }),
];
