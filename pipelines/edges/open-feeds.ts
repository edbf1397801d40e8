import type { Settings } from '../../src/config/settings.ts';
import { openSpotFeeds } from '../../src/config/venues.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Dial } from '../../src/transport/dial.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed } from '../../src/transport/feed.ts';
import type { Http } from '../../src/transport/http.ts';
import { kalshiFeed } from '../../src/venues/kalshi/feed.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { kalshiPolling } from '../../src/venues/kalshi/polling.ts';
import { kalshiRest } from '../../src/venues/kalshi/rest.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';

/** The world that feeds are opened in: real time and real sockets, or those of an emulator. */
export interface Edge {
  readonly clock: EdgeClock;
  /** The time that frames are stamped with: `clock.at`, unless the market itself runs faster. */
  readonly stamp: () => Micros;
  /** True wall time in milliseconds, for signatures. */
  readonly wallMillis: () => number;
  readonly dial: Dial;
  readonly http: Http;
  /** Uniform on [0, 1), for jitter. */
  readonly random: () => number;
  /**
   * How often the list of contracts is checked for new ones; shorter where the market runs faster than the
   * clock.
   */
  readonly tickMs?: number;
  /** Receives fills and orders of our own account too. */
  readonly ownChannels?: boolean;
}

/**
 * The feeds that the settings ask for. Without a key, Kalshi is polled over public REST, and the feed reports
 * that.
 */
export function openFeeds(settings: Settings, edge: Edge, key: KalshiKey | undefined): readonly Feed[] {
  const signer = key && kalshiSigner(key, edge.wallMillis);
  const rest = kalshiRest({ ...edge, signer }, settings.kalshi);
  return [
    ...openSpotFeeds(edge, settings, settings.assets),
    signer
      ? kalshiFeed({ ...edge, rest, signer }, settings.kalshi, settings.assets)
      : kalshiPolling({ ...edge, rest }, settings.kalshi, settings.assets),
  ];
}
