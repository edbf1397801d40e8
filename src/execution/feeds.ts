import type { Micros } from '../domain/time.ts';
import type { FeedHealth } from '../risk/context.ts';
import type { DeskInput } from './desk-events.ts';
import type { ExecutionSettings } from './settings.ts';

type Feed = FeedHealth['feed'];
const FEEDS: readonly Feed[] = ['krakenBook', 'kraken', 'kalshi', 'index'];

/** When each feed last spoke in this session. */
export interface Feeds {
  readonly heard: (event: DeskInput) => void;
  readonly reset: (sessionAt: Micros) => void;
  /** Health as of `now`; required only what is configured and, unless it must come, has ever spoken in this session. */
  readonly health: () => readonly FeedHealth[];
  /** Configured feeds that have not spoken by `now`, once the session has lasted its patience. */
  readonly lacking: (now: Micros) => readonly Feed[];
  /** True once the index itself, not a stand-in, has been heard in this session. */
  readonly directIndex: () => boolean;
}

/**
 * Tracks feeds by what only a live feed sends: Kraken's book, any of Kraken's frames but its candles (a tape may hold those alone), Kalshi's
 * books and tickers, prints of the index itself.
 */
export function feeds(settings: ExecutionSettings['desk']): Feeds {
  const last = new Map<Feed, Micros>();
  const wanted = new Set<Feed>(settings.requiredFeeds);
  let startedAt = 0;
  const rows = FEEDS.map((feed) => ({ feed, required: false, receivedAt: undefined as Micros | undefined }));

  return {
    heard: (event) => {
      switch (event.kind) {
        case 'krakenBookChecked':
          // What a void book ignores until its snapshot is no word of the book.
          if (event.verdict === 'passed') last.set('krakenBook', event.receivedAt);
          last.set('kraken', event.receivedAt);
          return;
        case 'contractBook':
          // A book told void is our own word, not the venue's.
          if (event.book.live) last.set('kalshi', event.receivedAt);
          return;
        case 'contractTicker':
          last.set('kalshi', event.receivedAt);
          return;
        case 'index':
          if (event.source === 'brti') last.set('index', event.receivedAt);
          return;
        case 'heartbeat':
        case 'spotTrade':
          if (event.venue === 'kraken') last.set('kraken', event.receivedAt);
          return;
        default:
          return;
      }
    },
    reset: (sessionAt) => {
      last.clear();
      startedAt = sessionAt;
    },
    health: () => {
      for (const row of rows) {
        row.receivedAt = last.get(row.feed);
        row.required = wanted.has(row.feed) && (settings.feedsMustCome || row.receivedAt !== undefined);
      }
      return rows;
    },
    lacking: (now) =>
      now - startedAt < settings.feedPatienceMicros
        ? []
        : FEEDS.filter((feed) => wanted.has(feed) && !last.has(feed)),
    directIndex: () => last.has('index'),
  };
}
