import { z } from 'zod';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { LAST_SUBACCOUNT } from './accounts.ts';
import type { HeldOrder, KalshiMatching } from './matching.ts';
import { refusals } from './refusal.ts';

/** Where a call about an order or a group goes. */
export interface Route {
  /** The shard that is asked, which knows only its own orders. */
  readonly shard: number;
  readonly subaccount: number;
}

/** Shard of a call that names neither a shard nor a market. */
const DEFAULT_SHARD = 0;
/** Requires routing by the market's ticker. */
const BY_TICKER = -1;

const whole = z
  .string()
  .regex(/^-?\d{1,4}$/)
  .transform(Number);
const querySchema = z.object({
  exchange_index: whole.pipe(z.number().min(BY_TICKER)).optional(),
  subaccount: whole.pipe(z.number().min(0).max(LAST_SUBACCOUNT)).optional(),
  market_ticker: z.string().optional(),
});

/** The parameters of a path's query that say where a call goes. */
export type RouteQuery = z.infer<typeof querySchema>;

/** Reads the parameters, or refuses what is not a shard or a subaccount. */
export function readRoute(query: URLSearchParams): RouteQuery | { readonly refusal: EmulatedAnswer } {
  const { data, error } = querySchema.safeParse(Object.fromEntries(query));
  if (data) return data;
  const issue = error.issues[0];
  return { refusal: refusals.invalidParameters(`${issue?.path.join('.')}: ${issue?.message}`) };
}

/**
 * The shard that a call about an order reaches: the one of `exchange_index`, else the one of the market's
 * ticker, else shard 0 (SDK's OrdersApi, 21 September 2026). On a shard where the order is not, the answer is
 * the 404 of an order that is gone. −1 requires a ticker.
 */
export function routed(
  matching: KalshiMatching,
  { exchange_index: index, market_ticker: ticker }: Pick<RouteQuery, 'exchange_index' | 'market_ticker'>,
): number | EmulatedAnswer {
  if (index !== undefined && index !== BY_TICKER) return index;
  if (ticker !== undefined) return matching.market(ticker)?.contract().exchangeIndex ?? refusals.notFound();
  return index === BY_TICKER
    ? refusals.invalidParameters('market_ticker: needed with exchange_index -1')
    : DEFAULT_SHARD;
}

/** The resting order that a route leads to; undefined if there is none of that id there. */
export function restingAt(matching: KalshiMatching, orderId: string, route: Route): HeldOrder | undefined {
  const held = matching.order(orderId);
  return held?.view.status === 'resting' &&
    held.view.exchangeIndex === route.shard &&
    held.view.subaccount === route.subaccount
    ? held
    : undefined;
}
