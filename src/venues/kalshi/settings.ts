import { z } from 'zod';

/** Settings of the Kalshi venue. */
export const kalshiSettings = z.strictObject({
  /**
   * What subscriptions ask for and recordings were asked with: true if NO levels come as YES prices. Kalshi's default is false today and
   * is announced to flip, so it is always sent explicitly (docs.kalshi.com/getting_started/order_direction).
   */
  useYesPrice: z.boolean().default(false),
  /** Series whose contracts are followed: a ticker's part before its first dash. */
  series: z.array(z.string().min(1)).min(1).default(['KXBTC', 'KXBTCD', 'KXBTC15M']),
});
