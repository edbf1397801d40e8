import type { z } from 'zod';
import type { Micros } from '../domain/time.ts';
import type { SpotVenue } from '../domain/venues.ts';
import type { VenueCodec } from '../operators/decode.ts';
import type { Dial } from './dial.ts';
import type { EdgeClock } from './edge-clock.ts';
import type { Feed } from './feed.ts';
import type { MarkReader } from './frame-mark.ts';
import type { Http } from './http.ts';

/** What a spot venue's feed needs. */
export interface SpotPorts {
  readonly dial: Dial;
  readonly http: Http;
  /** Runs timers. */
  readonly clock: EdgeClock;
  /** Stamps frames. */
  readonly stamp: () => Micros;
  /** Uniform on [0, 1), for jitter. */
  readonly random: () => number;
}

/**
 * A spot venue as one value: its settings, its codec and its feed. `config/venues.ts` has the table of all
 * spot venues.
 */
export interface SpotAdapter<Settings> {
  readonly venue: SpotVenue;
  /** Schema of its part of the settings. Every key has a default. */
  readonly settings: z.ZodObject & z.ZodType<Settings>;
  /** How it spells a symbol, and the error message for one that is spelt otherwise. */
  readonly symbol: { readonly pattern: RegExp; readonly error: string };
  /** Makes a new codec. A codec may keep state, so each reader has its own. */
  readonly codec: (settings: Settings) => VenueCodec;
  /** Makes a new reader of what merging recordings must know of its texts. */
  readonly marks: () => MarkReader;
  /** Whether the configuration asks for its feed. */
  readonly enabled: (settings: Settings) => boolean;
  /** Opens its live feed of one or more symbols, all over one connection. */
  readonly open: (ports: SpotPorts, settings: Settings, symbols: readonly string[]) => Feed;
}
