import { merge, type Observable, Subject } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { AssetBars, Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { openRecorder, type RecorderOptions, type RecorderStats } from '../../src/tape/recorder.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed, FeedCommand } from '../../src/transport/feed.ts';
import { type InletStats, inlet } from '../../src/transport/inlet.ts';
import { feedCommand } from '../edges/feed-commands.ts';
import { keepSettings } from './keep-settings.ts';

/** Where the frames of a live lane come from. */
export interface LiveSource {
  /** Name of the session, on its tape and in the summary. */
  readonly name: string;
  readonly settings: Settings;
  readonly feeds: readonly Feed[];
  /** Frames that come from no venue: an operator's commands, and the outcomes of requests. */
  readonly own$: Observable<Frame>;
  readonly clock: EdgeClock;
  /** The time that frames are stamped with: `clock.at`, unless the market itself runs faster. */
  readonly stamp: () => Micros;
  /** Closed bars that warm the forecasts. */
  readonly history: readonly AssetBars[];
  /** Where to keep a tape of everything that entered. The tape replays to the same decisions. */
  readonly record: Omit<RecorderOptions, 'session'> | undefined;
  /** How many frames may wait for the reader, and for how long, before some are shed. */
  readonly mostQueued: number;
  readonly mostBehindMs?: number;
  readonly tickMs: number;
  /** Ends the edge, after all received frames have been read. */
  readonly stop$: Observable<unknown>;
}

/** What a live lane reports about its edge. */
export interface LiveStats {
  readonly session: string;
  /** Frames dropped because the reader was too slow, by venue; each drop is a `shed` connection event. */
  readonly shedFrames: InletStats['shedFrames'];
  readonly mostQueuedFrames: number;
  readonly recorded: RecorderStats | undefined;
}

/** A running live edge. */
export interface LiveEdge {
  readonly startAt: Micros;
  /**
   * The session's own frame, then everything that enters. Each batch is recorded before it is yielded. Ends
   * after `stop$`, with sockets and tape closed.
   */
  readonly batches: () => AsyncGenerator<readonly Frame[]>;
  /** Receives the graph's events, and commands the feeds to repair what the graph found broken. */
  readonly receive: (event: AuditEvent) => void;
  readonly stats: () => LiveStats;
  /**
   * Closes sockets and tape, however the lane ended; safe to call twice. Never throws, so that it cannot hide
   * the error that stopped the lane.
   */
  readonly close: () => Promise<void>;
}

/**
 * Opens feeds, inlet and recorder: the edge of every live lane. Each feed stamps its frames, and they queue
 * in a bounded inlet.
 */
export function openLiveEdge(source: LiveSource): LiveEdge {
  const { name, settings, feeds, clock, stamp, history, record, stop$ } = source;
  const startAt = stamp();
  const command$ = new Subject<FeedCommand>();
  const entrance = inlet({
    clock,
    stamp,
    tickMs: source.tickMs,
    capacity: source.mostQueued,
    ...(source.mostBehindMs !== undefined && { mostBehindMs: source.mostBehindMs }),
    onShed: (venue) => command$.next({ kind: 'resync', venue, cause: 'shed', scope: venue }),
  });
  const recorder = record && openRecorder({ ...record, session: name });
  if (record) keepSettings(record.folder, name, settings);
  const running = merge(source.own$, ...feeds.map((feed) => feed(command$))).subscribe(entrance.push);
  running.add(stop$.subscribe(() => entrance.stop()));

  return {
    startAt,
    batches: async function* () {
      const session: readonly Frame[] = [{ kind: 'session', at: startAt, name, history }];
      recorder?.add(session);
      yield session;
      for await (const batch of entrance.batches()) {
        recorder?.add(batch);
        yield batch;
      }
      // Sockets close before the summary is made, so that nothing more can arrive.
      running.unsubscribe();
      await recorder?.close();
    },
    receive: (event) => {
      const command = feedCommand(event);
      if (command) command$.next(command);
    },
    stats: () => {
      const { shedFrames, mostQueued } = entrance.stats();
      return { session: name, shedFrames, mostQueuedFrames: mostQueued, recorded: recorder?.stats() };
    },
    close: async () => {
      running.unsubscribe();
      command$.complete();
      await recorder?.close().catch(() => {});
    },
  };
}
