import { z } from 'zod';
import type { Fill, GatewayEvent, OrderEvent, OrderRequest } from '../../domain/events/order.ts';
import type { RequestFrame } from '../../domain/frame.ts';
import { type Count, cash, count, DOLLAR_TICKS, microDollars, priceTicks } from '../../domain/money.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { shortened } from '../../transport/rejected-frame.ts';
import { decimal } from './decimal.ts';
import { readError } from './read-error.ts';

const amount = z.union([z.string(), z.number()]);

/**
 * Answers of order entry V2, models `CreateOrderV2Response` and `CancelOrderV2Response` of kalshi-typescript
 * 3.30.0.
 */
const created = z.object({
  client_order_id: z.string().nullish(),
  fill_count: amount,
  remaining_count: amount,
  average_fill_price: amount.nullish(),
  average_fee_paid: amount.nullish(),
});
const cancelled = z.object({ client_order_id: z.string().nullish(), reduced_by: amount });

const createdAs = z.object({ client_order_id: z.string(), order_id: z.string().min(1) });

/**
 * The venue's own id of an order, from the answer to its create; undefined where the answer tells none or is
 * of another order.
 */
export function createdId(
  { clientOrderId }: Pick<OrderRequest, 'clientOrderId'>,
  { status, text }: { readonly status: number; readonly text: string },
): string | undefined {
  if (!(status >= 200 && status <= 299)) return undefined;
  const body = bodyOf(createdAs, text);
  return typeof body !== 'string' && body.client_order_id === clientOrderId ? body.order_id : undefined;
}

/** Prices and fees in answers have up to six decimals. */
const AVERAGE_DECIMALS = 6;
const DOLLAR_MICROS = 1_000_000;
const TICK_MICROS = DOLLAR_MICROS / DOLLAR_TICKS;

/** The client order id was used before. The order may exist by an earlier request whose answer was lost. */
const USED_ID = 'order_already_exists';
const REQUEST_TIMEOUT = 408;

/**
 * Reads what became of an order request. It is total: whatever the text, it gives events and never throws. An
 * uncertain result is `orderUnknown` and never `orderRejected`, because a rejected order is forgotten while
 * an unknown one is looked for.
 *
 * For a place request: 2xx gives the fill, if any, and whether the remainder rests. 4xx with one of Kalshi's
 * codes is a rejection. Unknown are a used client order id (409), the venue's own timeout (408), a body in
 * none of Kalshi's shapes, 5xx, a timeout and a lost connection. For a cancel request: 2xx ends the order.
 * Anything else leaves it unknown. A 404 is the same whether the order was filled, was cancelled, or is on
 * another shard than the one asked. After a refused cancel the order may still fill.
 *
 * An answer may describe another order (a known defect of the venue, changelog of 21 May 2026). So an answer
 * with another id, or with a price or count that the request cannot give, leaves the order unknown too.
 */
export function orderAnswer({
  at,
  request,
  outcome,
}: Pick<RequestFrame, 'at' | 'request' | 'outcome'>): readonly GatewayEvent[] {
  const { action, clientOrderId, ticker } = request;
  const about: OrderEvent = { clientOrderId, ticker, at };
  const unknown = (why: string): readonly GatewayEvent[] => [
    { kind: 'orderUnknown', ...about, why: shortened(why) },
  ];
  switch (outcome.kind) {
    case 'sent':
      return action === 'place' ? [{ kind: 'orderSubmitted', ...about }] : [];
    case 'withheld':
      return action === 'place'
        ? [{ kind: 'orderRejected', ...about, why: `not sent: ${outcome.why}`, withheld: true }]
        : [];
    case 'timedOut':
      return unknown(`${action}: no answer in time`);
    case 'lost':
      return unknown(`${action}: the connection was lost: ${outcome.why}`);
    case 'answered': {
      const { status, text } = outcome;
      const read = action === 'place' ? ofPlaced : ofCancelled;
      const found =
        status >= 200 && status <= 299 ? read(text, request, about) : refused(outcome, request, about);
      return typeof found === 'string' ? unknown(`${action}: ${found}`) : found;
    }
  }
}

/** The events, or the reason why the result is not certain. */
type Found = readonly GatewayEvent[] | string;

