import { type Asset, SERIES_KINDS, type SeriesKind, unitsPerDollar } from '../domain/asset.ts';
import type { FeeTerms } from '../domain/contracts.ts';
import { assetDefaults, USUAL_SHARD } from './asset-defaults.ts';
import { type KrakenPair, krakenPair } from './kraken/pair.ts';
import { type EmulatorSettings, jumpsFit } from './settings.ts';
import type { SeasonName } from './world/season.ts';

/** A series of the emulated Kalshi. */
export interface EmulatedSeries {
  readonly ticker: string;
  readonly kind: SeriesKind;
  /** The asset's name, and its name in titles. */
  readonly asset: string;
  readonly coin: string;
  readonly exchangeIndex: number;
  readonly fee: FeeTerms;
}

/** An asset with all that the emulator needs for its markets. */
export interface EmulatedAsset {
  readonly name: string;
  readonly indexId: string;
  /** Decimals of the index: its unit is 10^-decimals dollars. */
  readonly indexDecimals: number;
  readonly unitsPerDollar: number;
  /** The seed of all random numbers of the asset. The first asset has the seed of the settings. */
  readonly seed: string;
  readonly startDollars: number;
  readonly annualisedVolatility: number;
  readonly jumpsPerDay: number;
  readonly jumpDeviation: number;
  readonly season: SeasonName;
  /** Coins traded on Kraken in a minute of mean activity. */
  readonly minuteVolume: number;
  /** Distance between hourly strikes, in units of the index. */
  readonly strikeStepUnits: number;
  /** Its pair at Kraken; undefined if Kraken does not list it. */
  readonly pair: KrakenPair | undefined;
  readonly series: Readonly<Partial<Record<SeriesKind, EmulatedSeries>>>;
}

const QUADRATIC: FeeTerms = { kind: 'quadratic', multiplier: 1 };

/** A smaller step has no room for a strike one unit below a round value and for the middle of a range. */
const LEAST_STEP_UNITS = 2;

/**
 * The assets with the markets that the settings describe. Throws if the jumps of an asset exceed its
 * volatility. The schema cannot check that when one key is in `markets` and the other is not.
 */
export function emulatedAssets(
  settings: EmulatorSettings,
  assets: readonly Asset[],
): readonly EmulatedAsset[] {
  return assets.map((asset, i): EmulatedAsset => {
    const { name, indexId, indexDecimals } = asset;
    const { startDollars, annualisedVolatility, jumpsPerDay, jumpDeviation, season } = settings;
    const given = Object.entries({
      ...(i === 0 && { startDollars, annualisedVolatility, jumpsPerDay, jumpDeviation, season }),
      ...settings.markets[name],
    }).filter(([, value]) => value !== undefined);
    const market = { ...assetDefaults(name, indexDecimals), ...Object.fromEntries(given) };
    if (!jumpsFit(name, market))
      throw new Error(`emulator.markets.${name}: jumps alone must not exceed annualisedVolatility`);
    const perDollar = unitsPerDollar(asset);
    const series = SERIES_KINDS.flatMap((kind) => {
      const ticker = asset.series[kind];
      if (ticker === undefined) return [];
      const exchangeIndex = settings.exchangeIndex[ticker] ?? USUAL_SHARD;
      const fee = asset.fee ?? QUADRATIC;
      return [[kind, { ticker, kind, asset: name, coin: market.coin, exchangeIndex, fee }] as const];
    });
    return {
      name,
      indexId,
      indexDecimals,
      unitsPerDollar: perDollar,
      seed: i === 0 ? settings.seed : `${settings.seed}/${name}`,
      startDollars: market.startDollars,
      annualisedVolatility: market.annualisedVolatility,
      jumpsPerDay: market.jumpsPerDay,
      jumpDeviation: market.jumpDeviation,
      season: market.season,
      minuteVolume: market.minuteVolume,
      strikeStepUnits: Math.max(LEAST_STEP_UNITS, Math.round(market.strikeStepDollars * perDollar)),
      pair:
        asset.spot.kraken === undefined
          ? undefined
          : krakenPair(asset.spot.kraken, {
              priceDecimals: market.krakenPriceDecimals,
              quantityDecimals: market.krakenQuantityDecimals,
              startDollars: market.startDollars,
            }),
      series: Object.fromEntries(series),
    };
  });
}

/** All series of the assets, by asset. */
export const seriesOf = (assets: readonly EmulatedAsset[]): readonly EmulatedSeries[] =>
  assets.flatMap(({ series }) => SERIES_KINDS.flatMap((kind) => series[kind] ?? []));
