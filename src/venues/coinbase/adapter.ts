import type { SpotAdapter } from '../../transport/spot-adapter.ts';
import { decodeCoinbase } from './codec.ts';
import { coinbaseFeed } from './feed.ts';
import { coinbaseMarkReader } from './mark-reader.ts';
import { type CoinbaseSettings, coinbaseSettings } from './settings.ts';

/** Coinbase Exchange as a spot venue. It gives only trades. */
export const coinbaseAdapter = {
  venue: 'coinbase',
  settings: coinbaseSettings,
  symbol: { pattern: /^[A-Z0-9]+-[A-Z0-9]+$/, error: 'must be spelt as BTC-USD' },
  codec: () => ({ wire: decodeCoinbase, rest: () => [] }),
  marks: coinbaseMarkReader,
  enabled: ({ enabled }) => enabled,
  open: coinbaseFeed,
} as const satisfies SpotAdapter<CoinbaseSettings>;
