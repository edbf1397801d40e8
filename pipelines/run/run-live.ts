import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { merge, type Observable, Subject } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { OpenGateway } from '../../src/execution/gateway.ts';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import { openRecorder, type RecorderStats } from '../../src/tape/recorder.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Feed, FeedCommand } from '../../src/transport/feed.ts';
import { type InletStats, inlet } from '../../src/transport/inlet.ts';
import { feedCommand } from '../edges/feed-commands.ts';
import type { Audit } from '../graph.ts';
import type { Ran } from './run-graph.ts';
import { type LaneSummary, runLane } from './run-lane.ts';

/** A lane whose frames come from sockets while it runs. */
export interface LiveRun {
  readonly name: string;
  readonly settings: Settings;
  readonly forecaster: Forecaster;
  readonly feeds: readonly Feed[];
  readonly clock: EdgeClock;
  /** Time that frames are stamped with; `clock.at`, unless the market itself runs faster. */
  readonly stamp: () => Micros;
  /** Closed bars that warm the forecast, oldest first. */
  readonly history: readonly MinuteBar[];
  readonly openGateway: OpenGateway;
  /** Where a tape of everything that entered the graph is kept; the tape replays to the same decisions. */
  readonly record: string | undefined;
  readonly out: string | undefined;
  readonly prefix?: string | undefined;
  readonly tap: ((event: Audit) => void) | undefined;
  /** Called about ten times a second with the time reached. */
  readonly paint?: ((at: Micros, frames: number) => void) | undefined;
  /** Ends the lane: what was received is decided and written first. */
  readonly stop$: Observable<unknown>;
}

/** What a live lane says of its edge. */
export interface LiveStats {
  readonly session: string;
  /** Frames dropped because the graph was too slow, by venue; each drop is a `shed` connection event. */
  readonly shedFrames: InletStats['shedFrames'];
  readonly mostQueuedFrames: number;
  readonly recorded: RecorderStats | undefined;
}

/** Frames that may wait for the graph: some ten seconds of a busy market. */
const MOST_QUEUED = 100_000;
/** Older prices are none to decide on. */
const MOST_BEHIND_MS = 5_000;
const TICK_MS = 10;
const PAINT_MS = 100;

/**
 * What a replay needs to decide as the live lane did, as a configuration file beside the tape. Addresses and credentials are left out: they decide nothing, and a
 * tape may be given away.
 */
const keepSettings = (folder: string, name: string, settings: Settings): void => {
  const { wsUrl: _, restUrl: __, keyId: ___, privateKeyPath: ____, ...kalshi } = settings.kalshi;
  const { symbol, bookDepth } = settings.kraken;
  const { influxUrl: _____, ...telemetry } = settings.telemetry;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.settings.json`),
    `${JSON.stringify({ ...settings, kalshi, telemetry, kraken: { symbol, bookDepth }, coinbase: {} }, undefined, 2)}\n`,
    { flag: 'wx' },
  );
};

/** Batches end every few milliseconds; a screen needs ten a second. */
const throttled = (paint: (at: Micros, frames: number) => void): ((frames: number, at: Micros) => void) => {
  let last = Number.NEGATIVE_INFINITY;
  return (frames, at) => {
    const now = performance.now();
    if (now < last + PAINT_MS) return;
    last = now;
    paint(at, frames);
  };
};

/**
 * Runs the graph on live feeds until `stop$`: frames are stamped at their feed, queued in a bounded inlet, recorded if asked, and driven by the same
 * loop that replays a tape. What the graph finds broken goes back to the feeds as commands. `own` adds what the lane says of itself.
 */
export async function runLive<Own extends object>(
  live: LiveRun,
  own: (ran: Ran, stats: LiveStats) => Own,
): Promise<Own & LaneSummary> {
  const { name, settings, feeds, clock, stamp, history, record, stop$ } = live;
  const sinceMs = performance.now();
  const startAt = stamp();
  const command$ = new Subject<FeedCommand>();
  const entrance = inlet({
    clock,
    stamp,
    tickMs: TICK_MS,
    capacity: MOST_QUEUED,
    mostBehindMs: MOST_BEHIND_MS,
    onShed: (venue) => command$.next({ kind: 'resync', venue, cause: 'shed', scope: venue }),
  });
  const recorder = record === undefined ? undefined : openRecorder({ folder: record, session: name });
  if (record !== undefined) keepSettings(record, name, settings);
  const running = merge(...feeds.map((feed) => feed(command$))).subscribe(entrance.push);
  running.add(stop$.subscribe(() => entrance.stop()));

  async function* batches(): AsyncGenerator<readonly Frame[]> {
    const session: readonly Frame[] = [{ kind: 'session', at: startAt, name, history }];
    recorder?.add(session);
    yield session;
    for await (const batch of entrance.batches()) {
      recorder?.add(batch);
      yield batch;
    }
    // Sockets close before the summary is made, so that nothing more can come.
    running.unsubscribe();
    await recorder?.close();
  }

  try {
    return await runLane(
      {
        batches: batches(),
        startAt,
        settings,
        forecaster: live.forecaster,
        openGateway: live.openGateway,
        out: live.out,
        prefix: live.prefix,
        tap: (event) => {
          const command = feedCommand(event);
          if (command) command$.next(command);
          live.tap?.(event);
        },
        sinceMs,
        afterBatch: live.paint && throttled(live.paint),
      },
      (ran) => {
        const { shedFrames, mostQueued } = entrance.stats();
        return own(ran, {
          session: name,
          shedFrames,
          mostQueuedFrames: mostQueued,
          recorded: recorder?.stats(),
        });
      },
    );
  } catch (cause) {
    // What was recorded so far is kept; why the lane stopped is the cause at hand.
    await recorder?.close().catch(() => {});
    throw cause;
  } finally {
    running.unsubscribe();
    command$.complete();
  }
}
