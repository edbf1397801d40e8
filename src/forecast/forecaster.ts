import { concatMap, defer, filter, map, type OperatorFunction, pipe } from 'rxjs';
import type { Forecast } from '../domain/events/forecast.ts';
import { DAY, HOUR } from '../domain/time.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import { seasonWindows, weekProfile } from '../maths/seasons.ts';
import type { Clock } from '../operators/clock.ts';
import type { Backbone } from './backbone.ts';
import { ensemble } from './ensemble.ts';
import { type BandedKnot, ensembleKnots } from './ensemble-knots.ts';
import { harForecast } from './har-forecast.ts';
import type { Member } from './member.ts';
import { MEMBER_MINUTES, type ModelFold, type Models } from './models-manifest.ts';
import { tailBySpan } from './tails.ts';
import { variancePath } from './variance-path.ts';

/** What a lane forecasts with. */
export interface Forecaster {
  /** Said once at the start: which models, and why not others. */
  readonly describe: string;
  /** A forecast for each warm row, as of its close; rows that are not warm give none. State is each subscriber's own. */
  readonly forecasts: (clock: Clock) => OperatorFunction<FeatureRow, Forecast>;
}

/** Hours in the year of 365 days that volatility is stated by. */
const YEAR_HOURS = (365 * DAY) / HOUR;

type Said = Pick<Forecast, 'model'> & {
  readonly confidence: Forecast['confidence'] | undefined;
  readonly row: FeatureRow;
  readonly knots: readonly BandedKnot[];
  readonly tail: Forecast['tail'];
};

const forecastOf =
  (profile: Float64Array) =>
  ({ row: { at, receivedAt }, model, confidence, knots, tail }: Said): Forecast => {
    const path = variancePath(at, knots, profile);
    return {
      kind: 'forecast',
      at,
      receivedAt,
      model,
      horizons: knots.map(({ variance, ...knot }) => ({ ...knot, logVariance: Math.log(variance) })),
      path,
      tail,
      annualisedVolatility: Math.sqrt(path.between(at, at + HOUR) * YEAR_HOURS),
      ...(confidence && { confidence }),
    };
  };

const isWarm = ({ warm }: FeatureRow): boolean => warm;

/** HAR-X with season alone. `because` is why the trained models are not used: then every forecast says `fallback`. */
export function backboneForecaster(backbone: Backbone, because?: string): Forecaster {
  const profile = weekProfile(backbone.season);
  const knotsOf = harForecast(backbone.horizons, seasonWindows(profile));
  const tail = tailBySpan(backbone.tails);
  const model = because === undefined ? ('backbone' as const) : ('fallback' as const);
  return {
    describe:
      because === undefined ? 'backbone: HAR-X with season' : `FALLBACK to HAR-X with season: ${because}`,
    forecasts: () =>
      pipe(
        filter(isWarm),
        map((row) => ({ row, model, confidence: undefined, knots: knotsOf(row.values, row.at), tail })),
        map(forecastOf(profile)),
      ),
  };
}

/**
 * The ensemble of one fold. Inference is a promise, so the clock is held until it has answered: event time does not move meanwhile, and a replay is the same
 * whatever the machine's speed. While the guard has taken over, the backbone speaks and forecasts say `backbone`.
 */
export function ensembleForecaster(
  models: Models,
  fold: ModelFold,
  backbone: Backbone,
  members: readonly Member[],
): Forecaster {
  const profile = weekProfile(backbone.season);
  const { knotsOf, tail } = ensembleKnots(fold, backbone, seasonWindows(profile));
  return {
    describe: `ensemble of HAR-X with season, ${members.map(({ name }) => name).join(' and ')}: fold ${fold.name}, trained until ${fold.trainedUntil}, horizons ${MEMBER_MINUTES.join(', ')} minutes`,
    forecasts: (clock) => (source) =>
      defer(() => {
        const { forecast } = ensemble(models, fold, backbone, members);
        return source.pipe(
          filter(isWarm),
          // One after another: minutes that close together must not be scaled by what only the later of them know.
          concatMap((row) =>
            clock
              .hold(() => forecast(row))
              .pipe(
                map((said) => ({
                  row,
                  model: said.leader === 'ensemble' ? ('ensemble' as const) : ('backbone' as const),
                  confidence: said.confidence,
                  knots: knotsOf(row, said),
                  tail,
                })),
              ),
          ),
          map(forecastOf(profile)),
        );
      }),
  };
}
