import { type Asset, seriesTickers } from '../../domain/asset.ts';

/**
 * Assets by the ticker of each of their series. Only contracts of these series are followed; the asset gives
 * the unit of their strikes.
 */
export const assetsBySeries = (assets: readonly Asset[]): ReadonlyMap<string, Asset> =>
  new Map(assets.flatMap((asset) => seriesTickers(asset).map((ticker) => [ticker, asset] as const)));
