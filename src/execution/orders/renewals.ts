import type { ApprovedOrder, GatewayEvent } from '../../domain/events/order.ts';
import { type Count, count } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';

/** How long resting orders live, and how early they are renewed. */
export interface RenewalTerms {
  /** From an order's placing to its end at the venue. */
  readonly restMicros: Micros;
  /** An order is renewed so long before its end. It must cover a cancel, its evidence and a place. */
  readonly leadMicros: Micros;
}

/** An order that was cancelled only to be renewed has ended, and so much of it is left. */
export interface Renewable {
  readonly ended: ApprovedOrder;
  readonly remaining: Count;
}

/** The heartbeat of resting orders. Whoever places them beats; without a beat they end at the venue. */
export interface Renewals {
  /** The end of an order that is placed now. */
  readonly expiresAt: (now: Micros) => Micros;
  /** An order has left. One without an end is not followed. */
  readonly sent: (order: ApprovedOrder) => void;
  /** Orders to cancel now, because their end is near; each is told once. */
  readonly beat: (now: Micros) => readonly ApprovedOrder[];
  /** What became of an order. Tells an order that may be placed once more, by the evidence of its end. */
  readonly answered: (event: GatewayEvent) => Renewable | undefined;
  /** The order is to go for another reason: it is not renewed. */
  readonly drop: (clientOrderId: string) => void;
}

/**
 * Follows resting orders whose `expiresAt` is a dead man's switch. Order entry V2 cannot move an order's end
 * (`amend` has no `expiration_time`), so a renewal is a cancel, the venue's word that the order has ended, and
 * a new order of what remained. A fill in between is part of that word, so no contract is ordered twice.
 */
export function renewals({ restMicros, leadMicros }: RenewalTerms): Renewals {
  if (!(leadMicros > 0 && leadMicros < restMicros))
    throw new RangeError(`renewals: the lead must be above 0 and below ${restMicros} µs, was ${leadMicros}`);
  const resting = new Map<string, { readonly order: ApprovedOrder; renewing: boolean }>();
  return {
    expiresAt: (now) => now + restMicros,
    sent: (order) => {
      if (order.expiresAt !== undefined) resting.set(order.clientOrderId, { order, renewing: false });
    },
    beat: (now) => {
      const due: ApprovedOrder[] = [];
      for (const each of resting.values()) {
        if (each.renewing || now < (each.order.expiresAt ?? now) - leadMicros) continue;
        each.renewing = true;
        due.push(each.order);
      }
      return due;
    },
    answered: (event) => {
      if (event.kind !== 'orderDone' && event.kind !== 'orderRejected') return undefined;
      const known = resting.get(event.clientOrderId);
      resting.delete(event.clientOrderId);
      if (!known?.renewing || event.kind === 'orderRejected') return undefined;
      const remaining = count(known.order.count - event.filled);
      return remaining > 0 ? { ended: known.order, remaining } : undefined;
    },
    drop: (clientOrderId) => {
      resting.delete(clientOrderId);
    },
  };
}
