import type { Contract } from '../domain/contracts.ts';
import type { Micros } from '../domain/time.ts';
import { costOf } from './cost.ts';
import type { Holding, OpenOrder } from './portfolio.ts';
import type { Exposure } from './worst-outcome.ts';

/**
 * Identifies one settlement value: that of one asset at one time. Two assets at the same time have two
 * separate values.
 */
export interface Close {
  readonly asset: string;
  readonly closeAt: Micros;
}

/** The close used for all contracts whose terms are unknown. */
const UNKNOWN_CLOSE: Close = { asset: '', closeAt: -1 };

/** The close at which a contract settles. */
export const closeOf = (contract: Contract | undefined): Close => contract ?? UNKNOWN_CLOSE;

const settlesAt = (contract: Contract | undefined, close: Close): boolean => {
  const { asset, closeAt } = closeOf(contract);
  return closeAt === close.closeAt && asset === close.asset;
};

/** A position's profit or loss at settlement, after what it cost. */
const exposureOfHolding = ({ contract, position, paid }: Holding): Exposure => ({
  contract,
  yes: Math.max(0, position) * 100 - paid,
  no: Math.max(0, -position) * 100 - paid,
});

/** Exposure of an order that has filled at its limit. `fee` and the result are in $0.0001. */
export function exposureOfFill(
  contract: Contract,
  side: 'bid' | 'ask',
  priceTicks: number,
  count: number,
  fee: number,
): Exposure {
  const lost = -(costOf(side, priceTicks, count) + fee);
  const won = lost + count * 100;
  return side === 'bid' ? { contract, yes: won, no: lost } : { contract, yes: lost, no: won };
}

/**
 * Exposure of an order, which may fill or not. The worse of the two counts, so it never improves the
 * position's result. A partial fill lies between the two. `fee` and the result are in $0.0001.
 */
export function exposureOfOrder(
  contract: Contract,
  side: 'bid' | 'ask',
  priceTicks: number,
  count: number,
  fee: number,
): Exposure {
  const { yes, no } = exposureOfFill(contract, side, priceTicks, count, fee);
  return { contract, yes: Math.min(0, yes), no: Math.min(0, no) };
}

/** The exposures of all holdings and orders of one close. */
export function exposuresOf(
  holdings: ReadonlyMap<string, Holding>,
  orders: ReadonlyMap<string, OpenOrder>,
  close: Close,
): Exposure[] {
  const exposures: Exposure[] = [];
  for (const holding of holdings.values())
    if (settlesAt(holding.contract, close)) exposures.push(exposureOfHolding(holding));
  for (const { contract, order, remaining, feeBound } of orders.values())
    if (settlesAt(contract, close))
      exposures.push(exposureOfOrder(contract, order.side, order.limitTicks, remaining, feeBound));
  return exposures;
}
