import type { Tail } from '../domain/events/forecast.ts';
import type { FeatureRow } from '../features/feature-row.ts';
import type { SeasonWindows } from '../maths/seasons.ts';
import type { Backbone } from './backbone.ts';
import type { EnsembleForecast } from './ensemble.ts';
import { harForecast } from './har-forecast.ts';
import { MEMBER_MINUTES, type ModelFold } from './models-manifest.ts';
import { tailBySpan } from './tails.ts';
import type { VarianceKnot } from './variance-path.ts';

/** A knot with the ensemble's band: logs of the variance over its minutes, of the moves that settle as the knot's own. */
export interface BandedKnot extends VarianceKnot {
  readonly lowLogVariance?: number;
  readonly highLogVariance?: number;
}

/**
 * What pricing needs of an ensemble: cumulative variance of the moves that settle at each horizon, and the law of standardised moves. Past the last horizon of the
 * ensemble the backbone adds what it expects there; laws at spans that the ensemble has none for are the backbone's.
 */
export function ensembleKnots(
  { horizons }: Pick<ModelFold, 'horizons'>,
  backbone: Backbone,
  seasons: SeasonWindows,
): {
  readonly knotsOf: (row: FeatureRow, said: EnsembleForecast) => readonly BandedKnot[];
  readonly tail: (spanSeconds: number) => Tail;
} {
  const longest = Math.max(...MEMBER_MINUTES);
  const backboneKnots = harForecast(
    backbone.horizons.filter(({ minutes }) => minutes >= longest),
    seasons,
  );
  const settle = MEMBER_MINUTES.map(
    (minutes) => horizons.find((each) => each.minutes === minutes)?.logSettle ?? 0,
  );
  const own = horizons.map(({ minutes, nu, tScale }) => ({ seconds: minutes * 60, nu, scale: tScale }));
  const others = backbone.tails.filter(({ seconds }) => own.every((knot) => knot.seconds !== seconds));
  return {
    tail: tailBySpan([...own, ...others].sort((a, b) => a.seconds - b.seconds)),
    knotsOf: ({ values, at }, { logs, leader, band }) => {
      const knots = MEMBER_MINUTES.map((minutes, h): BandedKnot => {
        const settled = settle[h] as number;
        const whole = settled + Math.log(minutes);
        return {
          minutes,
          variance: minutes * Math.exp((logs[leader][h] as number) + settled),
          ...(band && {
            lowLogVariance: (band.low[h] as number) + whole,
            highLogVariance: (band.high[h] as number) + whole,
          }),
        };
      });
      const last = knots[knots.length - 1]?.variance ?? 0;
      const theirs = backboneKnots(values, at);
      const theirLast = theirs.find(({ minutes }) => minutes === longest)?.variance ?? 0;
      const beyond = theirs
        .filter(({ minutes }) => minutes > longest)
        .map(({ minutes, variance }) => ({ minutes, variance: last + Math.max(0, variance - theirLast) }));
      return [...knots, ...beyond];
    },
  };
}
