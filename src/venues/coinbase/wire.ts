import { z } from 'zod';
import { rfc3339Micros } from '../../domain/rfc3339.ts';

// Coinbase Exchange's WebSocket feed, https://docs.cdp.coinbase.com/exchange/websocket-feed/channels. Unknown
// keys are ignored.

const time = z.string().refine((text) => rfc3339Micros(text) !== undefined, 'must be an RFC 3339 time');

/** A plain decimal, as Coinbase sends prices and sizes. */
export const PLAIN_DECIMAL = /^\d{1,12}(\.\d{1,18})?$/;

/** A plain decimal above zero, as text. */
const decimal = z
  .string()
  .regex(PLAIN_DECIMAL, 'must be a plain decimal')
  .refine((text) => Number(text) > 0, 'must be above 0');

/**
 * A trade. `last_match` repeats the last trade before the subscription. `size` and `side` are missing from
 * some recordings.
 */
const match = z.object({
  type: z.enum(['match', 'last_match']),
  trade_id: z.int().nonnegative(),
  product_id: z.string(),
  price: decimal,
  size: decimal.optional(),
  /** Side of the resting order. */
  side: z.enum(['buy', 'sell']).optional(),
  time,
});

const heartbeat = z.object({ type: z.literal('heartbeat'), product_id: z.string(), time });

const subscriptions = z.object({
  type: z.literal('subscriptions'),
  channels: z.array(z.object({ name: z.string(), product_ids: z.array(z.string()).optional() })),
});

const error = z.object({ type: z.literal('error'), message: z.string(), reason: z.string().optional() });

/** The frames of Coinbase's socket that this system reads, by their `type`. */
export const coinbaseWire = z.discriminatedUnion('type', [match, heartbeat, subscriptions, error]);

/** A parsed frame. */
export type CoinbaseWire = z.infer<typeof coinbaseWire>;
