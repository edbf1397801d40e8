import type { ContractBookView, ContractChanged } from '../../domain/events/market.ts';
import type { Order } from '../../domain/events/order.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { onGrid } from '../../venues/kalshi/tick-grid.ts';

const crosses = ({ side, limitTicks }: Order, { bidTicks, askTicks }: ContractBookView): boolean =>
  side === 'bid'
    ? askTicks !== undefined && limitTicks >= askTicks
    : bidTicks !== undefined && limitTicks <= bidTicks;

/**
 * Why the venue would not accept an order that arrives at `now`, in its own codes where they are known
 * (docs.kalshi.com, errors); undefined when it would. An unknown contract is "not found". Without a `book` an
 * order may not rest, because its place in the queue would be unknown.
 */
export function refusal(
  order: Order,
  known: ContractChanged | undefined,
  book: ContractBookView | undefined,
  now: Micros,
): string | undefined {
  const { ticker, count, limitTicks } = order;
  if (!known) return `not_found: no contract ${ticker}`;
  const { contract, state } = known;
  if (now >= contract.closeAt) return `MARKET_INACTIVE: ${ticker} is past its close`;
  if (state !== 'active' || now < contract.openAt)
    return `MARKET_INACTIVE: ${ticker} is not open, was ${state}`;
  if (!(Number.isSafeInteger(count) && count > 0)) return `bad_request: count must be positive, was ${count}`;
  if (contract.fee === undefined)
    return `fee_unknown: what ${ticker} costs in fees is not known, so paper cannot book a fill of it`;
  if (!onGrid(contract.tickBands, limitTicks)) return `invalid_price: must be on the grid, was ${limitTicks}`;
  if (order.expiresAt !== undefined && Math.floor(order.expiresAt / SECOND) * SECOND <= now)
    return 'invalid_order: expiration_time is in the past';
  if (order.timeInForce === 'gtc' && !book) return `book_unknown: ${ticker} has no book in sequence`;
  if (order.postOnly && book && crosses(order, book)) return 'invalid_order: post only cross';
  return undefined;
}
