import { NEVER, Observable, type Subscriber } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { AssetBars, Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { type Venue, venueNames } from '../../src/domain/venues.ts';
import type { RecorderStats } from '../../src/tape/recorder.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed } from '../../src/transport/feed.ts';
import type { InletStats } from '../../src/transport/inlet.ts';
import { assemble } from '../assemble.ts';
import { isPublished } from '../routes.ts';
import { openLiveEdge } from '../run/live-edge.ts';
import { summariser, type Totals } from '../run/summary.ts';

/** What to record, and where. */
export interface RecordOptions {
  readonly settings: Settings;
  readonly feeds: readonly Feed[];
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
  /** Folder of the tapes. It is made if absent; nothing in it is overwritten. */
  readonly folder: string;
  /** Name of the recording. */
  readonly name: string;
  /** Closed bars up to now, so that the tape can warm a forecast by itself; may be empty. */
  readonly history: readonly AssetBars[];
  readonly rotateBytes?: number;
  readonly rotateMicros?: Micros;
  readonly stop$: Observable<unknown>;
  /** Called after each batch. */
  readonly afterBatch?: (totals: RecordProgress) => void;
}

/** How far a recording is. */
export interface RecordProgress {
  readonly at: Micros;
  readonly frames: number;
  readonly recorded: RecorderStats;
}

/**
 * The result of a recording. The totals also show whether the books were sound, since books are rebuilt while
 * recording.
 */
export interface RecordSummary
  extends Pick<Totals, 'rejectedFrames' | 'rejectedReasons' | Venue | 'connections' | 'recovered'> {
  readonly lane: 'record';
  readonly label: string;
  readonly session: string;
  readonly from: string;
  readonly until: string;
  readonly frames: number;
  readonly shedFrames: InletStats['shedFrames'];
  readonly mostQueuedFrames: number;
  readonly recorded: RecorderStats;
}

const MOST_QUEUED = 200_000;
const TICK_MS = 100;

const iso = (micros: Micros): string => new Date(micros / 1000).toISOString();

const perVenueOf = (totals: Totals): Pick<Totals, Venue> =>
  Object.fromEntries(venueNames.map((venue) => [venue, totals[venue]])) as Pick<Totals, Venue>;

/**
 * Records live feeds to tapes until `stop$`. The venues' books are rebuilt meanwhile, so that a broken one is
 * subscribed to again and the tape recovers as a trading session would. Nothing is decided. Throws the disk's
 * error.
 */
export async function record(options: RecordOptions): Promise<RecordSummary> {
  const { settings, folder, rotateBytes, rotateMicros } = options;
  const live = openLiveEdge({
    ...options,
    own$: NEVER,
    record: {
      folder,
      ...(rotateBytes !== undefined && { rotateBytes }),
      ...(rotateMicros !== undefined && { rotateMicros }),
    },
    mostQueued: MOST_QUEUED,
    tickMs: TICK_MS,
  });
  const recorded = (): RecorderStats => {
    const { recorded: stats } = live.stats();
    if (!stats) throw new Error('record: the edge has no recorder');
    return stats;
  };
  const totals = summariser(settings.assets);
  let entrance: Subscriber<Frame> | undefined;
  let failure: { readonly cause: unknown } | undefined;
  const watching = new Observable<Frame>((to) => {
    entrance = to;
  })
    .pipe(assemble(settings))
    .subscribe({
      next: (event) => {
        if (!isPublished(event)) return;
        totals.add(event);
        live.receive(event);
      },
      error: (cause: unknown) => {
        failure = { cause };
      },
    });
  let frames = 0;
  let at = live.startAt;
  try {
    for await (const batch of live.batches()) {
      for (const frame of batch) {
        if (frame.kind === 'wire') frames++;
        entrance?.next(frame);
        at = frame.at;
      }
      if (failure) throw failure.cause;
      options.afterBatch?.({ at, frames, recorded: recorded() });
    }
  } finally {
    watching.unsubscribe();
    await live.close();
  }
  const { session, shedFrames, mostQueuedFrames } = live.stats();
  const read = totals.read();
  const { rejectedFrames, rejectedReasons, connections, recovered } = read;
  return {
    lane: 'record',
    label: settings.label,
    session,
    from: iso(live.startAt),
    until: iso(at),
    frames,
    shedFrames,
    mostQueuedFrames,
    recorded: recorded(),
    rejectedFrames,
    rejectedReasons,
    ...perVenueOf(read),
    connections,
    recovered,
  };
}
