import type { Asset } from '../domain/asset.ts';
import { FEATURE_VENUE, type SpotVenue } from '../domain/venues.ts';
import { assetsBySeries } from './kalshi/assets-by-series.ts';
import { seriesOf } from './kalshi/complete-contract.ts';

/**
 * The fields of an event that can identify its asset: the asset's name, a ticker, a contract, or a symbol at
 * a spot venue.
 */
interface Identifying {
  readonly kind: string;
  readonly asset?: string | undefined;
  readonly venue?: string;
  readonly symbol?: string | undefined;
  readonly ticker?: string;
  readonly contract?: { readonly ticker: string };
  readonly forecast?: { readonly asset: string };
  readonly cause?: string;
  readonly scope?: string;
}

/** The answer for an event of a market that belongs to no asset. */
const NO_ASSET = '';

/** How many tickers are remembered: more than are ever open at once. */
const MOST_KEPT = 8_192;

/** Finds the asset that an event or a ticker belongs to. */
export interface AssetOf {
  /**
   * The asset's name; `NO_ASSET` for a market that belongs to no asset; undefined for an event about a whole
   * venue, which concerns all assets.
   */
  readonly event: (event: Identifying) => string | undefined;
  /**
   * The name of the asset that a market ticker belongs to, by its series; `NO_ASSET` for a series of no
   * asset.
   */
  readonly ticker: (ticker: string) => string;
}

/** Finds the asset of events and tickers. It remembers the tickers that it was asked about. */
export function assetOf(assets: readonly Asset[]): AssetOf {
  const bySeries = assetsBySeries(assets);
  const bySymbol = new Map<string, Map<string, string>>();
  for (const { name, spot } of assets)
    for (const [venue, symbol] of Object.entries(spot) as [SpotVenue, string | undefined][]) {
      if (symbol === undefined) continue;
      const symbols = bySymbol.get(venue) ?? new Map<string, string>();
      bySymbol.set(venue, symbols.set(symbol, name));
    }
  const kept = new Map<string, string>();
  // Most events are of the market before: the same string again, which costs no look-up.
  let lastTicker = '';
  let lastName = NO_ASSET;
  const ofTicker = (ticker: string): string => {
    if (ticker === lastTicker) return lastName;
    lastTicker = ticker;
    lastName = keptName(ticker);
    return lastName;
  };
  const keptName = (ticker: string): string => {
    const before = kept.get(ticker);
    if (before !== undefined) return before;
    if (kept.size >= MOST_KEPT) kept.clear();
    const name = bySeries.get(seriesOf(ticker))?.name ?? NO_ASSET;
    kept.set(ticker, name);
    return name;
  };
  const ofSymbol = (venue: string, symbol: string | undefined): string =>
    (symbol === undefined ? undefined : bySymbol.get(venue)?.get(symbol)) ?? NO_ASSET;

  /**
   * A gap in one book or in one symbol's trades concerns only its asset. For a gap of a sid, each of its
   * books is published as void one by one.
   */
  const ofGap = ({ venue = '', cause, scope = '' }: Identifying): string | undefined => {
    switch (cause) {
      case 'checksum':
      case 'tradeId':
        return ofSymbol(venue, scope);
      case 'negativeLevel':
        return ofTicker(scope);
      default:
        return undefined;
    }
  };

  return {
    ticker: ofTicker,
    event: (event) => {
      switch (event.kind) {
        case 'contractDelta':
        case 'contractBook':
        case 'contractSnapshot':
        case 'contractTicker':
        case 'contractTrade':
          return ofTicker(event.ticker ?? '');
        case 'contract':
        case 'contractListed':
          return ofTicker(event.contract?.ticker ?? '');
        case 'spotTrade':
        case 'spotTop':
          return ofSymbol(event.venue ?? '', event.symbol);
        case 'krakenBook':
        case 'krakenBookChecked':
        case 'krakenOhlc':
          return ofSymbol(FEATURE_VENUE, event.symbol);
        case 'remoteForecast':
          return event.forecast?.asset ?? NO_ASSET;
        case 'gap':
          return ofGap(event);
        default:
          return event.asset;
      }
    },
  };
}
