import { merge, type Observable, Subject, startWith, switchMap } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { AssetBars, Frame } from '../../src/domain/frame.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { every } from '../../src/operators/after.ts';
import { openRecorder, type RecorderOptions, type RecorderStats } from '../../src/tape/recorder.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed, FeedCommand } from '../../src/transport/feed.ts';
import { type InletStats, inlet } from '../../src/transport/inlet.ts';
import { type LoopBlocks, loopWatch } from '../../src/transport/loop-watch.ts';
import { feedCommand } from '../edges/feed-commands.ts';
import { keepModels, type ModelIdentity } from './keep-models.ts';
import { keepSettings } from './keep-settings.ts';
import { keptMinutes } from './kept-minutes.ts';

/** A hold of the event loop above this is told. */
const MOST_HELD_MS = 1_000;

/** Where the frames of a live lane come from. */
export interface LiveSource {
  /** Name of the session, on its tape and in the summary. */
  readonly name: string;
  readonly settings: Settings;
  /** The models that forecast, which a recording keeps beside its tape; undefined for a lane without. */
  readonly models?: readonly ModelIdentity[] | undefined;
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
  /** How often the event loop was held for more than a second, and the longest hold. */
  readonly loopHeld: LoopBlocks;
  readonly recorded: RecorderStats | undefined;
}

/** A running live edge. */
export interface LiveEdge {
  readonly startAt: Micros;
  /**
   * The session's own frame, then everything that enters. Each batch is recorded before it is yielded. Ends
   * after `stop$`, with sockets and tape closed. After the machine or the process stood still, a new session
   * begins: its frame comes before anything that was received since, and every feed has dialled anew.
   */
  readonly batches: () => AsyncGenerator<readonly Frame[]>;
  /**
   * Receives the graph's events, commands the feeds to repair what the graph found broken, and keeps the
   * minutes that would warm a new session.
   */
  readonly receive: (event: AuditEvent) => void;
  readonly stats: () => LiveStats;
  /** How many frames wait for the graph now. */
  readonly queued: () => number;
  /**
   * Closes sockets and tape, however the lane ended; safe to call twice. Never throws, so that it cannot hide
   * the error that stopped the lane.
   */
  readonly close: () => Promise<void>;
}

/** How often the clock is asked whether it stood still, if no frame comes meanwhile. */
const LOOK_MS = 1_000;

/**
 * Opens feeds, inlet and recorder: the edge of every live lane. Each feed stamps its frames, and they queue
 * in a bounded inlet.
 */
export function openLiveEdge(source: LiveSource): LiveEdge {
  const { name, settings, feeds, clock, stamp, history, record, stop$ } = source;
  // What the clock missed before the session does not concern it.
  clock.stoodStill?.();
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
  const recorder =
    record &&
    openRecorder({
      ...record,
      session: name,
      onLost: (venue) => command$.next({ kind: 'resync', venue, cause: 'shed', scope: venue }),
    });
  try {
    if (record) {
      keepSettings(record.folder, name, settings);
      if (source.models) keepModels(record.folder, name, source.models);
    }
  } catch (cause) {
    void recorder?.close();
    throw cause;
  }
  const loop = loopWatch(MOST_HELD_MS);
  const minutes = keptMinutes(history, settings.assets[0]?.name);
  const dialAgain$ = new Subject<void>();
  /** True if a new session began. What was received before, but not read yet, is void with the old one. */
  const resumed = (): boolean => {
    const stoodMicros = clock.stoodStill?.() ?? 0;
    if (stoodMicros === 0) return false;
    const detail = `stood still for ${Math.round(stoodMicros / SECOND)} s`;
    entrance.push({ kind: 'session', at: stamp(), name: `${name}, ${detail}`, history: minutes.read() });
    dialAgain$.next();
    return true;
  };
  const running = source.own$.subscribe(entrance.push);
  running.add(
    dialAgain$
      .pipe(
        startWith(undefined),
        switchMap(() => merge(...feeds.map((feed) => feed(command$)))),
      )
      .subscribe((frame) => {
        if (!resumed()) entrance.push(frame);
      }),
  );
  if (clock.stoodStill) running.add(every(LOOK_MS, clock).subscribe(resumed));
  running.add(stop$.subscribe(() => entrance.stop()));

  return {
    startAt,
    batches: async function* () {
      const session: readonly Frame[] = [{ kind: 'session', at: startAt, name, history }];
      recorder?.add(session);
      yield session;
      // The lane goes on with what lies on the tape, so that the tape replays as the lane ran.
      for await (const batch of entrance.batches()) {
        const heldMs = loop.read();
        if (heldMs !== undefined)
          process.stderr.write(`the event loop was held for ${heldMs} ms: frames were stamped late\n`);
        yield recorder ? recorder.add(batch) : batch;
      }
      // Sockets close before the summary is made, so that nothing more can arrive.
      running.unsubscribe();
      await recorder?.close();
    },
    receive: (event) => {
      if (event.kind === 'minute') minutes.add(event);
      const command = feedCommand(event);
      if (command) command$.next(command);
    },
    stats: () => {
      const { shedFrames, mostQueued } = entrance.stats();
      return {
        session: name,
        shedFrames,
        mostQueuedFrames: mostQueued,
        loopHeld: loop.stats(),
        recorded: recorder?.stats(),
      };
    },
    queued: entrance.queued,
    close: async () => {
      running.unsubscribe();
      loop.close();
      command$.complete();
      await recorder?.close().catch(() => {});
    },
  };
}
