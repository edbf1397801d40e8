import type { FeeTerms } from './contracts.ts';
import type { SpotVenue } from './venues.ts';

/**
 * Products that Kalshi lists on one index: `range` pays between two strikes, `above` past a strike,
 * `quarterHour` pays at or past the settlement value of the quarter-hour before.
 */
export const SERIES_KINDS = ['range', 'above', 'quarterHour'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/**
 * Added to a feature before its logarithm is taken, so that a market that stands still gives no infinity.
 * Units: squared log returns per minute.
 */
export interface FeatureFloors {
  /** Added to every variance. */
  readonly variance: number;
  /** Added to the square of a net move, which may be 0 by chance. */
  readonly net: number;
  /** Added to the square of a distance from an extreme. */
  readonly distance: number;
}

/**
 * One coin: the venues that quote it, the series listed on it, the index that settles them, and the models
 * that forecast it.
 */
export interface Asset {
  /**
   * Short name, such as the coin's symbol; unique in the configuration, and the key of everything that is
   * published by asset.
   */
  readonly name: string;
  /** Its pair at each spot venue that quotes it, spelt as that venue spells it. */
  readonly spot: Readonly<Partial<Record<SpotVenue, string>>>;
  /** Ticker of the series of each product. */
  readonly series: Readonly<Partial<Record<SeriesKind, string>>>;
  /** Identifier of the index that settles its contracts. */
  readonly indexId: string;
  /**
   * Decimals of the index's prints, of strikes and of settlement values: their unit is 10^-decimals dollars.
   */
  readonly indexDecimals: number;
  /**
   * Fee terms of its series, used until the venue has sent its own. If undefined, only terms from the venue
   * are used.
   */
  readonly fee: FeeTerms | undefined;
  /**
   * File of the models that forecast: a manifest of trained models, or a backbone. Either a path, or
   * `shipped:` followed by the name of a file in the package's models folder.
   */
  readonly models: string | undefined;
  readonly floors: FeatureFloors;
}

/** Tickers of the asset's series. */
export const seriesTickers = ({ series }: Pick<Asset, 'series'>): readonly string[] =>
  SERIES_KINDS.flatMap((kind) => series[kind] ?? []);

/** Units of the index in one dollar. */
export const unitsPerDollar = ({ indexDecimals }: Pick<Asset, 'indexDecimals'>): number =>
  10 ** indexDecimals;
