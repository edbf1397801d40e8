import { z } from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';

/** Hosts of an environment (docs.kalshi.com/getting_started/api_environments); credentials belong to one of them. */
const HOSTS = {
  prod: {
    wsUrl: 'wss://external-api-ws.kalshi.com/trade-api/ws/v2',
    restUrl: 'https://external-api.kalshi.com/trade-api/v2',
  },
  demo: {
    wsUrl: 'wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2',
    restUrl: 'https://external-api.demo.kalshi.co/trade-api/v2',
  },
} as const;

/** Settings of the Kalshi venue. */
export const kalshiSettings = z.strictObject({
  /**
   * What subscriptions ask for and recordings were asked with: true if NO levels come as YES prices. Kalshi's default is false today and
   * is announced to flip, so it is always sent explicitly (docs.kalshi.com/getting_started/order_direction).
   */
  useYesPrice: z.boolean().default(false),
  /** Series whose contracts are followed: a ticker's part before its first dash. */
  series: z.array(z.string().min(1)).min(1).default(['KXBTC', 'KXBTCD', 'KXBTC15M']),
  /** Which exchange the key is for. Paper trading takes the real one's prices. */
  environment: z.enum(['prod', 'demo']).default('prod'),
  /** Instead of the environment's own; `restUrl` ends in `/trade-api/v2`. */
  wsUrl: z.url({ protocol: /^wss?$/ }).optional(),
  restUrl: z
    .url({ protocol: /^https?$/ })
    .regex(/\/trade-api\/v2\/?$/, { error: 'must end in /trade-api/v2' })
    .optional(),
  /** Id of the API key. Without key and path Kalshi is polled over public REST: slower, and without the index. */
  keyId: z.string().min(1).optional(),
  /** File of the private key in PEM, readable by its owner alone. The key itself is never part of a configuration. */
  privateKeyPath: z.string().min(1).optional(),
  /** Contracts that close within this are subscribed to; past two hours nothing is priced. */
  subscribeAheadMicros: z
    .int()
    .positive()
    .default(65 * MINUTE),
  /** Without a key: time from one round of polling to the next. */
  pollEveryMicros: z
    .int()
    .min(SECOND)
    .default(3 * SECOND),
});

/** Settings of the Kalshi venue, defaults filled in. */
export type KalshiSettings = z.infer<typeof kalshiSettings>;

/** Addresses that the settings mean; `restUrl` without a slash at its end. */
export function kalshiHosts({
  environment,
  wsUrl,
  restUrl,
}: Pick<KalshiSettings, 'environment' | 'wsUrl' | 'restUrl'>): {
  readonly wsUrl: string;
  readonly restUrl: string;
} {
  const hosts = HOSTS[environment];
  return { wsUrl: wsUrl ?? hosts.wsUrl, restUrl: (restUrl ?? hosts.restUrl).replace(/\/$/, '') };
}
