import { type KalshiSettings, kalshiHosts } from '../../venues/kalshi/settings.ts';

/** Where orders are created (docs.kalshi.com/api-reference/orders), below `/trade-api/v2`. */
export const ORDERS_PATH = '/portfolio/events/orders';

/** The one call that must leave at once, an order's create: its address, and its path from the host's root. */
export function createCall(settings: Pick<KalshiSettings, 'environment' | 'wsUrl' | 'restUrl'>): {
  readonly method: 'POST';
  readonly url: string;
  readonly path: string;
} {
  const { restUrl } = kalshiHosts(settings);
  return {
    method: 'POST',
    url: `${restUrl}${ORDERS_PATH}`,
    path: `${new URL(restUrl).pathname}${ORDERS_PATH}`,
  };
}
