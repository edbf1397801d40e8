import type { Contract } from '../domain/contracts.ts';
import type { ContractBookView, ContractChanged } from '../domain/events/market.ts';
import type { Micros } from '../domain/time.ts';

/** What the desk keeps of one contract. Owned and changed in place by the desk alone. */
export interface Slot {
  readonly ticker: string;
  contract: Contract | undefined;
  state: ContractChanged['state'];
  book: ContractBookView | undefined;
  bookReceivedAt: Micros;
  /** Inputs changed since the last evaluation. */
  dirty: boolean;
  evaluatedAt: Micros;
  /** What was last told, to tell only what differs; empty before the first decision. */
  told: string;
  toldAt: Micros;
  /** A result was booked. */
  settled: boolean;
}

/** A contract of which nothing is known yet but its name. */
export const emptySlot = (ticker: string): Slot => ({
  ticker,
  contract: undefined,
  state: 'active',
  book: undefined,
  bookReceivedAt: 0,
  dirty: false,
  evaluatedAt: Number.NEGATIVE_INFINITY,
  told: '',
  toldAt: Number.NEGATIVE_INFINITY,
  settled: false,
});
