import { z } from 'zod';
import type { Fill, GatewayEvent } from '../../domain/events/order.ts';
import { cash, count, DOLLAR_TICKS, microDollars, priceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import { decimal } from './decimal.ts';
import type { OwnOrders } from './own-orders.ts';
import { restingTicks } from './reading.ts';

const amount = z.union([z.string(), z.number()]);
const side = z.enum(['bid', 'ask']);

/** An order of `user_order` frames and of `GET /portfolio/orders`. */
export const ownOrder = z.object({
  order_id: z.string().min(1),
  client_order_id: z.string().nullish(),
  ticker: z.string().min(1),
  status: z.string(),
  fill_count_fp: amount,
  remaining_count_fp: amount,
});

/** A match of `fill` frames and of `GET /portfolio/fills`. The price is that of YES. */
export const ownFill = z.object({
  trade_id: z.string().min(1),
  order_id: z.string().min(1),
  client_order_id: z.string().nullish(),
  market_ticker: z.string().min(1),
  book_side: side,
  is_taker: z.boolean(),
  yes_price_dollars: amount,
  count_fp: amount,
  fee_cost: amount,
});

const TICK_MICROS = 100;

/** What an order's present state says, or why it cannot be read. */
export function readOwnOrder(
  order: z.infer<typeof ownOrder>,
  own: OwnOrders,
  at: Micros,
): GatewayEvent | string {
  const clientOrderId = order.client_order_id ?? '';
  own.learn(order.order_id, clientOrderId);
  const filled = decimal(order.fill_count_fp, 2);
  const remaining = decimal(order.remaining_count_fp, 2);
  if (!(filled !== undefined && filled >= 0 && remaining !== undefined && remaining >= 0))
    return `order ${order.order_id}: its counts must be multiples of 0.01, were ${order.fill_count_fp} and ${order.remaining_count_fp}`;
  const about = { clientOrderId: clientOrderId || order.order_id, ticker: order.ticker, at };
  switch (order.status) {
    case 'resting':
      return { kind: 'orderResting', ...about, remaining: count(remaining), venueId: order.order_id };
    case 'executed':
      return { kind: 'orderDone', ...about, state: 'filled', filled: count(filled) };
    case 'canceled':
      return { kind: 'orderDone', ...about, state: 'cancelled', filled: count(filled) };
    default:
      return `order ${order.order_id}: its status must be resting, executed or canceled, was ${order.status}`;
  }
}

/** A match of ours, or why it cannot be read. `fillId` is the venue's trade id. */
export function readOwnFill(fill: z.infer<typeof ownFill>, own: OwnOrders, at: Micros): Fill | string {
  const ticks = restingTicks(fill.yes_price_dollars);
  const filled = decimal(fill.count_fp, 2);
  const fee = decimal(fill.fee_cost, 6);
  if (ticks === undefined)
    return `fill ${fill.trade_id}: its price must be within a dollar, was ${fill.yes_price_dollars}`;
  if (!(filled !== undefined && filled > 0))
    return `fill ${fill.trade_id}: its count must be a positive multiple of 0.01, was ${fill.count_fp}`;
  if (!(fee !== undefined && fee >= 0))
    return `fill ${fill.trade_id}: its fee must not be negative, was ${fill.fee_cost}`;
  const spentMicros = filled * (fill.book_side === 'bid' ? ticks : DOLLAR_TICKS - ticks);
  if (!Number.isSafeInteger(spentMicros + fee)) return `fill ${fill.trade_id}: its count is too large`;
  const named = fill.client_order_id || own.clientOrderId(fill.order_id);
  return {
    kind: 'fill',
    clientOrderId: named ?? fill.order_id,
    ticker: fill.market_ticker,
    at,
    fillId: fill.trade_id,
    side: fill.book_side,
    priceTicks: priceTicks(ticks),
    count: count(filled),
    taker: fill.is_taker,
    fee: microDollars(fee),
    cash: cash(-Math.ceil((spentMicros + fee) / TICK_MICROS)),
  };
}
