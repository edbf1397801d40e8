import type { Contract } from '../../domain/contracts.ts';
import type { ContractChanged, ContractTop } from '../../domain/events/market.ts';
import type { Micros } from '../../domain/time.ts';
import type { MarketState } from './market-state.ts';
import type { Turn } from './rota.ts';

/** The desk's state of one contract. Only the desk changes it, in place. */
export interface Slot extends Turn<Slot> {
  readonly ticker: string;
  readonly market: MarketState;
  contract: Contract | undefined;
  state: ContractChanged['state'];
  book: ContractTop | undefined;
  bookReceivedAt: Micros;
  /**
   * Key of the last published decision, so that only a different one is published; empty before the first.
   */
  publishedKey: string;
  publishedAt: Micros;
  /** True once the result is booked. */
  settled: boolean;
}

/** The state of a contract when only its ticker is known. */
export const emptySlot = (ticker: string, market: MarketState, arrival: number): Slot => ({
  ticker,
  market,
  contract: undefined,
  state: 'active',
  book: undefined,
  bookReceivedAt: 0,
  arrival,
  evaluatedAt: Number.NEGATIVE_INFINITY,
  dirty: false,
  round: 0,
  listed: false,
  previous: undefined,
  next: undefined,
  publishedKey: '',
  publishedAt: Number.NEGATIVE_INFINITY,
  settled: false,
});
