import { z } from 'zod';

/** What is read from Coinbase Exchange's public socket. */
export const coinbaseSettings = z.strictObject({
  /** Product whose trades are read. */
  productId: z
    .string()
    .regex(/^[A-Z0-9]+-[A-Z0-9]+$/)
    .default('BTC-USD'),
});

export type CoinbaseSettings = z.infer<typeof coinbaseSettings>;
