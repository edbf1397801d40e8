import { concatMap, defer, filter, map, type OperatorFunction, pipe } from 'rxjs';
import type { Forecast } from '../../domain/events/forecast.ts';
import { known } from '../../domain/known.ts';
import { DAY, HOUR } from '../../domain/time.ts';
import type { MinuteRow } from '../../features/rows/minute-row.ts';
import { barFeatures } from '../../features/sets/bar-features.ts';
import { seasonWindows, weekProfile } from '../../maths/seasons.ts';
import { varianceBetween } from '../../maths/variance-between.ts';
import type { Clock } from '../../operators/clock.ts';
import type { Backbone } from '../backbone/backbone.ts';
import { harKnots, harReadings } from '../backbone/har-forecast.ts';
import { placesOf, warmUpOf } from '../backbone/read-features.ts';
import { variancePath } from '../backbone/variance-path.ts';
import type { Member } from '../members/member.ts';
import { MEMBER_MINUTES, type ModelFold, type Models } from '../members/models-manifest.ts';
import { ensemble, FORECASTERS } from './ensemble.ts';
import { type BandedKnot, ensembleKnots } from './ensemble-knots.ts';

/** The forecaster of a lane. */
export interface Forecaster {
  /** Printed once at the start: which models are used, and why not others. */
  readonly describe: string;
  /** Minutes of history that its models need; those of all features, where it does not say. */
  readonly warmUpMinutes?: number;
  /**
   * Emits a forecast for each warm row, as of its close; rows that are not warm give none. Each subscriber
   * has its own state.
   */
  readonly forecasts: (clock: Clock) => OperatorFunction<MinuteRow, Forecast>;
}

/** Hours in a year of 365 days, for annualised volatility. */
const YEAR_HOURS = (365 * DAY) / HOUR;

type ForecastParts = Pick<Forecast, 'model'> & {
  readonly confidence: Forecast['confidence'] | undefined;
  readonly members: NonNullable<Forecast['members']>;
  readonly row: MinuteRow;
  readonly knots: readonly BandedKnot[];
  readonly tails: Forecast['tails'];
};

const forecastOf =
  (profile: Float64Array) =>
  ({ row: { asset, at, receivedAt }, model, confidence, members, knots, tails }: ForecastParts): Forecast => {
    const path = variancePath(at, knots, profile);
    return {
      kind: 'forecast',
      asset,
      at,
      receivedAt,
      model,
      horizons: knots.map(({ variance, ...knot }) => ({ ...knot, logVariance: Math.log(variance) })),
      path,
      tails,
      annualisedVolatility: Math.sqrt(varianceBetween(path, at, at + HOUR) * YEAR_HOURS),
      ...(confidence && { confidence }),
      members,
    };
  };

/** True for a row that knows every feature that the backbone reads. */
const warmFor = ({ features }: Backbone): ((row: MinuteRow) => boolean) => {
  const places = placesOf(features);
  return places.length === barFeatures.length
    ? ({ warm }) => warm
    : ({ warm, values }) => warm || places.every((place) => !Number.isNaN(values[place]));
};

/**
 * HAR-X with season alone. `because` is the reason why the trained models are not used; with it every
 * forecast has the model `fallback`.
 */
export function backboneForecaster(backbone: Backbone, because?: string): Forecaster {
  const profile = weekProfile(backbone.season);
  const { horizons, tails } = backbone;
  const readings = harReadings(horizons, seasonWindows(profile));
  const model = because === undefined ? ('backbone' as const) : ('fallback' as const);
  return {
    describe:
      because === undefined ? 'backbone: HAR-X with season' : `FALLBACK to HAR-X with season: ${because}`,
    warmUpMinutes: warmUpOf(backbone.features),
    forecasts: () =>
      pipe(
        filter(warmFor(backbone)),
        map((row) => {
          const reading = readings(row.values, row.at);
          const knots = harKnots(horizons, reading);
          const members = horizons.map(({ minutes, jensen }, h) => ({
            member: 'harX',
            minutes,
            logVariance: known((reading.logs[h] as number) + Math.log(jensen)),
          }));
          return { row, model, confidence: undefined, members, knots, tails };
        }),
        map(forecastOf(profile)),
      ),
  };
}

/**
 * The ensemble of one fold. Inference is a promise, so the clock is held until it has settled. Event time
 * does not move meanwhile, and a replay does not depend on the machine's speed. While the guard is active,
 * the forecasts are the backbone's and have the model `backbone`.
 */
export function ensembleForecaster(
  models: Models,
  fold: ModelFold,
  backbone: Backbone,
  members: readonly Member[],
): Forecaster {
  const profile = weekProfile(backbone.season);
  const { knotsOf, tails } = ensembleKnots(fold, backbone);
  return {
    describe: `ensemble of HAR-X with season, ${members.map(({ name }) => name).join(' and ')}: fold ${fold.name}, trained until ${fold.trainedUntil}, horizons ${MEMBER_MINUTES.join(', ')} minutes`,
    warmUpMinutes: warmUpOf(backbone.features),
    forecasts: (clock) => (source) =>
      defer(() => {
        const { forecast } = ensemble(models, fold, backbone, members);
        return source.pipe(
          filter(warmFor(backbone)),
          // Rows are processed one after another: an earlier minute must not be scaled by outcomes that only
          // a later one knows.
          concatMap((row) =>
            clock
              .hold(() => forecast(row))
              .pipe(
                map((made) => ({
                  row,
                  model: made.leader === 'ensemble' ? ('ensemble' as const) : ('backbone' as const),
                  confidence: made.confidence,
                  members: FORECASTERS.flatMap((member) =>
                    MEMBER_MINUTES.map((minutes, h) => ({
                      member,
                      minutes,
                      logVariance: known(made.logs[member][h] as number),
                    })),
                  ),
                  knots: knotsOf(made),
                  tails,
                })),
              ),
          ),
          map(forecastOf(profile)),
        );
      }),
  };
}
