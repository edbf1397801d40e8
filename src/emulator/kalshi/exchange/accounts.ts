import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import {
  type AccountBooks,
  type FillRow,
  type KalshiAccount,
  kalshiAccount,
  type SettlementRow,
} from './account.ts';

/** The highest number of a subaccount; 0 is the primary account. */
export const LAST_SUBACCOUNT = 63;

/** A member's subaccounts. Cash, positions and orders of each are its own. */
export interface KalshiAccounts {
  /** A subaccount; one that was never used has no money. */
  readonly of: (subaccount: number) => KalshiAccount;
  /** Subaccounts that were used, by number. */
  readonly all: () => readonly (readonly [number, KalshiAccount])[];
  /** Fills of all subaccounts, newest last. */
  readonly fills: () => readonly FillRow[];
  /** Settlements of all subaccounts, newest last. */
  readonly settlements: () => readonly SettlementRow[];
  /** Pays every subaccount that holds the contract. */
  readonly settle: (contract: EmulatedContract, result: 'yes' | 'no', at: Micros) => void;
}

/** Opens the primary account with `opening` in $0.000001, and the numbered ones empty. */
export function kalshiAccounts(opening: number): KalshiAccounts {
  const books: AccountBooks = { fills: [], settlements: [] };
  const accounts = new Map<number, KalshiAccount>();
  const of = (subaccount: number): KalshiAccount => {
    const known = accounts.get(subaccount);
    if (known) return known;
    const made = kalshiAccount(subaccount === 0 ? opening : 0, subaccount, books);
    accounts.set(subaccount, made);
    return made;
  };
  of(0);
  return {
    of,
    all: () => [...accounts].sort(([a], [b]) => a - b),
    fills: () => books.fills,
    settlements: () => books.settlements,
    settle: (contract, result, at) => {
      for (const account of accounts.values()) account.settle(contract, result, at);
    },
  };
}
