import type { CarriedFrame, ClockFrame, CommandFrame, ConnectionFrame, OutcomeFrame } from '../frame.ts';
import type { Micros } from '../time.ts';
import type {
  AccountAdopted,
  AccountChanged,
  CancelAsked,
  Difference,
  Divergence,
  OrderSent,
} from './account.ts';
import type { Late, MinuteClosed } from './bars.ts';
import type { Decision } from './decision.ts';
import type { FeatureRow, TickRow } from './features.ts';
import type { FeedLacking, FeedSilence } from './feed.ts';
import type { Forecast } from './forecast.ts';
import type { BundleSeen, LadderRead } from './ladder.ts';
import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  KrakenBookChecked,
  PriceDoubt,
  SpotTop,
  TickerComparison,
} from './market.ts';
import type { GatewayEvent, Settlement } from './order.ts';
import type {
  Acknowledgement,
  ContractTrade,
  Gap,
  Recovered,
  Rejected,
  SpotTrade,
  VenueStatus,
} from './venue.ts';
import type { VenueAccountEvent } from './venue-account.ts';

/**
 * A session begins. Its warm-up bars are not part of this event: they show in the minutes and forecasts that
 * follow.
 */
export interface SessionBegan {
  readonly kind: 'session';
  readonly at: Micros;
  readonly name: string;
}

/**
 * Everything that the graph publishes. Dashboards, logs, consoles and replicas read nothing else. Each event
 * is plain data that survives JSON and `structuredClone`. A number that is not known is null, never NaN.
 */
export type AuditEvent =
  | Rejected
  | Gap
  | Recovered
  | Acknowledgement
  | VenueStatus
  | SessionBegan
  | OutcomeFrame
  | CommandFrame
  | ConnectionFrame
  | ClockFrame
  | SpotTrade
  | SpotTop
  | KrakenBookChecked
  | ContractBookChanged
  | ContractChanged
  | ContractTrade
  | TickerComparison
  | IndexValue
  | PriceDoubt
  | MinuteClosed
  | FeatureRow
  | TickRow
  | Late<unknown>
  | Forecast
  | FeedLacking
  | FeedSilence
  | Decision
  | LadderRead
  | BundleSeen
  | OrderSent
  | CancelAsked
  | GatewayEvent
  | Settlement
  | Difference
  | AccountAdopted
  | Divergence
  | CarriedFrame
  | VenueAccountEvent
  | AccountChanged;

/**
 * An event with its number in the run: 1, 2, 3 … without a hole, so that a reader can tell whether one is
 * missing.
 */
export interface Audited {
  readonly seq: number;
  readonly event: AuditEvent;
}
