import type { Gap } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import type { FeedHealth } from '../../risk/context.ts';
import type { ExecutionSettings } from '../settings.ts';
import type { DeskInput } from './desk-events.ts';

type Feed = FeedHealth['feed'];
const FEEDS: readonly Feed[] = ['krakenBook', 'kraken', 'kalshi', 'index'];

/** When each feed last sent something in this session. */
export interface Feeds {
  readonly receive: (event: DeskInput) => void;
  readonly reset: (sessionAt: Micros) => void;
  /**
   * Health as of `now`. A feed is required if it is configured and either must come or has sent something in
   * this session.
   */
  readonly health: () => readonly FeedHealth[];
  /**
   * Configured feeds that have sent nothing by `now`; empty until the session has lasted
   * `feedPatienceMicros`.
   */
  readonly lacking: (now: Micros) => readonly Feed[];
  /** True once a print of the index itself, not of the twin, has been received in this session. */
  readonly directIndex: () => boolean;
}

/**
 * Tracks feeds by events that only a live feed sends: Kraken's book, any event of Kraken except candles (a
 * tape may hold only those), Kalshi's books and tickers, and prints of the index itself. After a gap voids a
 * feed, it counts as silent until its next event.
 */
export function feeds(settings: ExecutionSettings['desk']): Feeds {
  const last = new Map<Feed, Micros>();
  /**
   * Feeds whose state was voided after their last event. However recent that event is, nothing may be built
   * on it.
   */
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
    receive: (event) => {
      switch (event.kind) {
        case 'gap':
          onGap(event);
          return;
        case 'krakenBookChecked':
          // An event that a void book ignores does not count; the book is live again at its snapshot.
          if (event.verdict === 'passed') spoke('krakenBook', event.receivedAt);
          spoke('kraken', event.receivedAt);
          return;
        case 'contractBook':
          // A void book is our own event, not one of the venue.
          if (event.top.live) spoke('kalshi', event.receivedAt);
          return;
        case 'contractTicker':
          spoke('kalshi', event.receivedAt);
          return;
        case 'index':
          if (event.source === 'prints') spoke('index', event.receivedAt);
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
