import type { Micros } from '../../../domain/time.ts';
import type { KalshiAccounts } from './accounts.ts';
import type { KalshiFunds } from './funds.ts';

/** A deposit or a withdrawal, in the words of `/portfolio/deposits` and `/portfolio/withdrawals`. */
export interface CashMove {
  readonly id: string;
  readonly kind: 'deposit' | 'withdrawal';
  readonly status: 'pending' | 'applied' | 'failed';
  readonly cents: number;
  readonly createdAt: Micros;
  readonly finalisedAt: Micros | undefined;
}

/** A transfer between two subaccounts. */
export interface SubaccountTransfer {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly cents: number;
  readonly at: Micros;
}

/** Money that moves without a trade. */
export interface CashMoves {
  /** Newest last. */
  readonly list: () => readonly CashMove[];
  /** Newest last. */
  readonly transfers: () => readonly SubaccountTransfer[];
  /** Announces a move of the primary account; it is pending until `at + span`. */
  readonly announce: (kind: CashMove['kind'], cents: number, span: Micros, at: Micros) => void;
  /** Applies the moves that are due; true if there were any. A withdrawal that is not covered fails. */
  readonly apply: (at: Micros) => boolean;
  /** Moves money between subaccounts; undefined if there is too little. The same id moves nothing twice. */
  readonly transfer: (move: SubaccountTransfer) => SubaccountTransfer | undefined;
}

/** A cent in $0.000001. */
const CENT = 10_000;

/** The member's deposits, withdrawals and transfers. */
export function cashMoves(accounts: KalshiAccounts, funds: KalshiFunds): CashMoves {
  let moves: readonly CashMove[] = [];
  const dueAt = new Map<string, Micros>();
  const transfers = new Map<string, SubaccountTransfer>();
  const free = (subaccount: number): number => accounts.of(subaccount).cash() - funds.held(subaccount);
  const settle = (move: CashMove): CashMove['status'] => {
    const amount = move.cents * CENT;
    if (move.kind === 'withdrawal' && free(0) < amount) return 'failed';
    accounts.of(0).credit(move.kind === 'deposit' ? amount : -amount);
    return 'applied';
  };
  return {
    list: () => moves,
    transfers: () => [...transfers.values()],
    announce: (kind, cents, span, at) => {
      const id = `0ca50000-0000-4000-8000-${(moves.length + 1).toString(16).padStart(12, '0')}`;
      dueAt.set(id, at + span);
      moves = [...moves, { id, kind, status: 'pending', cents, createdAt: at, finalisedAt: undefined }];
    },
    apply: (at) => {
      if (dueAt.size === 0) return false;
      const due = new Set([...dueAt].filter(([, when]) => when <= at).map(([id]) => id));
      if (due.size === 0) return false;
      for (const id of due) dueAt.delete(id);
      moves = moves.map((move) =>
        due.has(move.id) ? { ...move, status: settle(move), finalisedAt: at } : move,
      );
      return true;
    },
    transfer: (move) => {
      const known = transfers.get(move.id);
      if (known) return known;
      const amount = move.cents * CENT;
      if (free(move.from) < amount) return undefined;
      accounts.of(move.from).credit(-amount);
      accounts.of(move.to).credit(amount);
      transfers.set(move.id, move);
      return move;
    },
  };
}
