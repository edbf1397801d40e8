import type { Gap } from '../../domain/events/venue.ts';
import type { Micros, Stamped } from '../../domain/time.ts';
import type { FeedHealth } from '../../risk/context.ts';
import type { ExecutionSettings } from '../settings.ts';
import { type ClockOffsets, clockOffsets } from './clock-offsets.ts';
import type { DeskInput } from './desk-events.ts';

type Feed = FeedHealth['feed'];

/** One feed's state, and its health as last read. */
interface Row {
  readonly feed: Feed;
  required: boolean;
  receivedAt: Micros | undefined;
  /** When its newest event was sent; undefined before the first of the session. */
  lastAt: Micros | undefined;
  /** Whether its state was voided after that event. However recent it is, nothing may be built on it. */
  voided: boolean;
}

const rowOf = (feed: Feed): Row => ({
  feed,
  required: false,
  receivedAt: undefined,
  lastAt: undefined,
  voided: false,
});

/** When each feed last sent something in this session, by the venues' clocks corrected to ours. */
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
  readonly clockOffset: ClockOffsets['furthest'];
  readonly sentAt: ClockOffsets['sentAt'];
}

/**
 * Tracks feeds by events that only a live feed sends: Kraken's book, any event of Kraken except candles (a
 * tape may hold only those), Kalshi's books and tickers, and prints of the index itself. After a gap voids a
 * feed, it counts as silent until its next event. The age of a feed counts from the venue's time of its newest
 * event, so what was delayed on its way is as old as it is.
 */
export function feeds(settings: ExecutionSettings['desk']): Feeds {
  const wanted = new Set<Feed>(settings.requiredFeeds);
  let startedAt = 0;
  const krakenBook = rowOf('krakenBook');
  const kraken = rowOf('kraken');
  const kalshi = rowOf('kalshi');
  const index = rowOf('index');
  const rows = [krakenBook, kraken, kalshi, index];

  const clocks = clockOffsets();
  const spoke = (row: Row, event: Stamped): void => {
    row.lastAt = Math.max(clocks.sentAt(event), row.lastAt ?? Number.NEGATIVE_INFINITY);
    row.voided = false;
  };
  const onGap = ({ venue, cause }: Gap): void => {
    if (venue === 'kraken' && (cause === 'checksum' || cause === 'disconnect')) krakenBook.voided = true;
    if (cause !== 'disconnect') return;
    if (venue === 'kraken') kraken.voided = true;
    if (venue === 'kalshi') {
      kalshi.voided = true;
      index.voided = true;
    }
  };

  return {
    receive: (event) => {
      switch (event.kind) {
        case 'gap':
          onGap(event);
          return;
        case 'clock':
        case 'stampOffset':
          clocks.receive(event);
          return;
        case 'krakenBookChecked':
          // An event that a void book ignores does not count; the book is live again at its snapshot.
          if (event.verdict === 'passed') spoke(krakenBook, event);
          spoke(kraken, event);
          return;
        case 'contractBook':
          // A void book is our own event, not one of the venue.
          if (event.top.live) spoke(kalshi, event);
          return;
        case 'contractTicker':
          spoke(kalshi, event);
          return;
        case 'index':
          if (event.source === 'prints') spoke(index, event);
          return;
        case 'heartbeat':
        case 'spotTrade':
          if (event.venue === 'kraken') spoke(kraken, event);
          return;
        default:
          return;
      }
    },
    reset: (sessionAt) => {
      for (const row of rows) {
        row.lastAt = undefined;
        row.voided = false;
      }
      clocks.reset();
      startedAt = sessionAt;
    },
    health: () => {
      for (const row of rows) {
        row.receivedAt = row.voided ? undefined : row.lastAt;
        row.required = wanted.has(row.feed) && (settings.feedsMustCome || row.lastAt !== undefined);
      }
      return rows;
    },
    lacking: (now) =>
      now - startedAt < settings.feedPatienceMicros
        ? []
        : rows.filter(({ feed, lastAt }) => wanted.has(feed) && lastAt === undefined).map(({ feed }) => feed),
    directIndex: () => index.lastAt !== undefined,
    clockOffset: clocks.furthest,
    sentAt: clocks.sentAt,
  };
}
