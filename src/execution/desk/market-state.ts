import type { Asset } from '../../domain/asset.ts';
import { dollarsOfUnits } from '../../domain/contracts.ts';
import type { Forecast } from '../../domain/events/forecast.ts';
import type { ContractChanged, IndexValue, PriceDoubt } from '../../domain/events/market.ts';
import type { Gap, IndexPrint } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import { EXCHANGE } from '../../domain/venues.ts';
import { type PrintWindow, printWindow } from '../../pricing/print-window.ts';
import type { PricingSettings } from '../../pricing/settings.ts';
import { settledValueOf } from '../../pricing/settled-value.ts';
import { type SpotSources, spotSources } from '../../pricing/spot-sources.ts';
import type { ExecutionSettings } from '../settings.ts';
import { type Feeds, feeds } from './feeds.ts';
import { type InputsDigest, inputsDigest } from './inputs-digest.ts';

/** The desk's state of one asset's market. Only the desk changes it, in place. */
export interface MarketState {
  readonly asset: Asset;
  readonly feeds: Feeds;
  readonly digest: InputsDigest;
  /** The spot venues' prices, against which the index is held. */
  readonly spots: SpotSources;
  /** Receipt of the newest print that is held back; undefined if none is newer than the last believed one. */
  heldAt: Micros | undefined;
  prints: PrintWindow;
  index: IndexValue | undefined;
  forecast: Forecast | undefined;
  /** Minutes of history behind the newest row. */
  warmMinutes: number;
  /** Feeds already reported as lacking, so that each is reported once a run. */
  readonly lacking: Set<string>;
  /** The first close of a contract that was not looked at for its settlement since it had passed. */
  nextCloseAt: Micros;
  /** True if prints or contracts changed since contracts were looked at for their settlement. */
  settleAgain: boolean;
}

/** The state before any event. */
export const emptyMarket = (
  asset: Asset,
  settings: ExecutionSettings['desk'],
  twin: PricingSettings['twin'],
): MarketState => ({
  asset,
  feeds: feeds(settings),
  digest: inputsDigest(),
  spots: spotSources(twin, asset),
  heldAt: undefined,
  prints: printWindow(asset),
  index: undefined,
  forecast: undefined,
  warmMinutes: 0,
  lacking: new Set(),
  nextCloseAt: Number.POSITIVE_INFINITY,
  settleAgain: true,
});

/** Clears the state at the start of a session. The digest goes on, since it covers the whole run. */
export function beginSession(market: MarketState, at: Micros): void {
  market.prints = printWindow(market.asset);
  market.settleAgain = true;
  market.index = undefined;
  market.heldAt = undefined;
  market.forecast = undefined;
  market.warmMinutes = 0;
  market.feeds.reset(at);
}

/** A print is believed: none that came before it is in dispute, and the venues' bases learn from it. */
export function noteBelieved(
  market: MarketState,
  { units, decimals, receivedAt, hertz }: IndexPrint,
  twin: PricingSettings['twin'],
): void {
  market.heldAt = undefined;
  if (hertz === 1)
    market.spots.learn(
      dollarsOfUnits(units, decimals),
      receivedAt,
      twin.venueFreshMicros,
      twin.agree.basisPoints / 10_000,
    );
}

/** A contract's terms may tell what the quarter before it settled at: the venues' bases learn from it. */
export function noteTerms(market: MarketState, event: ContractChanged, twin: PricingSettings['twin']): void {
  const settled = settledValueOf(event, market.asset);
  if (settled) market.spots.settle(settled, event.receivedAt, twin.agree.basisPoints / 10_000);
}

/** A print is held back, or one that was held is dropped. */
export function noteDoubt(market: MarketState, { source, state, receivedAt }: PriceDoubt): void {
  if (source !== 'index') return;
  if (state === 'held') market.heldAt = receivedAt;
  else if (state === 'dropped' && market.heldAt === receivedAt) market.heldAt = undefined;
}

/** A gap voids the spot prices of its venue, and with the exchange's connection the print that it sent. */
export function noteGap(market: MarketState, gap: Gap): void {
  market.spots.forget(gap);
  if (gap.venue === EXCHANGE && gap.cause === 'disconnect') market.heldAt = undefined;
}
