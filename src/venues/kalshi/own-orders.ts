/** The venue's ids of our orders, and the ids that we gave them. */
export interface OwnOrders {
  readonly learn: (orderId: string, clientOrderId: string) => void;
  readonly clientOrderId: (orderId: string) => string | undefined;
}

/** Most ids that are kept; far more than the orders of a day. */
const MOST = 50_000;

/**
 * Keeps which of our ids belongs to which id of the venue. Fills by REST carry the venue's id only (since 30
 * March 2026), so it is learnt from orders. The oldest are forgotten first.
 */
export function ownOrders(): OwnOrders {
  const known = new Map<string, string>();
  return {
    learn: (orderId, clientOrderId) => {
      if (clientOrderId === '') return;
      known.delete(orderId);
      known.set(orderId, clientOrderId);
      if (known.size > MOST) known.delete(known.keys().next().value as string);
    },
    clientOrderId: (orderId) => known.get(orderId),
  };
}
