import { z } from 'zod';

/** What is read from Kraken's public socket and REST. */
export const krakenSettings = z.strictObject({
  /** Pair in v2's spelling; `XBT/USD` is v1's and is refused. */
  symbol: z
    .string()
    .regex(/^(?!XBT\/)[A-Z0-9]+\/[A-Z0-9]+$/)
    .default('BTC/USD'),
  /** Levels a side of the book subscription. Kraken grants these and no others. */
  bookDepth: z
    .union([z.literal(10), z.literal(25), z.literal(100), z.literal(500), z.literal(1000)])
    .default(10),
  /** Public socket (docs.kraken.com/api/docs/guides/spot-ws-intro). */
  wsUrl: z.url({ protocol: /^wss?$/ }).default('wss://ws.kraken.com/v2'),
  /** Base of public REST, without `/0/public`. */
  restUrl: z.url({ protocol: /^https?$/ }).default('https://api.kraken.com'),
});

/** Settings of the Kraken venue, defaults filled in. */
export type KrakenSettings = z.infer<typeof krakenSettings>;
