import type { MicroDollars } from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiOutput, KalshiPrivate } from './port.ts';
import { fillPosition, flat, type KalshiPosition } from './position.ts';

/** A fill as `/portfolio/fills` lists it. */
export type FillRow = Extract<KalshiPrivate, { kind: 'fill' }>;

/** A settlement as `/portfolio/settlements` lists it. Counts in 0.01 contracts, money in $0.000001. */
export interface SettlementRow {
  readonly subaccount: number;
  readonly contract: EmulatedContract;
  readonly result: 'yes' | 'no';
  readonly position: number;
  readonly cost: number;
  readonly fees: number;
  readonly revenue: number;
  readonly at: Micros;
}

/** A fill of one of the member's orders. */
export interface OrderFill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly contract: EmulatedContract;
  readonly side: 'bid' | 'ask';
  readonly ticks: number;
  readonly count: number;
  readonly role: 'taker' | 'maker';
  readonly accumulator: MicroDollars;
  readonly at: Micros;
}

/**
 * The money and contracts of one subaccount: one account for all shards. The real exchange has one account
 * for each shard, and transfers between them.
 */
export interface KalshiAccount {
  /** Cash in $0.000001, before the collateral of resting orders is subtracted. */
  readonly cash: () => number;
  readonly position: (ticker: string) => KalshiPosition;
  /** Positions in unsettled markets that the member has traded. */
  readonly positions: () => readonly (readonly [EmulatedContract, KalshiPosition])[];
  /** Adds money that no trade brought, such as a deposit; negative takes it out. $0.000001. */
  readonly credit: (amount: number) => void;
  /** Books a fill, publishes it, and returns its effect on the order. */
  readonly fill: (
    fill: OrderFill,
    out: KalshiOutput[],
  ) => { readonly fee: number; readonly cost: number; readonly accumulator: MicroDollars };
  /** Pays $1 for each contract on the winning side. */
  readonly settle: (contract: EmulatedContract, result: 'yes' | 'no', at: Micros) => void;
}

/** $1 for 0.01 of a contract, in $0.000001. */
const DOLLAR_A_COUNT = 10_000;

/** Lists that all subaccounts of a member write to, newest last. */
export interface AccountBooks {
  readonly fills: FillRow[];
  readonly settlements: SettlementRow[];
}

/** Opens a subaccount with `opening` in $0.000001. */
export function kalshiAccount(opening: number, subaccount: number, books: AccountBooks): KalshiAccount {
  const held = new Map<string, { readonly contract: EmulatedContract; readonly at: KalshiPosition }>();
  let cash = opening;

  const position = (ticker: string): KalshiPosition => held.get(ticker)?.at ?? flat(0);
  return {
    cash: () => cash,
    position,
    positions: () => [...held.values()].map(({ contract, at }) => [contract, at] as const),
    credit: (amount) => {
      cash += amount;
    },
    fill: (fill, out) => {
      const { contract, side, ticks, count, role, at } = fill;
      const { ticker } = contract;
      const done = fillPosition(position(ticker), {
        side,
        ticks,
        count,
        role,
        terms: contract.fee,
        accumulator: fill.accumulator,
        at,
      });
      cash += done.cash;
      held.set(ticker, { contract, at: done.position });
      const row: FillRow = {
        kind: 'fill',
        at,
        tradeId: fill.tradeId,
        orderId: fill.orderId,
        clientOrderId: fill.clientOrderId,
        ticker,
        exchangeIndex: contract.exchangeIndex,
        subaccount,
        taker: role === 'taker',
        side,
        ticks,
        count,
        feeMicroDollars: done.fee,
        positionAfter: done.position.position,
      };
      books.fills.push(row);
      out.push(row, {
        kind: 'marketPosition',
        at,
        ticker,
        subaccount,
        position: done.position.position,
        costMicroDollars: done.position.cost,
        realisedMicroDollars: done.position.realised,
        feesMicroDollars: done.position.fees,
        volume: done.position.volume,
      });
      return { fee: done.fee, cost: done.cost, accumulator: done.accumulator };
    },
    settle: (contract, result, at) => {
      const was = held.get(contract.ticker);
      if (!was) return;
      held.delete(contract.ticker);
      const right = result === 'yes' ? was.at.position : -was.at.position;
      const revenue = Math.max(0, right) * DOLLAR_A_COUNT;
      cash += revenue;
      books.settlements.push({
        subaccount,
        contract,
        result,
        position: was.at.position,
        cost: was.at.cost,
        fees: was.at.fees,
        revenue,
        at,
      });
    },
  };
}
