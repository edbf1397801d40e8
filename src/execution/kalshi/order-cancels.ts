import { concatMap, type Observable, of, Subscription } from 'rxjs';
import type { OrderRequest } from '../../domain/events/order.ts';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { HttpAnswer } from '../../transport/http.ts';
import { readError } from '../../venues/kalshi/read-error.ts';
import type { OrderEntry } from './order-entry.ts';
import { reactionTo } from './reaction-to.ts';

/** Cancels single resting orders by our own ids. */
export interface OrderCancels {
  /** A resting order has left. */
  readonly placed: (request: OrderRequest & { readonly exchangeIndex: number }) => void;
  /** The venue's own id of an order, which a cancel names. */
  readonly learnt: (clientOrderId: string, venueId: string) => void;
  /** The order has ended: nothing more is asked about it. */
  readonly ended: (clientOrderId: string) => void;
  /** Cancels the order as soon as its id at the venue is known. An order that has ended is left alone. */
  readonly cancel: (clientOrderId: string) => void;
  readonly close: () => void;
}

/** What `OrderCancels` needs. */
export interface OrderCancelsPorts {
  readonly entry: Pick<OrderEntry, 'cancel'>;
  readonly clock: EdgeClock;
  /** A cancel leaves. */
  readonly sent: (request: OrderRequest) => void;
  /** The last answer to it. */
  readonly answered: (request: OrderRequest, answer: HttpAnswer) => void;
}

interface Open {
  readonly request: OrderRequest & { readonly exchangeIndex: number };
  venueId: string | undefined;
  wanted: boolean;
  asking: Subscription | undefined;
}

/** Waits before a cancel is sent again. After the last the desk decides, and the order's own end stands. */
const AGAIN_MS: readonly number[] = [100, 300, 1_000];

/** Whether the cancel may not have been carried out, and another does no harm. */
const isOpen = (answer: HttpAnswer): boolean => {
  if (answer.kind === 'failed') return true;
  const { kind } = reactionTo(answer.status, readError(answer.status, answer.text).code);
  return kind === 'later' || kind === 'unknown';
};

/**
 * Keeps which resting orders may be cancelled. The venue's id comes with the answer to a create or from the
 * account's channels; a cancel that is wanted before waits for it. A cancel that was refused for its rate,
 * failed, or got no answer is sent again, since cancelling twice does no harm.
 */
export function orderCancels({ entry, clock, sent, answered }: OrderCancelsPorts): OrderCancels {
  const orders = new Map<string, Open>();

  const asked = (open: Open, venueId: string, times: number): Observable<HttpAnswer> => {
    const { ticker, exchangeIndex } = open.request;
    return entry.cancel({ orderId: venueId, ticker, exchangeIndex }).pipe(
      concatMap((answer) => {
        const waitMs = AGAIN_MS[times];
        return waitMs === undefined || !isOpen(answer)
          ? of(answer)
          : after(waitMs, clock).pipe(concatMap(() => asked(open, venueId, times + 1)));
      }),
    );
  };
  const ask = (open: Open): void => {
    const { venueId, request } = open;
    if (!open.wanted || venueId === undefined || open.asking) return;
    open.wanted = false;
    sent(request);
    const asking = new Subscription();
    open.asking = asking;
    asking.add(
      asked(open, venueId, 0).subscribe((answer) => {
        open.asking = undefined;
        answered(request, answer);
      }),
    );
  };

  return {
    placed: (request) => {
      orders.set(request.clientOrderId, {
        request: { ...request, action: 'cancel' },
        venueId: undefined,
        wanted: false,
        asking: undefined,
      });
    },
    learnt: (clientOrderId, venueId) => {
      const open = orders.get(clientOrderId);
      if (!open) return;
      open.venueId = venueId;
      ask(open);
    },
    ended: (clientOrderId) => {
      orders.get(clientOrderId)?.asking?.unsubscribe();
      orders.delete(clientOrderId);
    },
    cancel: (clientOrderId) => {
      const open = orders.get(clientOrderId);
      if (!open || open.asking) return;
      open.wanted = true;
      ask(open);
    },
    close: () => {
      for (const { asking } of orders.values()) asking?.unsubscribe();
      orders.clear();
    },
  };
}
