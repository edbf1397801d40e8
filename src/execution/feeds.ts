import type { Gap } from '../domain/events/venue.ts';
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
 * books and tickers, prints of the index itself. After a gap that voids it, a feed counts as never heard until it speaks again.
 */
export function feeds(settings: ExecutionSettings['desk']): Feeds {
  const last = new Map<Feed, Micros>();
  /** Feeds that spoke and whose state is void since: however fresh their last word, nothing may rest on it. */
  const voided = new Set<Feed>();
  const wanted = new Set<Feed>(settings.requiredFeeds);
  let startedAt = 0;
  const rows = FEEDS.map((feed) => ({ feed, required: false, receivedAt: undefined as Micros | undefined }));

  const spoke = (feed: Feed, receivedAt: Micros): void => {
    last.set(feed, receivedAt);
    voided.delete(feed);
  };
  const onGap = ({ venue, cause }: Gap): void => {
    if (venue === 'kraken' && (cause === 'checksum' || cause === 'disconnect')) voided.add('krakenBook');
    if (cause !== 'disconnect') return;
    if (venue === 'kraken') voided.add('kraken');
    if (venue === 'kalshi') voided.add('kalshi').add('index');
  };

  return {
    heard: (event) => {
      switch (event.kind) {
        case 'gap':
          onGap(event);
          return;
        case 'krakenBookChecked':
          // What a void book ignores until its snapshot is no word of the book.
          if (event.verdict === 'passed') spoke('krakenBook', event.receivedAt);
          spoke('kraken', event.receivedAt);
          return;
        case 'contractBook':
          // A book told void is our own word, not the venue's.
          if (event.book.live) spoke('kalshi', event.receivedAt);
          return;
        case 'contractTicker':
          spoke('kalshi', event.receivedAt);
          return;
        case 'index':
          if (event.source === 'brti') spoke('index', event.receivedAt);
          return;
        case 'heartbeat':
        case 'spotTrade':
          if (event.venue === 'kraken') spoke('kraken', event.receivedAt);
          return;
        default:
          return;
      }
    },
    reset: (sessionAt) => {
      last.clear();
      voided.clear();
      startedAt = sessionAt;
    },
    health: () => {
      for (const row of rows) {
        row.receivedAt = voided.has(row.feed) ? undefined : last.get(row.feed);
        row.required = wanted.has(row.feed) && (settings.feedsMustCome || last.has(row.feed));
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
