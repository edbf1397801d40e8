import { z } from 'zod';
import { address } from '../../transport/address.ts';

/** Settings of Coinbase Exchange, one more spot venue for the twin. It is public and optional. */
export const coinbaseSettings = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether Coinbase’s trades are received.'),
    wsUrl: address(/^wss?$/)
      .default('wss://ws-feed.exchange.coinbase.com')
      .describe('Public socket (docs.cdp.coinbase.com/exchange/websocket-feed/overview).'),
  })
  .describe('A further spot venue for the twin. Public.');

/** Settings of Coinbase, defaults filled in. */
export type CoinbaseSettings = z.infer<typeof coinbaseSettings>;
