import { Observable, Subject, type Subscriber } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { openRecorder, type RecorderStats } from '../../src/tape/recorder.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed, FeedCommand } from '../../src/transport/feed.ts';
import { type InletStats, inlet } from '../../src/transport/inlet.ts';
import { feedCommand } from '../edges/feed-commands.ts';
import { venueState } from '../market.ts';
import { summariser, type Totals } from '../run/summary.ts';

/** What to record, and where. */
export interface RecordOptions {
  readonly settings: Pick<Settings, 'kraken' | 'kalshi' | 'label'>;
  readonly feeds: readonly Feed[];
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
  /** Folder of the tapes; made if absent, nothing in it is overwritten. */
  readonly folder: string;
  /** Name of the recording. */
  readonly name: string;
  /** Closed bars up to now, so that the tape can warm a forecast by itself; may be empty. */
  readonly history: readonly MinuteBar[];
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

/** What a recording came to: the books' integrity is in the totals, since they are rebuilt while recording. */
export interface RecordSummary
  extends Pick<
    Totals,
    'rejectedFrames' | 'rejectedReasons' | 'kraken' | 'kalshi' | 'coinbase' | 'connections' | 'recovered'
  > {
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

/**
 * Records live feeds to tapes until `stop$`. Venues' books are rebuilt beside, so that a broken one is asked for anew and the tape heals as a trading
 * session would; nothing is decided. Throws what the disk threw.
 */
export async function record(options: RecordOptions): Promise<RecordSummary> {
  const { settings, feeds, clock, stamp, name, history, stop$ } = options;
  const startAt = stamp();
  const command$ = new Subject<FeedCommand>();
  const entrance = inlet({
    clock,
    stamp,
    tickMs: TICK_MS,
    capacity: MOST_QUEUED,
    onShed: (venue) => command$.next({ kind: 'resync', venue, cause: 'shed', scope: venue }),
  });
  const recorder = openRecorder({
    folder: options.folder,
    session: name,
    ...(options.rotateBytes !== undefined && { rotateBytes: options.rotateBytes }),
    ...(options.rotateMicros !== undefined && { rotateMicros: options.rotateMicros }),
  });
  const totals = summariser();
  let watch: Subscriber<Frame> | undefined;
  const watching = new Observable<Frame>((to) => {
    watch = to;
  })
    .pipe(venueState(settings))
    .subscribe((event) => {
      totals.add(event);
      const command = feedCommand(event);
      if (command) command$.next(command);
    });
  const receiving = feeds.map((feed) => feed(command$).subscribe(entrance.push));
  const stopping = stop$.subscribe(() => entrance.stop());
  let frames = 0;
  let at = startAt;
  try {
    recorder.add([{ kind: 'session', at: startAt, name, history }]);
    for await (const batch of entrance.batches()) {
      recorder.add(batch);
      for (const frame of batch) {
        if (frame.kind === 'wire') frames++;
        watch?.next(frame);
        at = frame.at;
      }
      options.afterBatch?.({ at, frames, recorded: recorder.stats() });
    }
  } finally {
    for (const subscription of [...receiving, stopping, watching]) subscription.unsubscribe();
    command$.complete();
  }
  const recorded = await recorder.close();
  const { shedFrames, mostQueued } = entrance.stats();
  const { rejectedFrames, rejectedReasons, kraken, kalshi, coinbase, connections, recovered } = totals.read();
  return {
    lane: 'record',
    label: settings.label,
    session: name,
    from: iso(startAt),
    until: iso(at),
    frames,
    shedFrames,
    mostQueuedFrames: mostQueued,
    recorded,
    rejectedFrames,
    rejectedReasons,
    kraken,
    kalshi,
    coinbase,
    connections,
    recovered,
  };
}
