import { dollarsOfUnits } from '../domain/contracts.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import { bandOf, lowerMedian, majorityOf } from '../pricing/agreement.ts';
import type { IndexBase } from '../pricing/close-moments.ts';
import type { SpotPrice } from '../pricing/spot-sources.ts';
import type { RiskSettings } from './settings.ts';

/** How independent prices support the index, as of one moment. Distances and bands are in basis points. */
export interface Support {
  /**
   * Independent sources of the index's value: the prints, if it is one, and every fresh spot venue within its
   * band. A twin counts as one source by itself.
   */
  readonly sources: number;
  /** Fresh spot venues. */
  readonly venues: number;
  /**
   * Distance and band of the venue that decides: if the index is within this band, it is within those of more
   * than half of the venues. NaN without a venue, without an index or without a forecast.
   */
  readonly distance: number;
  readonly band: number;
  /** Venues outside the band of the others, and their names. */
  readonly far: number;
  readonly farNames: string;
}

const BASIS_POINTS = 10_000;

/**
 * Holds the value that prices start from (`index`) against each fresh spot venue. The band of a venue is made of the stated errors of both,
 * and of the forecast's volatility over the time between them, and is at least
 * `limits.indexBandBasisPoints`. The venues are held against each other in the same way: of two, both are far
 * if they disagree; of three or more, those outside the band of the median are.
 */
export function supportOf(
  index: { readonly base: IndexBase; readonly decimals: number } | undefined,
  spots: readonly SpotPrice[],
  forecast: Forecast | undefined,
  errorVariance: number,
  limits: Pick<RiskSettings, 'indexBandBasisPoints' | 'indexBandDeviations'>,
): Support {
  const terms = { basisPoints: limits.indexBandBasisPoints, deviations: limits.indexBandDeviations };
  const volatility = forecast?.annualisedVolatility ?? Number.NaN;
  const errorOf = ({ variance }: SpotPrice): number => variance ?? errorVariance;
  const base = index?.base;
  const log = index ? Math.log(dollarsOfUnits(index.base.units, index.decimals)) : Number.NaN;

  const held: { readonly distance: number; readonly band: number; readonly headroom: number }[] = [];
  let agreeing = 0;
  for (const spot of spots) {
    const variance = errorOf(spot) + (base?.variance ?? Number.NaN);
    const band = bandOf(terms, variance, volatility, spot.at - (base?.at ?? Number.NaN));
    const distance = Math.abs(spot.log - log);
    // NaN sorts nowhere, so an unknown distance counts as the furthest of all.
    const headroom = band - distance >= Number.NEGATIVE_INFINITY ? band - distance : Number.NEGATIVE_INFINITY;
    if (headroom >= 0) agreeing++;
    held.push({ distance, band, headroom });
  }
  held.sort((a, b) => b.headroom - a.headroom);
  const deciding = held[majorityOf(held.length) - 1];
  const far = farFrom(
    spots,
    (one, at, variance) => bandOf(terms, errorOf(one) + variance, volatility, one.at - at),
    errorOf,
  );
  return {
    sources: base === undefined ? 0 : base.source === 'prints' ? 1 + agreeing : Math.max(1, agreeing),
    venues: spots.length,
    distance: (deciding?.distance ?? Number.NaN) * BASIS_POINTS,
    band: (deciding?.band ?? Number.NaN) * BASIS_POINTS,
    far: far.length,
    farNames: far.map(({ venue }) => venue).join(' '),
  };
}

function farFrom(
  spots: readonly SpotPrice[],
  band: (one: SpotPrice, at: number, variance: number) => number,
  errorOf: (one: SpotPrice) => number,
): readonly SpotPrice[] {
  const [first, second, third] = spots;
  if (first === undefined || second === undefined) return [];
  if (third === undefined)
    return Math.abs(first.log - second.log) <= band(first, second.at, errorOf(second)) ? [] : spots;
  const middle = lowerMedian(spots.map(({ log }) => log));
  const at = lowerMedian(spots.map((spot) => spot.at));
  return spots.filter((spot) => !(Math.abs(spot.log - middle) <= band(spot, at, 0)));
}
