import type { FeeTerms } from './contracts.ts';
import type { SpotVenue } from './venues.ts';

/**
 * Products that Kalshi lists on one index: `range` pays between two strikes, `above` past a strike, `quarterHour` at or past what the quarter-hour
 * before settled at.
 */
export const SERIES_KINDS = ['range', 'above', 'quarterHour'] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** Added inside logarithms of an asset's features, so that silence stays finite; per minute, in squared log returns. */
export interface FeatureFloors {
  /** Under every variance. */
  readonly variance: number;
  /** Under the square of a net move, which may be 0 by chance. */
  readonly net: number;
  /** Under the square of a distance from an extreme. */
  readonly distance: number;
}

/** One coin: where it is quoted, what is listed on it, what settles it and what forecasts it. */
export interface Asset {
  /** Short name, such as the coin's symbol; unique in the configuration, and the key of everything that is told by asset. */
  readonly name: string;
  /** Its pair at each spot venue that quotes it, spelt as that venue spells it. */
  readonly spot: Readonly<Partial<Record<SpotVenue, string>>>;
  /** Ticker of the series of each product. */
  readonly series: Readonly<Partial<Record<SeriesKind, string>>>;
  /** Identifier of the index that settles its contracts. */
  readonly indexId: string;
  /** Decimals of the index's prints, of strikes and of settlement values: their unit is 10^-decimals dollars. */
  readonly indexDecimals: number;
  /** Fee terms of its series until the venue has told them; undefined where only the venue's own word counts. */
  readonly fee: FeeTerms | undefined;
  /** Manifest of trained models or a backbone to forecast with; a path, or `shipped:` and a file of the package's models folder. */
  readonly models: string | undefined;
  readonly floors: FeatureFloors;
}

/** Tickers of the asset's series. */
export const seriesTickers = ({ series }: Asset): readonly string[] =>
  SERIES_KINDS.flatMap((kind) => series[kind] ?? []);

/** Units of the index in one dollar. */
export const unitsPerDollar = ({ indexDecimals }: Pick<Asset, 'indexDecimals'>): number =>
  10 ** indexDecimals;
