import type { TickBand } from '../../domain/contracts.ts';
import type { Order } from '../../domain/events/order.ts';
import { contractsOf, DOLLAR_TICKS } from '../../domain/money.ts';
import { type Micros, SECOND } from '../../domain/time.ts';
import { onGrid } from '../../venues/kalshi/tick-grid.ts';

/** What the venue is told about an order beside its price, side and count. */
export interface OrderTerms {
  /** The contract's own prices (`price_ranges`). */
  readonly tickBands: readonly TickBand[];
  readonly groupId: string | undefined;
  /** The order may only lower a position. */
  readonly reduceOnly: boolean;
  /**
   * The longest that an order may rest after its decision, at least two seconds. The venue ends it then, or
   * at the order's own `expiresAt` if that is sooner, whatever has become of us. An `ioc` order ends at once
   * anyway.
   */
  readonly restMaxMicros: Micros;
}

/** An order as it may leave: its shard is known. */
export type RoutedOrder = Order & { readonly exchangeIndex: number };

/** Characters that the venue takes; a dot is refused (live, 7 May 2026). */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const LEAST_REST = 2 * SECOND;

/** A price of YES as the venue takes it: a string in dollars with four decimals. */
export const priceText = (ticks: number): string => (ticks / DOLLAR_TICKS).toFixed(4);

/** Contracts as the venue takes them: a string with two decimals. */
export const countText = (count: Order['count']): string => contractsOf(count).toFixed(2);

/** When a resting order ends by itself at the latest. */
const endOf = ({ at, expiresAt }: Order, { restMaxMicros }: OrderTerms): Micros =>
  Math.min(expiresAt ?? Number.POSITIVE_INFINITY, at + restMaxMicros);

/** The order with its shard, or why the venue would not take it. */
export function routedOrder(order: Order, terms: OrderTerms): RoutedOrder | string {
  const { clientOrderId, ticker, exchangeIndex, limitTicks, count, postOnly, timeInForce, at } = order;
  if (exchangeIndex === undefined) return `the shard of ${ticker} is not known`;
  if (!ID.test(clientOrderId))
    return `a client order id may only have letters, digits, "_" and "-", at most 64, was ${clientOrderId}`;
  if (!onGrid(terms.tickBands, limitTicks))
    return `${ticker} has no price of ${limitTicks} ticks: its bands do not hold it`;
  if (!(Number.isSafeInteger(count) && count > 0))
    return `an order must be of 0.01 contracts at least, was of ${count} hundredths`;
  if (postOnly && timeInForce === 'ioc') return 'an order that takes at once cannot be one that only rests';
  const restMicros = endOf(order, terms) - at;
  if (timeInForce === 'gtc' && !(Number.isSafeInteger(at) && restMicros >= LEAST_REST))
    return `an order must be allowed to rest for two seconds at least, was ${restMicros} µs`;
  return { ...order, exchangeIndex };
}

/**
 * The body of `POST /portfolio/events/orders` (Kalshi order entry V2): prices of YES and counts as decimal
 * strings, routed by the market's shard. An own order that would be met stops this one (`taker_at_cross`),
 * and a pause of the exchange cancels what rests. A resting order ends by itself (`expiration_time`, in whole
 * seconds).
 */
export const createOrderBody = (
  order: RoutedOrder,
  terms: OrderTerms,
): Readonly<Record<string, unknown>> => ({
  ticker: order.ticker,
  client_order_id: order.clientOrderId,
  side: order.side,
  count: countText(order.count),
  price: priceText(order.limitTicks),
  time_in_force: order.timeInForce === 'ioc' ? 'immediate_or_cancel' : 'good_till_canceled',
  ...(order.timeInForce === 'gtc' && { expiration_time: Math.floor(endOf(order, terms) / SECOND) }),
  post_only: order.postOnly,
  self_trade_prevention_type: 'taker_at_cross',
  cancel_order_on_pause: true,
  ...(terms.reduceOnly && { reduce_only: true }),
  ...(terms.groupId !== undefined && { order_group_id: terms.groupId }),
  subaccount: 0,
  exchange_index: order.exchangeIndex,
});
