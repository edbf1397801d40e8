import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { FillRow, SettlementRow } from './account.ts';
import type { CashMove } from './cash-moves.ts';
import type { HeldOrder } from './matching.ts';
import type { OrderGroup } from './order-groups.ts';
import type { KalshiPosition } from './position.ts';

/** One subaccount at an instant; money in $0.000001. */
export interface SubaccountView {
  readonly cash: number;
  /** Collateral of its resting orders. */
  readonly held: number;
  /** In unsettled markets that it has traded. */
  readonly positions: readonly (readonly [EmulatedContract, KalshiPosition])[];
}

/** A member's portfolio at an instant, which nothing changes any more. Lists are oldest first. */
export interface PortfolioView {
  readonly at: Micros;
  readonly subaccounts: ReadonlyMap<number, SubaccountView>;
  readonly orders: readonly HeldOrder[];
  readonly fills: readonly FillRow[];
  readonly settlements: readonly SettlementRow[];
  readonly groups: readonly OrderGroup[];
  readonly moves: readonly CashMove[];
}
