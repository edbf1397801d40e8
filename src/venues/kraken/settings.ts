import { z } from 'zod';

/** What is read from Kraken's public socket. */
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
});
