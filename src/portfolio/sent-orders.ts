import type { Contract } from '../domain/contracts.ts';
import type { Fill, Order } from '../domain/events/order.ts';

/** An order that we sent, and what was booked of it, also after it has ended. */
export interface SentOrder {
  readonly order: Order;
  readonly contract: Contract;
  /** Sum of the booked fills, in 0.01 contracts. */
  readonly filled: number;
  /** True once its end was booked. */
  readonly ended: boolean;
  /** The booked fills by id. */
  readonly fills: ReadonlyMap<string, Fill>;
}

/** Every order that we sent, by client order id, so that an answer can be held against it. */
export interface SentOrders {
  readonly get: (clientOrderId: string) => SentOrder | undefined;
  readonly add: (order: Order, contract: Contract) => void;
  readonly filled: (fill: Fill) => void;
  readonly ended: (clientOrderId: string) => void;
}

/** How many orders are remembered. An answer to an older one is one to an unknown order. */
const MOST_KEPT = 10_000;

/** Remembers the last 10,000 orders. */
export function sentOrders(): SentOrders {
  const orders = new Map<string, SentOrder>();
  const change = (id: string, of: (known: SentOrder) => Partial<SentOrder>): void => {
    const known = orders.get(id);
    if (known) orders.set(id, { ...known, ...of(known) });
  };
  return {
    get: (id) => orders.get(id),
    add: (order, contract) => {
      orders.set(order.clientOrderId, { order, contract, filled: 0, ended: false, fills: new Map() });
      for (const oldest of orders.keys()) {
        if (orders.size <= MOST_KEPT) break;
        orders.delete(oldest);
      }
    },
    filled: (fill) =>
      change(fill.clientOrderId, ({ filled, fills }) => ({
        filled: filled + fill.count,
        fills: new Map(fills).set(fill.fillId, fill),
      })),
    ended: (id) => change(id, () => ({ ended: true })),
  };
}
