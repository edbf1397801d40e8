import type { FeedLacking, FeedSilence } from '../domain/events/feed.ts';
import type { Gap, Rejected } from '../domain/events/venue.ts';
import type { ClockFrame, ConnectionFrame } from '../domain/frame.ts';
import { MILLISECOND, type Micros, SECOND } from '../domain/time.ts';
import { EXCHANGE, FEATURE_VENUE, isSpotVenue, type Venue, venueNames } from '../domain/venues.ts';
import type { RiskSettings } from '../risk/settings.ts';
import type { FeedView } from './state.ts';
import type { Draw } from './store.ts';

/** One feed, as a source of events names it to be cheap: call `heard` with each of its events. */
export interface HeardFeed {
  heardAt: Micros | undefined;
}

/** The venues' connections, and the age of what they send. */
export interface Feeds {
  /** The feed of an asset, such as `index` of `BTC`. Setting its `heardAt` is all that an event costs. */
  readonly of: (asset: string, feed: string) => HeardFeed;
  readonly venue: (venue: Venue) => HeardFeed;
  readonly silence: (event: FeedSilence) => void;
  readonly lacking: (event: FeedLacking) => void;
  readonly connection: (event: ConnectionFrame) => void;
  readonly clock: (event: ClockFrame) => void;
  readonly gap: (event: Gap, asset: string | undefined) => void;
  readonly rejected: (event: Rejected) => void;
  /** A session begins: what was heard before it says nothing. */
  readonly session: () => void;
  /** Whether anything of a market comes that decisions are made of; and if not, a sentence of what is missing. */
  readonly fed: (at: Micros) => string | undefined;
  readonly draw: (to: Draw, at: Micros) => void;
}

interface Row extends HeardFeed {
  readonly name: string;
  readonly venue: Venue;
  /** The feed's own name; undefined for a venue's connection. */
  readonly feed: string | undefined;
  readonly maxAge: Micros;
  silent: boolean;
  lacking: boolean;
  down: boolean;
  gaps: number;
  reconnects: number;
  shed: number;
  rejected: number;
  clockOffsetMs: number | null;
  changed: boolean;
  drawnState: FeedView['state'] | undefined;
  drawnHeardAt: Micros | undefined;
}

/** The feeds whose silence the graph tells, and which decisions need. */
const WATCHED: readonly string[] = ['krakenBook', 'kalshi', 'index'];

const venueOf = (feed: string): Venue =>
  feed === 'index' || feed === EXCHANGE
    ? EXCHANGE
    : (venueNames.find((venue) => isSpotVenue(venue) && venue === feed) ?? FEATURE_VENUE);

/** Keeps one row a venue and one a feed of an asset. Both are few: they are named by the configuration. */
export function feeds(limits: RiskSettings): Feeds {
  const rows = new Map<string, Row>();
  /** By feed and asset, so that an event costs no new string. */
  const byFeed = new Map<string, Map<string, Row>>();
  const ages: Readonly<Record<string, Micros>> = {
    krakenBook: limits.krakenBookMaxAgeMicros,
    kraken: limits.krakenMaxAgeMicros,
    kalshi: limits.kalshiMaxAgeMicros,
    index: limits.indexMaxAgeMicros,
  };
  const make = (name: string, venue: Venue, feed: string | undefined, maxAge: Micros): Row => {
    const row: Row = {
      name,
      venue,
      feed,
      maxAge,
      heardAt: undefined,
      silent: false,
      lacking: false,
      down: false,
      gaps: 0,
      reconnects: 0,
      shed: 0,
      rejected: 0,
      clockOffsetMs: null,
      changed: true,
      drawnState: undefined,
      drawnHeardAt: undefined,
    };
    rows.set(name, row);
    return row;
  };
  const venueRow = (venue: Venue): Row =>
    rows.get(venue) ?? make(venue, venue, undefined, limits.krakenMaxAgeMicros);
  const feedRow = (asset: string, feed: string): Row => {
    const known = byFeed.get(feed)?.get(asset);
    if (known) return known;
    const row = make(`${asset} ${feed}`, venueOf(feed), feed, ages[feed] ?? limits.spotMaxAgeMicros);
    const ofFeed = byFeed.get(feed) ?? new Map<string, Row>();
    byFeed.set(feed, ofFeed.set(asset, row));
    return row;
  };
  const stateOf = (row: Row, at: Micros): FeedView['state'] => {
    if (row.down || rows.get(row.venue)?.down) return 'down';
    if (row.silent) return 'silent';
    if (row.lacking || row.heardAt === undefined) return 'lacking';
    return at - row.heardAt > row.maxAge ? 'silent' : 'live';
  };

  return {
    of: feedRow,
    venue: venueRow,
    silence: ({ asset, feed, silent, at }) => {
      const row = feedRow(asset, feed);
      row.silent = silent;
      // It is told because something came, which need not be an event of its own.
      if (!silent) row.heardAt = at;
      row.changed = true;
    },
    lacking: ({ asset, feed }) => {
      const row = feedRow(asset, feed);
      row.lacking = true;
      row.changed = true;
    },
    connection: ({ venue, change, detail }) => {
      const row = venueRow(venue);
      row.changed = true;
      switch (change) {
        case 'closed':
          row.down = true;
          return;
        case 'opened':
          // The first time is no reconnection.
          if (row.down) row.reconnects++;
          row.down = false;
          return;
        case 'live':
          row.down = false;
          return;
        case 'shed':
          row.shed += Number(/\d+/.exec(detail)?.[0] ?? 1);
          return;
        case 'resyncing':
        case 'refused':
          return;
      }
    },
    clock: ({ venue, offsetMicros }) => {
      const row = venueRow(venue);
      row.clockOffsetMs = offsetMicros / MILLISECOND;
      row.changed = true;
    },
    gap: ({ venue, cause }, asset) => {
      const row = venueRow(venue);
      row.gaps++;
      row.changed = true;
      if (cause !== 'checksum' || asset === undefined) return;
      const book = feedRow(asset, 'krakenBook');
      book.gaps++;
      book.changed = true;
    },
    rejected: ({ venue }) => {
      const row = venueRow(venue);
      row.rejected++;
      row.changed = true;
    },
    session: () => {
      for (const row of rows.values()) {
        row.heardAt = undefined;
        row.silent = false;
        row.lacking = false;
        row.down = false;
        row.changed = true;
      }
    },
    fed: (at) => {
      const watched = [...rows.values()].filter(({ feed }) => feed !== undefined && WATCHED.includes(feed));
      if (watched.length === 0) return 'nothing has come of any venue yet';
      const states = watched.map((row) => `${row.name} is ${stateOf(row, at)}`);
      return watched.some((row) => stateOf(row, at) === 'live') ? undefined : states.join(', ');
    },
    draw: (to, at) => {
      for (const row of rows.values()) {
        const state = stateOf(row, at);
        const { heardAt } = row;
        const older = heardAt !== undefined && heardAt - (row.drawnHeardAt ?? 0) >= SECOND;
        if (!row.changed && state === row.drawnState && !older) continue;
        row.changed = false;
        row.drawnState = state;
        row.drawnHeardAt = heardAt;
        const { name, venue, gaps, reconnects, shed, rejected, clockOffsetMs } = row;
        to.entry('feeds', name, {
          name,
          venue,
          state,
          heardAt: heardAt ?? null,
          gaps,
          reconnects,
          shed,
          rejected,
          clockOffsetMs,
        });
      }
    },
  };
}
