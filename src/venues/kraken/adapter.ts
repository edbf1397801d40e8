import type { SpotAdapter } from '../../transport/spot-adapter.ts';
import { decodeKraken } from './codec.ts';
import { krakenFeed } from './feed.ts';
import { krakenMarkReader } from './mark-reader.ts';
import { decodeKrakenRest } from './rest-codec.ts';
import { type KrakenSettings, krakenSettings } from './settings.ts';

/** Kraken as a spot venue: books, trades and minutes over its WebSocket v2, missed trades by REST. */
export const krakenAdapter = {
  venue: 'kraken',
  settings: krakenSettings,
  // `XBT/USD` is how v1 writes it; v2 refuses it.
  symbol: { pattern: /^(?!XBT\/)[A-Z0-9]+\/[A-Z0-9]+$/, error: 'must be spelt as v2 does: BTC/USD' },
  codec: () => ({ wire: decodeKraken, rest: decodeKrakenRest }),
  marks: krakenMarkReader,
  enabled: () => true,
  open: krakenFeed,
} as const satisfies SpotAdapter<KrakenSettings>;
