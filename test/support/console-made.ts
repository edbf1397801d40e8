import type { AssetView, ContractView } from '../../src/console/state.ts';

/** A contract as the console shows it: a threshold of $100 that is open and has an empty book. */
export const aContract = (over: Partial<ContractView> & { readonly ticker: string }): ContractView => ({
  asset: 'BTC',
  series: 'KXBTCD',
  closeAt: 1,
  openAt: 0,
  strikeType: 'greater_or_equal',
  floorDollars: 100,
  capDollars: null,
  state: 'active',
  live: true,
  bidTicks: null,
  askTicks: null,
  bidCount: 0,
  askCount: 0,
  bids: [],
  asks: [],
  fairTicks: null,
  fairErrorTicks: null,
  position: 0,
  decision: null,
  result: null,
  pnlDollars: null,
  ...over,
});

/** An asset of which nothing is known. */
export const anAsset = (over: Partial<AssetView>): AssetView => ({
  asset: 'BTC',
  indexDollars: null,
  indexSource: null,
  indexAt: null,
  volatilities: { forecast: null, low: null, high: null, implied: null, realised: null },
  confidence: null,
  model: null,
  drift: null,
  cone: [],
  ...over,
});
