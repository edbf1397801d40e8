import { assetsSetting } from '../../src/config/assets.ts';
import type { Asset } from '../../src/domain/asset.ts';

const known = assetsSetting.parse(['BTC', 'ETH', 'SOL', 'DOGE']) as readonly Asset[];

/** Assets as configuration knows them, whose indices have 2, 2, 4 and 7 decimals. */
export const [BTC, ETH, SOL, DOGE] = known as readonly [Asset, Asset, Asset, Asset];

/** Bitcoin with these series alone, whatever they are called. */
export const onSeries = (...tickers: readonly string[]): Asset => {
  const [range, above, quarterHour] = tickers;
  return {
    ...BTC,
    series: { ...(range && { range }), ...(above && { above }), ...(quarterHour && { quarterHour }) },
  };
};
