import { concatMap, defer, type Observable } from 'rxjs';
import type { ApprovedOrder } from '../../domain/events/order.ts';
import type { Count } from '../../domain/money.ts';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import type { BucketLimits } from '../../transport/token-bucket.ts';
import { urlPart } from '../../transport/url-part.ts';
import { CANCEL_COST, DEFAULT_COST } from '../../venues/kalshi/limits.ts';
import { ORDERS_PATH } from './create-call.ts';
import {
  countText,
  createOrderBody,
  type OrderTerms,
  priceText,
  type RoutedOrder,
  routedOrder,
} from './order-terms.ts';
import type { VenueWrites } from './venue-writes.ts';
import { writeBuckets } from './write-buckets.ts';

/** A call whose tokens are taken. `send` sends it once, when it is subscribed to. */
export interface Prepared {
  readonly send: () => Observable<HttpAnswer>;
}

/** An order at the venue, by the venue's own id, and where it is. */
export interface OrderAddress {
  readonly orderId: string;
  readonly ticker: string;
  readonly exchangeIndex: number;
}

/** A group of orders, and the shard that it is on. */
export interface GroupAddress {
  readonly groupId: string;
  readonly exchangeIndex: number;
}

/** How many contracts go, or how many stay. */
export type Decrease = { readonly reduceBy: Count } | { readonly reduceTo: Count };

/** An order that is to leave, with its terms. */
export interface Entered {
  readonly order: ApprovedOrder;
  readonly terms: OrderTerms;
}

/** What `OrderEntry` needs. */
export interface OrderEntryPorts {
  readonly writes: VenueWrites;
  readonly clock: EdgeClock;
}

/**
 * Order entry V2 of Kalshi (docs.kalshi.com/api-reference/orders, order-groups). Every call names its shard
 * and its market, since without both it would reach shard 0, and is sent once: nothing is tried again.
 * Whatever adds risk (`create`, `createBatch`, `amend`, `createGroup`) is prepared: it is refused with a
 * sentence when the venue would not take it or when the bucket of its shard has no token to spare, because a
 * later price would be another. Whatever takes risk away waits for its token, and always finds one that
 * creates may not use.
 */
export interface OrderEntry {
  readonly create: (entered: Entered) => Prepared | string;
  readonly createBatch: (entered: readonly Entered[]) => Prepared | string;
  /** `order` is the order as it is to be; its count is the total, with what is filled already. */
  readonly amend: (orderId: string, entered: Entered) => Prepared | string;
  readonly decrease: (address: OrderAddress, by: Decrease) => Observable<HttpAnswer>;
  readonly cancel: (address: OrderAddress) => Observable<HttpAnswer>;
  /** At most half as many as the bucket has tokens: the venue refuses a batch that does not fit. */
  readonly cancelBatch: (addresses: readonly OrderAddress[]) => Observable<HttpAnswer>;
  /**
   * Cancels all orders on all shards and of all subaccounts. It may also end orders placed in the next
   * minute.
   */
  readonly cancelAll: () => Observable<HttpAnswer>;
  /** A group whose orders are cancelled once `limit` contracts have matched within 15 seconds. */
  readonly createGroup: (exchangeIndex: number, limit: Count) => Prepared | string;
  readonly limitGroup: (group: GroupAddress, limit: Count) => Observable<HttpAnswer>;
  /** Cancels the group's orders and lets none in until it is reset. */
  readonly triggerGroup: (group: GroupAddress) => Observable<HttpAnswer>;
  readonly resetGroup: (group: GroupAddress) => Observable<HttpAnswer>;
  /** Cancels the group's orders and removes it. */
  readonly deleteGroup: (group: GroupAddress) => Observable<HttpAnswer>;
  /** Sets the account's own limits of writes, once they are known. */
  readonly useLimits: (write: BucketLimits) => void;
}

const GROUPS = '/portfolio/order_groups';
const NO_TOKEN = 'the rate limit has no token to spare, and a later price would be another';

