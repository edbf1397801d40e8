import type { Observable } from 'rxjs';
import type { ClockFrame, ConnectionFrame, RestFrame, WireFrame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { Venue } from '../domain/venues.ts';

/** What a venue's feed puts on the tape. */
export type FeedFrame = WireFrame | RestFrame | ConnectionFrame | ClockFrame;

/** State built on part of a feed is void: ask for it anew. `scope` is the scope of the gap that says so. */
export interface Resync {
  readonly kind: 'resync';
  readonly venue: Venue;
  readonly cause: 'checksum' | 'sequence' | 'negativeLevel' | 'shed';
  readonly scope: string;
}

/** Trades `firstId` to `lastId` of a symbol were missed: fetch them. The last trade known before them was at `sinceAt`, by the venue's clock. */
export interface Backfill {
  readonly kind: 'backfill';
  readonly venue: 'kraken';
  readonly symbol: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly sinceAt: Micros;
}

/** What the graph's findings ask of a live feed. On a replay nobody listens: the answers are on the tape. */
export type FeedCommand = Resync | Backfill;

/**
 * A venue's live feed: connects, subscribes, watches and reconnects for as long as it is subscribed, and obeys commands. Frames are stamped as they
 * arrive. It never completes and never errors: what goes wrong is a `connection` frame.
 */
export type Feed = (command$: Observable<FeedCommand>) => Observable<FeedFrame>;
