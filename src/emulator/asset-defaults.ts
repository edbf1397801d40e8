import type { SeasonName } from './world/season.ts';

/** The emulated market of an asset, unless the settings differ. */
export interface AssetDefaults {
  /** Its name in titles. */
  readonly coin: string;
  readonly startDollars: number;
  readonly annualisedVolatility: number;
  readonly jumpsPerDay: number;
  readonly jumpDeviation: number;
  readonly season: SeasonName;
  /** Coins traded on Kraken in a minute of mean activity. */
  readonly minuteVolume: number;
  readonly strikeStepDollars: number;
  readonly krakenPriceDecimals: number;
  readonly krakenQuantityDecimals: number;
}

/** How known assets differ from what follows from their index's decimals. */
const KNOWN: Readonly<Record<string, Partial<AssetDefaults>>> = {
  BTC: {
    coin: 'Bitcoin',
    startDollars: 80_000,
    annualisedVolatility: 0.45,
    jumpsPerDay: 24,
    jumpDeviation: 0.001,
    minuteVolume: 1.4,
    strikeStepDollars: 100,
    krakenPriceDecimals: 1,
    krakenQuantityDecimals: 8,
  },
  ETH: {
    coin: 'Ethereum',
    startDollars: 2_500,
    annualisedVolatility: 0.65,
    jumpsPerDay: 24,
    jumpDeviation: 0.0014,
    minuteVolume: 24,
    strikeStepDollars: 20,
    krakenPriceDecimals: 2,
    krakenQuantityDecimals: 8,
  },
  SOL: { coin: 'Solana', startDollars: 140, annualisedVolatility: 0.75 },
  XRP: { coin: 'XRP', startDollars: 2.2, annualisedVolatility: 0.75 },
  DOGE: { coin: 'Dogecoin' },
  BNB: { coin: 'BNB', startDollars: 850, annualisedVolatility: 0.6 },
  HYPE: { coin: 'Hyperliquid', startDollars: 35, annualisedVolatility: 1 },
  ZEC: { coin: 'Zcash', startDollars: 400, annualisedVolatility: 1.1 },
  NEAR: { coin: 'NEAR', startDollars: 2, annualisedVolatility: 0.9 },
};

/** The asset of a configuration without assets. */
export const USUAL_ASSET = 'BTC';

/** Dollars that an unknown asset trades on Kraken in a minute. */
const MINUTE_DOLLARS = 40_000;
const USUAL_DECIMALS = 2;

/**
 * Defaults of an asset by its name. What is not known of an asset follows from the decimals of its index: it
 * starts at a price where its index has six digits, the step of its strikes is the power of ten below a
 * hundredth of its starting price, and Kraken's prices have the decimals of its index.
 */
export function assetDefaults(name: string, indexDecimals: number = USUAL_DECIMALS): AssetDefaults {
  const known = KNOWN[name];
  const startDollars = known?.startDollars ?? 2 / 10 ** (indexDecimals - 5);
  return {
    coin: name,
    startDollars,
    annualisedVolatility: 0.8,
    jumpsPerDay: 24,
    jumpDeviation: 0.0018,
    season: 'stylised',
    minuteVolume: MINUTE_DOLLARS / startDollars,
    strikeStepDollars: 10 ** Math.floor(Math.log10(startDollars / 100)),
    krakenPriceDecimals: indexDecimals,
    krakenQuantityDecimals: 8,
    ...known,
  };
}

/**
 * Kraken's codes of coins that have another name in REST, and whether REST prints them in the old form, `X`
 * before a coin and `Z` before a currency (docs.kraken.com, REST AssetPairs).
 */
export const KRAKEN_CODES: Readonly<Record<string, { readonly code: string; readonly old: boolean }>> = {
  BTC: { code: 'XBT', old: true },
  ETH: { code: 'ETH', old: true },
  XRP: { code: 'XRP', old: true },
  ZEC: { code: 'ZEC', old: true },
};

/** Shard of a series without a shard in the settings. */
export const USUAL_SHARD = 2;
