import type { Contract } from '../domain/contracts.ts';
import type { Micros } from '../domain/time.ts';
import { costOf } from './cost.ts';
import type { Holding, OpenOrder } from './portfolio.ts';
import type { Exposure } from './worst-outcome.ts';

/** Close under which contracts of unknown terms are gathered. */
export const UNKNOWN_CLOSE: Micros = -1;

/** The close a contract settles at. */
export const closeOf = (contract: Contract | undefined): Micros => contract?.closeAt ?? UNKNOWN_CLOSE;

/** A position's profit or loss at settlement against what it cost. */
export const exposureOfHolding = ({ contract, position, paid }: Holding): Exposure => ({
  contract,
  yes: Math.max(0, position) * 100 - paid,
  no: Math.max(0, -position) * 100 - paid,
});

/**
 * An order that may fill or not, whichever is worse: it can only take from what the position gives. A partial fill lies between the two.
 * `fee` and the result in $0.0001.
 */
export function exposureOfOrder(
  contract: Contract,
  side: 'bid' | 'ask',
  priceTicks: number,
  count: number,
  fee: number,
): Exposure {
  const lost = -(costOf(side, priceTicks, count) + fee);
  const won = lost + count * 100;
  return side === 'bid'
    ? { contract, yes: Math.min(0, won), no: Math.min(0, lost) }
    : { contract, yes: Math.min(0, lost), no: Math.min(0, won) };
}

/** All that is exposed to one close. */
export function exposuresOf(
  holdings: ReadonlyMap<string, Holding>,
  orders: ReadonlyMap<string, OpenOrder>,
  closeAt: Micros,
): Exposure[] {
  const exposures: Exposure[] = [];
  for (const holding of holdings.values())
    if (closeOf(holding.contract) === closeAt) exposures.push(exposureOfHolding(holding));
  for (const { contract, order, remaining, feeBound } of orders.values())
    if (contract.closeAt === closeAt)
      exposures.push(exposureOfOrder(contract, order.side, order.limitTicks, remaining, feeBound));
  return exposures;
}
