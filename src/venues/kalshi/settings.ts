import { z } from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import { address } from '../../transport/address.ts';
import { isLoopback } from '../../transport/is-loopback.ts';

/**
 * Hosts of each environment (docs.kalshi.com/getting_started/api_environments). A key is valid in one
 * environment only.
 */
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

/** Whether an address carries its texts unencrypted off this machine. */
const isInTheOpen = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (protocol === 'http:' || protocol === 'ws:') && !isLoopback(hostname);
};

/** Settings of the Kalshi venue. */
export const kalshiSettings = z
  .strictObject({
    // Kalshi's default is false and it has announced that this will change, so the value is always sent
    // (docs.kalshi.com/getting_started/order_direction).
    useYesPrice: z
      .boolean()
      .default(false)
      .describe(
        'True if the levels of NO come as prices of YES. Subscriptions ask for it, and a recording must be read as it was asked for.',
      ),
    environment: z
      .enum(['prod', 'demo'])
      .default('prod')
      .describe('Which exchange the key is for. Paper trading takes the prices of the real one.'),
    wsUrl: address(/^wss?$/)
      .optional()
      .describe("Address of the socket, where it is not the environment's own."),
    restUrl: address(/^https?$/)
      .regex(/\/trade-api\/v2\/?$/, { error: 'must end in /trade-api/v2' })
      .optional()
      .describe("Address of REST, where it is not the environment's own. It ends in `/trade-api/v2`."),
    keyId: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Id of the API key. Without key and path Kalshi is polled over public REST: slower, and without the index.',
      ),
    privateKeyPath: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File of the private key in PEM, which only its owner may read. The key itself is never part of a configuration.',
      ),
    subscribeAheadMicros: z
      .int()
      .positive()
      .default(65 * MINUTE)
      .describe('Contracts that close within this are subscribed to. Past two hours nothing is priced.'),
    pollEveryMicros: z
      .int()
      .min(SECOND)
      .default(3 * SECOND)
      .describe('Time from one round of polling to the next, where there is no key.'),
  })
  .superRefine(({ keyId, privateKeyPath, wsUrl, restUrl }, context) => {
    if (keyId === undefined && privateKeyPath === undefined) return;
    for (const [key, text] of [
      ['wsUrl', wsUrl],
      ['restUrl', restUrl],
    ] as const)
      if (text !== undefined && isInTheOpen(text))
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `must begin with ${key === 'wsUrl' ? 'wss' : 'https'}:// where a key signs: off this machine anybody on the way could read the requests and change the answers`,
        });
  })
  .describe('The exchange.');

/** Settings of the Kalshi venue, defaults filled in. */
export type KalshiSettings = z.infer<typeof kalshiSettings>;

/** The addresses by the settings. `restUrl` has no slash at its end. */
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
