import type { Observable } from 'rxjs';
import type { ClockFrame, ConnectionFrame, RestFrame, WireFrame } from '../domain/frame.ts';
import type { Micros } from '../domain/time.ts';
import type { SpotVenue, Venue } from '../domain/venues.ts';

/** The frames that a venue's feed emits. */
export type FeedFrame = WireFrame | RestFrame | ConnectionFrame | ClockFrame;

/** State built on a part of a feed is void: ask for it again. `scope` is that of the gap. */
export interface Resync {
  readonly kind: 'resync';
  readonly venue: Venue;
  readonly cause: 'checksum' | 'sequence' | 'negativeLevel' | 'shed';
  readonly scope: string;
}

/**
 * Trades `firstId` to `lastId` of a symbol were missed: fetch them, if the venue allows it. The last known
 * trade before them was at `sinceAt` by the venue's clock.
 */
export interface Backfill {
  readonly kind: 'backfill';
  readonly venue: SpotVenue;
  readonly symbol: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly sinceAt: Micros;
}

/**
 * What the graph asks of a live feed. In a replay these commands are ignored, because the answers are on the
 * tape.
 */
export type FeedCommand = Resync | Backfill;

/**
 * A venue's live feed: it connects, subscribes, watches and reconnects for as long as it is subscribed, and
 * carries out commands. Frames are stamped when they arrive. It never completes and never errors: failures
 * are `connection` frames.
 */
export type Feed = (command$: Observable<FeedCommand>) => Observable<FeedFrame>;
