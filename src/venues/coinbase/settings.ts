import { z } from 'zod';

/** Coinbase Exchange as a second constituent of the index, public, optional. */
export const coinbaseSettings = z.strictObject({
  enabled: z.boolean().default(false),
  product: z.string().min(1).default('BTC-USD'),
  /** docs.cdp.coinbase.com/exchange/websocket-feed/overview */
  wsUrl: z.url({ protocol: /^wss?$/ }).default('wss://ws-feed.exchange.coinbase.com'),
});

/** Settings of Coinbase, defaults filled in. */
export type CoinbaseSettings = z.infer<typeof coinbaseSettings>;
