import type { Asset } from '../../domain/asset.ts';
import type { Forecast } from '../../domain/events/forecast.ts';
import type { IndexValue } from '../../domain/events/market.ts';
import type { Micros } from '../../domain/time.ts';
import { type PrintWindow, printWindow } from '../../pricing/print-window.ts';
import type { ExecutionSettings } from '../settings.ts';
import { type Feeds, feeds } from './feeds.ts';
import { type InputsDigest, inputsDigest } from './inputs-digest.ts';

/** The desk's state of one asset's market. Only the desk changes it, in place. */
export interface MarketState {
  readonly asset: Asset;
  readonly feeds: Feeds;
  readonly digest: InputsDigest;
  prints: PrintWindow;
  index: IndexValue | undefined;
  forecast: Forecast | undefined;
  /** Minutes of history behind the newest row. */
  warmMinutes: number;
  /** Feeds already reported as lacking, so that each is reported once a run. */
  readonly lacking: Set<string>;
}

/** The state before any event. */
export const emptyMarket = (asset: Asset, settings: ExecutionSettings['desk']): MarketState => ({
  asset,
  feeds: feeds(settings),
  digest: inputsDigest(),
  prints: printWindow(asset),
  index: undefined,
  forecast: undefined,
  warmMinutes: 0,
  lacking: new Set(),
});

/** Clears the state at the start of a session. The digest goes on, since it covers the whole run. */
export function beginSession(market: MarketState, at: Micros): void {
  market.prints = printWindow(market.asset);
  market.index = undefined;
  market.forecast = undefined;
  market.warmMinutes = 0;
  market.feeds.reset(at);
}
