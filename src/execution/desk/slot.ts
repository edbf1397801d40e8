import type { Contract } from '../../domain/contracts.ts';
import type { ContractChanged, ContractTop } from '../../domain/events/market.ts';
import type { Micros } from '../../domain/time.ts';
import type { MarketState } from './market-state.ts';

/** The desk's state of one contract. Only the desk changes it, in place. */
export interface Slot {
  readonly ticker: string;
  readonly market: MarketState;
  contract: Contract | undefined;
  state: ContractChanged['state'];
  book: ContractTop | undefined;
  bookReceivedAt: Micros;
  /** True if inputs have changed since the last evaluation. */
  dirty: boolean;
  evaluatedAt: Micros;
  /**
   * Key of the last published decision, so that only a different one is published; empty before the first.
   */
  publishedKey: string;
  publishedAt: Micros;
  /** True once the result is booked. */
  settled: boolean;
}

/** The state of a contract when only its ticker is known. */
export const emptySlot = (ticker: string, market: MarketState): Slot => ({
  ticker,
  market,
  contract: undefined,
  state: 'active',
  book: undefined,
  bookReceivedAt: 0,
  dirty: false,
  evaluatedAt: Number.NEGATIVE_INFINITY,
  publishedKey: '',
  publishedAt: Number.NEGATIVE_INFINITY,
  settled: false,
});
