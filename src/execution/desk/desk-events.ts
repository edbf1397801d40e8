import type {
  AccountAdopted,
  AccountChanged,
  CancelAsked,
  Difference,
  Divergence,
  OrderSent,
} from '../../domain/events/account.ts';
import type { Decision } from '../../domain/events/decision.ts';
import type { FeedLacking } from '../../domain/events/feed.ts';
import type { Forecast } from '../../domain/events/forecast.ts';
import type { BundleSeen, LadderRead } from '../../domain/events/ladder.ts';
import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  KrakenBookChecked,
  PriceDoubt,
} from '../../domain/events/market.ts';
import type { GatewayEvent, Settlement } from '../../domain/events/order.ts';
import type { MinuteRow } from '../../features/rows/minute-row.ts';
import type { Wake } from '../../operators/core.ts';
import type { Decoded } from '../../operators/decode.ts';

/** What reaches the desk. */
export type DeskInput =
  | Decoded
  | KrakenBookChecked
  | ContractBookChanged
  | ContractChanged
  | IndexValue
  | PriceDoubt
  | MinuteRow
  | Forecast
  | GatewayEvent
  | Wake;

/** What the desk tells. */
export type DeskOutput =
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
  | AccountChanged
  | FeedLacking;
