import type { Difference } from '../domain/events/account.ts';
import type { Fill, GatewayEvent } from '../domain/events/order.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import type { SentOrder } from './sent-orders.ts';

/** What is wrong with an event, and whether it is entered in spite of that. */
export type Wrong = Pick<Difference, 'entered' | 'why'>;

/** A cent: an answer's averages are rounded by less. In $0.0001. */
const CASH_TOLERANCE = 100;

const never = (why: string): Wrong => ({ entered: false, why });
const allTheSame = (why: string): Wrong => ({ entered: true, why });

/** True for a fill that was booked before and comes again unchanged. */
export const isRepeated = (known: SentOrder | undefined, fill: Fill): boolean => {
  const before = known?.fills.get(fill.fillId);
  return (
    before !== undefined &&
    before.ticker === fill.ticker &&
    before.side === fill.side &&
    before.priceTicks === fill.priceTicks &&
    before.count === fill.count &&
    before.fee === fill.fee &&
    before.cash === fill.cash
  );
};

/**
 * What cannot be about an event of an order, or undefined. `known` is the order as we sent it, `settled` says
 * whether its contract has a result. Fills and ends may come in any order, and again.
 */
export function differenceOf(
  known: SentOrder | undefined,
  settled: boolean,
  event: GatewayEvent,
): Wrong | undefined {
  const { clientOrderId, ticker } = event;
  if (known === undefined)
    return never(`${event.kind} for order ${clientOrderId} on ${ticker}: we did not send that order`);
  const { order, filled } = known;
  if (ticker !== order.ticker)
    return never(
      `${event.kind} for order ${clientOrderId} names ${ticker}: the order was sent for ${order.ticker}`,
    );
  switch (event.kind) {
    case 'fill':
      return wrongFill(known, settled, event);
    case 'orderSubmitted':
    case 'orderUnknown':
      return undefined;
    case 'orderResting':
      return isCount(event.remaining) && event.remaining <= order.count
        ? undefined
        : never(`order ${clientOrderId} on ${ticker} rests with ${event.remaining} of ${order.count}`);
    case 'orderRejected':
      return filled > 0 && !known.ended
        ? allTheSame(
            `order ${clientOrderId} on ${ticker} was rejected (${event.why}) after ${filled} of it had filled`,
          )
        : undefined;
    case 'orderDone':
      if (!(isCount(event.filled) && event.filled <= order.count))
        return never(
          `order ${clientOrderId} on ${ticker} ended with ${event.filled} filled of ${order.count}`,
        );
      return event.filled < filled
        ? allTheSame(
            `order ${clientOrderId} on ${ticker} ended with ${event.filled} filled, but ${filled} were reported before`,
          )
        : undefined;
  }
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function wrongFill({ order, filled, fills }: SentOrder, settled: boolean, fill: Fill): Wrong | undefined {
  const { clientOrderId, ticker, fillId, side, priceTicks, count, fee, cash } = fill;
  const name = `fill ${fillId} of order ${clientOrderId} on ${ticker}`;
  if (side !== order.side) return never(`${name} is on side ${side}: the order was a ${order.side}`);
  if (!(Number.isSafeInteger(count) && count > 0)) return never(`${name} has count ${count}`);
  if (!(Number.isSafeInteger(priceTicks) && priceTicks > 0 && priceTicks < DOLLAR_TICKS))
    return never(`${name} has price ${priceTicks}: it must be above 0 and below ${DOLLAR_TICKS}`);
  const { limitTicks } = order;
  if (side === 'bid' ? priceTicks > limitTicks : priceTicks < limitTicks)
    return never(`${name} at ${priceTicks} is beyond the limit ${limitTicks}`);
  if (fills.has(fillId)) return never(`${name} came again with other numbers`);
  if (count > order.count - filled)
    return never(`${name} for ${count}: only ${order.count - filled} of ${order.count} were left`);
  // The fee is in millionths; a contract pays at most a dollar.
  if (!(Number.isSafeInteger(fee) && fee >= 0 && fee <= count * 10_000))
    return never(`${name} has fee ${fee}`);
  const spent = ((side === 'bid' ? priceTicks : DOLLAR_TICKS - priceTicks) * count) / 100 + fee / 100;
  // A price is an average rounded to $0.0001, which a whole contract multiplies by at most one tick.
  if (!(Number.isSafeInteger(cash) && Math.abs(cash + spent) <= CASH_TOLERANCE + count / 100))
    return never(`${name} moves cash by ${cash}: its price and fee cost ${Math.ceil(spent)}`);
  if (settled) return never(`${name} for ${count} came after the contract had settled`);
  return undefined;
}
