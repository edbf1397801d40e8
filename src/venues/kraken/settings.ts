import { z } from 'zod';
import { address } from '../../transport/address.ts';

/** Settings of what is read from Kraken's public socket and REST. */
export const krakenSettings = z
  .strictObject({
    bookDepth: z
      .union([z.literal(10), z.literal(25), z.literal(100), z.literal(500), z.literal(1000)])
      .default(10)
      .describe('Levels a side of the book subscription. Kraken grants these and no others.'),
    wsUrl: address(/^wss?$/)
      .default('wss://ws.kraken.com/v2')
      .describe('Public socket (docs.kraken.com/api/docs/guides/spot-ws-intro).'),
    restUrl: address(/^https?$/)
      .default('https://api.kraken.com')
      .describe('Base of public REST, without `/0/public`.'),
  })
  .describe('A spot venue, whose minutes also feed the forecast. Public.');

/** Settings of the Kraken venue, defaults filled in. */
export type KrakenSettings = z.infer<typeof krakenSettings>;
