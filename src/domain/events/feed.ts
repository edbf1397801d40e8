import type { Micros } from '../time.ts';

/**
 * The configuration names a feed that this session does not have. Published once per run, asset and feed.
 * Checks do not wait for such a feed.
 */
export interface FeedLacking {
  readonly kind: 'feedLacking';
  readonly at: Micros;
  readonly asset: string;
  readonly feed: string;
}

/**
 * A feed was silent for longer than the checks allow, or has sent something again. `since` is the time of its
 * last frame before that, by our clock.
 */
export interface FeedSilence {
  readonly kind: 'feedSilence';
  readonly at: Micros;
  readonly asset: string;
  readonly feed: string;
  readonly silent: boolean;
  readonly since: Micros;
}
