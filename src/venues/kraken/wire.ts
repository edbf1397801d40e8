import { z } from 'zod';
import { rfc3339Micros } from '../../domain/rfc3339.ts';

/** Most characters of a symbol. */
export const MOST_SYMBOL = 64;

// Kraken WebSocket v2, https://docs.kraken.com/api/docs/category/websocket-api-v2. Unknown keys are ignored:
// the venue adds some without notice (`upcoming_maintenance` in 2026). Wrong types are refused.

const time = z.string().refine((text) => rfc3339Micros(text) !== undefined, 'must be an RFC 3339 time');
const messageType = z.enum(['snapshot', 'update']);
/** No pair of a spot venue comes near these, and squares and products of them stay finite. */
const MOST = 1e15;
const LEAST = 1e-15;
const positive = z
  .number()
  .positive()
  .max(MOST)
  .refine((value) => !(value > 0 && value < LEAST), `must be at least ${LEAST}`);
const quantity = z.number().nonnegative().max(MOST);
const symbol = z.string().max(MOST_SYMBOL);
/** Most levels a side of a message; Kraken sends at most a thousand. */
export const MOST_LEVELS = 10_000;

/** Price in the quote currency, quantity in the base currency; quantity 0 deletes. */
const level = z.object({ price: positive, qty: quantity });
const levels = z.array(level).max(MOST_LEVELS);

const book = z.object({
  channel: z.literal('book'),
  type: messageType,
  data: z.array(
    z.object({
      symbol,
      bids: levels,
      asks: levels,
      checksum: z.uint32(),
      // Snapshots of 2023 had none.
      timestamp: time.optional(),
    }),
  ),
});

const trade = z.object({
  channel: z.literal('trade'),
  type: messageType,
  data: z.array(
    z.object({
      symbol,
      side: z.enum(['buy', 'sell']),
      price: positive,
      qty: positive,
      ord_type: z.string().optional(),
      trade_id: z.int().nonnegative(),
      timestamp: time,
    }),
  ),
});

const ohlc = z.object({
  channel: z.literal('ohlc'),
  type: messageType,
  data: z.array(
    z.object({
      symbol,
      open: positive,
      high: positive,
      low: positive,
      close: positive,
      vwap: quantity.optional(),
      trades: z.int().nonnegative().optional(),
      volume: quantity,
      interval_begin: time,
      interval: z.int().positive().max(100_000),
    }),
  ),
});

const instrument = z.object({
  channel: z.literal('instrument'),
  type: messageType,
  data: z.object({
    pairs: z.array(
      z.object({
        symbol,
        status: z.string(),
        price_precision: z.int().min(0).max(15),
        qty_precision: z.int().min(0).max(15),
      }),
    ),
  }),
});

const status = z.object({
  channel: z.literal('status'),
  type: messageType,
  data: z.array(z.object({ system: z.string() })),
});

const heartbeat = z.object({ channel: z.literal('heartbeat') });

/**
 * A granted or refused request: one for each symbol of a `subscribe`, and `pong`, whose `time_out` gives the
 * clock's offset.
 */
const reply = z.object({
  method: z.string(),
  success: z.boolean().optional(),
  error: z.string().optional(),
  symbol: z.string().optional(),
  result: z
    .object({
      channel: z.string().optional(),
      symbol: z.string().optional(),
      depth: z.number().optional(),
      warnings: z.array(z.string()).nullable().optional(),
    })
    .optional(),
  time_in: time.optional(),
  time_out: time.optional(),
});

/** A complaint that answers no request, such as too many messages. Its form varies. */
const complaint = z.union([z.object({ error: z.string() }), z.object({ Error: z.string() })]);

/** The frames of Kraken's v2 socket that this system reads, by channel, and the two that carry none. */
export const krakenWire = { book, trade, ohlc, instrument, status, heartbeat, reply, complaint } as const;

/** A parsed frame of one channel of `krakenWire`. */
export type KrakenWire<Channel extends keyof typeof krakenWire> = z.infer<(typeof krakenWire)[Channel]>;