function refused(
  { status, text }: { readonly status: number; readonly text: string },
  { action, exchangeIndex }: OrderRequest,
  about: OrderEvent,
): Found {
  const { code, details } = readError(status, text);
  const reason = details === undefined ? code : `${code}: ${details}`;
  const certain =
    action === 'place' &&
    status >= 400 &&
    status <= 499 &&
    status !== REQUEST_TIMEOUT &&
    code !== 'unreadable' &&
    !code.startsWith(USED_ID);
  if (certain) return [{ kind: 'orderRejected', ...about, why: shortened(reason) }];
  const unrouted = action === 'cancel' && status === 404 && exchangeIndex === undefined;
  return `${status} ${reason}${unrouted ? '; no shard was named, so shard 0 was asked' : ''}`;
}

function ofPlaced(text: string, request: OrderRequest, about: OrderEvent): Found {
  const body = bodyOf(created, text);
  if (typeof body === 'string') return body;
  if (isAnothers(body.client_order_id, request)) return `the answer is of order ${body.client_order_id}`;
  const filled = decimal(body.fill_count, 2);
  const remaining = decimal(body.remaining_count, 2);
  if (!(filled !== undefined && remaining !== undefined && filled >= 0 && remaining >= 0))
    return `fill_count and remaining_count must be counts, were ${body.fill_count} and ${body.remaining_count}`;
  if (filled + remaining > request.count)
    return `${body.fill_count} filled and ${body.remaining_count} left are more than was asked for`;
  const fills = filled === 0 ? [] : [fillOf(body, count(filled), request, about)];
  const unread = fills.find((fill) => typeof fill === 'string');
  if (unread !== undefined) return unread;
  const end: GatewayEvent =
    remaining > 0
      ? { kind: 'orderResting', ...about, remaining: count(remaining) }
      : {
          kind: 'orderDone',
          ...about,
          state: filled === request.count ? 'filled' : 'cancelled',
          filled: count(filled),
        };
  return [...fills.filter((fill) => typeof fill !== 'string'), end];
}

/**
 * All that an order took at once, as one fill, since the answer holds only averages. `cash` is exact up to
 * fifty contracts and within $0.0001 for every fifty beyond, because averages are rounded to a millionth.
 * `priceTicks` is the average rounded against us. The fill channel sends the same matches one by one under
 * other ids. Code that reads both must count only one of them.
 */
function fillOf(
  { average_fill_price: price, average_fee_paid: paid }: z.infer<typeof created>,
  filled: Count,
  { side, limitTicks }: OrderRequest,
  about: OrderEvent,
): Fill | string {
  const average = price == null ? undefined : decimal(price, AVERAGE_DECIMALS);
  const averageFee = paid == null ? undefined : decimal(paid, AVERAGE_DECIMALS);
  if (!(average !== undefined && average > 0 && average < DOLLAR_MICROS))
    return `average_fill_price must be within a dollar, was ${price}`;
  if (!(averageFee !== undefined && averageFee >= 0 && averageFee < DOLLAR_MICROS))
    return `average_fee_paid must be less than a dollar, was ${paid}`;
  const bid = side === 'bid';
  const limit = limitTicks * TICK_MICROS;
  if (bid ? average > limit : average < limit) return `average_fill_price ${price} is beyond the limit`;
  const spent = Math.round(((bid ? average : DOLLAR_MICROS - average) * filled) / 100);
  const fee = Math.round((averageFee * filled) / 100);
  if (!Number.isSafeInteger(spent + fee)) return `fill_count ${filled} is too large`;
  const ticks = average / TICK_MICROS;
  return {
    kind: 'fill',
    ...about,
    fillId: `${about.clientOrderId}-answer`,
    side,
    priceTicks: priceTicks(bid ? Math.ceil(ticks) : Math.floor(ticks)),
    count: filled,
    taker: true,
    fee: microDollars(fee),
    cash: cash(-Math.round((spent + fee) / TICK_MICROS)),
  };
}

function ofCancelled(text: string, request: OrderRequest, about: OrderEvent): Found {
  const body = bodyOf(cancelled, text);
  if (typeof body === 'string') return body;
  if (isAnothers(body.client_order_id, request)) return `the answer is of order ${body.client_order_id}`;
  const reduced = decimal(body.reduced_by, 2);
  if (!(reduced !== undefined && reduced >= 0 && reduced <= request.count))
    return `reduced_by must be no more than was asked for, was ${body.reduced_by}`;
  const filled = count(request.count - reduced);
  return [{ kind: 'orderDone', ...about, state: reduced === 0 ? 'filled' : 'cancelled', filled }];
}

const isAnothers = (named: string | null | undefined, { clientOrderId }: OrderRequest): boolean =>
  named != null && named !== '' && named !== clientOrderId;

function bodyOf<T>(schema: z.ZodType<T>, text: string): T | string {
  const json = jsonOf(text);
  if (json === undefined) return boundBroken(text) ?? 'the body is no JSON';
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`;
}
