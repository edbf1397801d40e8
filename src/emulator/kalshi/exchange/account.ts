import type { MicroDollars } from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiOutput, KalshiPrivate } from './port.ts';
import { fillPosition, flat, type KalshiPosition } from './position.ts';

/** A fill as `/portfolio/fills` lists it. */
export type FillRow = Extract<KalshiPrivate, { kind: 'fill' }>;

/** A settlement as `/portfolio/settlements` lists it. Counts in 0.01 contracts, money in $0.000001. */
export interface SettlementRow {
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
 * One member's money and contracts: one account for all shards. The real exchange has one account for each
 * shard, and transfers between them.
 */
export interface KalshiAccount {
  /** Cash in $0.000001, before the collateral of resting orders is subtracted. */
  readonly cash: () => number;
  readonly position: (ticker: string) => KalshiPosition;
  /** Positions in unsettled markets that the member has traded. */
  readonly positions: () => readonly (readonly [EmulatedContract, KalshiPosition])[];
  /** Newest last. */
  readonly fills: () => readonly FillRow[];
  readonly settlements: () => readonly SettlementRow[];
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

/** Opens an account with `cash` in $0.000001. */
export function kalshiAccount(opening: number): KalshiAccount {
  const held = new Map<string, { readonly contract: EmulatedContract; readonly at: KalshiPosition }>();
  const fills: FillRow[] = [];
  const settlements: SettlementRow[] = [];
  let cash = opening;

  const position = (ticker: string): KalshiPosition => held.get(ticker)?.at ?? flat(0);
  return {
    cash: () => cash,
    position,
    positions: () => [...held.values()].map(({ contract, at }) => [contract, at] as const),
    fills: () => fills,
    settlements: () => settlements,
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
        taker: role === 'taker',
        side,
        ticks,
        count,
        feeMicroDollars: done.fee,
        positionAfter: done.position.position,
      };
      fills.push(row);
      out.push(row, {
        kind: 'marketPosition',
        at,
        ticker,
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
      settlements.push({
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
