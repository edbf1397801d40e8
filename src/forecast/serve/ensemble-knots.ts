import type { TailKnot } from '../../domain/events/forecast.ts';
import type { Backbone } from '../backbone/backbone.ts';
import { harKnots } from '../backbone/har-forecast.ts';
import type { VarianceKnot } from '../backbone/variance-path.ts';
import { MEMBER_MINUTES, type ModelFold } from '../members/models-manifest.ts';
import type { EnsembleForecast } from './ensemble.ts';

/**
 * A knot with the ensemble's band. The band is in logs of the variance over the knot's minutes, of the moves
 * that settle, like the knot itself.
 */
export interface BandedKnot extends VarianceKnot {
  readonly lowLogVariance?: number;
  readonly highLogVariance?: number;
}

/**
 * What pricing needs from an ensemble: the cumulative variance of the moves that settle at each horizon, and
 * the law of standardised moves. Past the ensemble's last horizon the backbone's forecast is added. Spans
 * without a law of the ensemble use the backbone's.
 */
export function ensembleKnots(
  { horizons }: Pick<ModelFold, 'horizons'>,
  backbone: Pick<Backbone, 'horizons' | 'tails'>,
): {
  readonly knotsOf: (
    forecast: Pick<EnsembleForecast, 'har' | 'logs' | 'leader' | 'band'>,
  ) => readonly BandedKnot[];
  readonly tails: readonly TailKnot[];
} {
  const longest = Math.max(...MEMBER_MINUTES);
  const settle = MEMBER_MINUTES.map(
    (minutes) => horizons.find((each) => each.minutes === minutes)?.logSettle ?? 0,
  );
  const own = horizons.map(({ minutes, nu, tScale }) => ({ seconds: minutes * 60, nu, scale: tScale }));
  const others = backbone.tails.filter(({ seconds }) => own.every((knot) => knot.seconds !== seconds));
  return {
    tails: [...own, ...others].sort((a, b) => a.seconds - b.seconds),
    knotsOf: ({ har, logs, leader, band }) => {
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
      const theirs = harKnots(backbone.horizons, har);
      const theirLast = theirs.find(({ minutes }) => minutes === longest)?.variance ?? 0;
      const beyond = theirs
        .filter(({ minutes }) => minutes > longest)
        .map(({ minutes, variance }) => ({ minutes, variance: last + Math.max(0, variance - theirLast) }));
      return [...knots, ...beyond];
    },
  };
}