/** Opens order entry. */
export function orderEntry({ writes, clock }: OrderEntryPorts): OrderEntry {
  const buckets = writeBuckets(clock);
  const call = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Observable<HttpAnswer> =>
    defer(() => writes.call(method, path, body === undefined ? undefined : JSON.stringify(body)));
  const prepared = (
    costs: ReadonlyMap<number, number>,
    ...what: Parameters<typeof call>
  ): Prepared | string => (buckets.spare(costs) ? { send: () => call(...what) } : NO_TOKEN);
  const inTurn = (
    costs: ReadonlyMap<number, number> | number,
    ...what: Parameters<typeof call>
  ): Observable<HttpAnswer> =>
    defer(() => {
      const waitMs = buckets.reserve(costs);
      return waitMs > 0 ? after(waitMs, clock).pipe(concatMap(() => call(...what))) : call(...what);
    });

  const summed = (shards: readonly number[], cost: number): ReadonlyMap<number, number> => {
    const costs = new Map<number, number>();
    for (const shard of shards) costs.set(shard, (costs.get(shard) ?? 0) + cost);
    return costs;
  };
  const groupPath = ({ groupId, exchangeIndex }: GroupAddress, action = ''): string =>
    `${GROUPS}/${urlPart(groupId)}${action}?subaccount=0&exchange_index=${exchangeIndex}`;
  const onGroup = (method: 'PUT' | 'DELETE', group: GroupAddress, action: string, body?: unknown) =>
    inTurn(summed([group.exchangeIndex], DEFAULT_COST), method, groupPath(group, action), body);

  return {
    create: ({ order, terms }) => {
      const routed = routedOrder(order, terms);
      if (typeof routed === 'string') return routed;
      return prepared(
        summed([routed.exchangeIndex], DEFAULT_COST),
        'POST',
        ORDERS_PATH,
        createOrderBody(routed, terms),
      );
    },
    createBatch: (entered) => {
      if (entered.length === 0) return 'a batch must have an order';
      const orders: Readonly<Record<string, unknown>>[] = [];
      const shards: number[] = [];
      for (const { order, terms } of entered) {
        const routed = routedOrder(order, terms);
        if (typeof routed === 'string') return `${order.clientOrderId}: ${routed}`;
        orders.push(createOrderBody(routed, terms));
        shards.push(routed.exchangeIndex);
      }
      return prepared(summed(shards, DEFAULT_COST), 'POST', `${ORDERS_PATH}/batched`, { orders });
    },
    amend: (orderId, { order, terms }) => {
      const routed = routedOrder(order, terms);
      if (typeof routed === 'string') return routed;
      const path = `${ORDERS_PATH}/${urlPart(orderId)}/amend?subaccount=0`;
      return prepared(summed([routed.exchangeIndex], DEFAULT_COST), 'POST', path, amendBody(routed));
    },
    decrease: ({ orderId, ticker, exchangeIndex }, by) =>
      inTurn(
        summed([exchangeIndex], DEFAULT_COST),
        'POST',
        `${ORDERS_PATH}/${urlPart(orderId)}/decrease?subaccount=0`,
        {
          ...('reduceBy' in by
            ? { reduce_by: countText(by.reduceBy) }
            : { reduce_to: countText(by.reduceTo) }),
          market_ticker: ticker,
          exchange_index: exchangeIndex,
        },
      ),
    cancel: ({ orderId, ticker, exchangeIndex }) =>
      inTurn(
        summed([exchangeIndex], CANCEL_COST),
        'DELETE',
        `${ORDERS_PATH}/${urlPart(orderId)}?subaccount=0&exchange_index=${exchangeIndex}&market_ticker=${urlPart(ticker)}`,
      ),
    cancelBatch: (addresses) =>
      inTurn(
        summed(
          addresses.map(({ exchangeIndex }) => exchangeIndex),
          CANCEL_COST,
        ),
        'DELETE',
        `${ORDERS_PATH}/batched`,
        {
          orders: addresses.map(({ orderId, ticker, exchangeIndex }) => ({
            order_id: orderId,
            subaccount: 0,
            exchange_index: exchangeIndex,
            market_ticker: ticker,
          })),
        },
      ),
    cancelAll: () => inTurn(CANCEL_COST, 'DELETE', ORDERS_PATH),
    createGroup: (exchangeIndex, limit) =>
      prepared(summed([exchangeIndex], DEFAULT_COST), 'POST', `${GROUPS}/create`, {
        contracts_limit_fp: countText(limit),
        subaccount: 0,
        exchange_index: exchangeIndex,
      }),
    limitGroup: (group, limit) => onGroup('PUT', group, '/limit', { contracts_limit_fp: countText(limit) }),
    triggerGroup: (group) => onGroup('PUT', group, '/trigger'),
    resetGroup: (group) => onGroup('PUT', group, '/reset'),
    deleteGroup: (group) => onGroup('DELETE', group, ''),
    useLimits: buckets.update,
  };
}

/** The client order id stays: with a new one, fills of the order before it could not be told apart. */
const amendBody = (order: RoutedOrder): Readonly<Record<string, unknown>> => ({
  ticker: order.ticker,
  side: order.side,
  price: priceText(order.limitTicks),
  count: countText(order.count),
  client_order_id: order.clientOrderId,
  exchange_index: order.exchangeIndex,
});
