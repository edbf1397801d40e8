import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  KrakenBookChecked,
} from '../../domain/events/market.ts';
import type { Gap, SpotTrade } from '../../domain/events/venue.ts';

/** The events that tick features are computed from. */
export type TickInput =
  | KrakenBookChecked
  | SpotTrade
  | IndexValue
  | ContractBookChanged
  | ContractChanged
  | Gap;
