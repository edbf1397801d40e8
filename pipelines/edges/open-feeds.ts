import type { Settings } from '../../src/config/settings.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Dial } from '../../src/transport/dial.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed } from '../../src/transport/feed.ts';
import type { Http } from '../../src/transport/http.ts';
import { coinbaseFeed } from '../../src/venues/coinbase/feed.ts';
import { kalshiFeed } from '../../src/venues/kalshi/feed.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { kalshiPolling } from '../../src/venues/kalshi/polling.ts';
import { kalshiRest } from '../../src/venues/kalshi/rest.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { krakenFeed } from '../../src/venues/kraken/feed.ts';

/** What feeds are opened on: real time and real sockets, or an emulator's. */
export interface Edge {
  readonly clock: EdgeClock;
  /** Stamps frames; `clock.at`, unless the market itself runs faster. */
  readonly stamp: () => Micros;
  /** True wall time, which signatures carry. */
  readonly wallMillis: () => number;
  readonly dial: Dial;
  readonly http: Http;
  /** Uniform on [0, 1), for jitter. */
  readonly random: () => number;
  /** How often contracts are looked at for rollover; shorter where the market runs faster than the clock. */
  readonly tickMs?: number;
}

/** The feeds that the settings ask for. Without a key Kalshi is polled over public REST, and says so. */
export function openFeeds(settings: Settings, edge: Edge, key: KalshiKey | undefined): readonly Feed[] {
  const signer = key && kalshiSigner(key, edge.wallMillis);
  const rest = kalshiRest({ ...edge, signer }, settings.kalshi);
  return [
    krakenFeed(edge, settings.kraken),
    signer
      ? kalshiFeed({ ...edge, rest, signer }, settings.kalshi)
      : kalshiPolling({ ...edge, rest }, settings.kalshi),
    ...(settings.coinbase.enabled ? [coinbaseFeed(edge, settings.coinbase)] : []),
  ];
}
