import type {
  ContractBookChanged,
  ContractChanged,
  IndexValue,
  KrakenBookChecked,
} from '../domain/events/market.ts';
import type { Gap, SpotTrade } from '../domain/events/venue.ts';

/** What tick features are made of. */
export type TickInput =
  | KrakenBookChecked
  | SpotTrade
  | IndexValue
  | ContractBookChanged
  | ContractChanged
  | Gap;
