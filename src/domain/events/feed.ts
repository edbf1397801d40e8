import type { Micros } from '../time.ts';

/** A feed that the configuration asks for and this session does not carry. Told once a run and feed; checks do not wait for it. */
export interface FeedLacking {
  readonly kind: 'feedLacking';
  readonly at: Micros;
  readonly feed: string;
}

/** A feed went silent for longer than the checks allow, or spoke again. `since` is when it was last heard, by our clock. */
export interface FeedSilence {
  readonly kind: 'feedSilence';
  readonly at: Micros;
  readonly feed: string;
  readonly silent: boolean;
  readonly since: Micros;
}
