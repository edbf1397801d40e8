import { merge, type Observable } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import { MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { paperGateway } from '../../src/execution/paper.ts';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import { after } from '../../src/operators/after.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { liveEdge } from '../edges/edge.ts';
import { emulatedSettings } from '../edges/emulated-settings.ts';
import { openFeeds } from '../edges/open-feeds.ts';
import { startEmulation } from '../edges/start-emulation.ts';
import type { Audit } from '../graph.ts';
import type { LaneSummary } from '../run/run-lane.ts';
import { type LiveStats, runLive } from '../run/run-live.ts';
import { paperSettings } from './paper.ts';

/** How the demo is to run. */
export interface DemoOptions {
  readonly settings: Settings;
  readonly forecaster: Forecaster;
  /** Event time per wall time: 60 shows a minute a second. */
  readonly speed: number;
  readonly out: string | undefined;
  /** Folder for a tape of everything that came over the sockets. */
  readonly record: string | undefined;
  readonly tap?: (event: Audit) => void;
  readonly paint?: (at: Micros, frames: number) => void;
  readonly stop$: Observable<unknown>;
}

/** What a demo came to. `notice` says SIMULATED wherever the summary goes. */
export interface DemoSummary extends LaneSummary, LiveStats {
  readonly lane: 'demo';
  readonly notice: 'SIMULATED';
  readonly seed: string;
  readonly speed: number;
}

/**
 * Runs the graph on emulated venues over real loopback sockets: nothing to install, no account, no network beyond this machine, nothing real. Frames are stamped in
 * the market's own time, which runs at `speed`; since receipt over sockets is never twice the same, it is a recorded demo that replays to its hash.
 */
export async function demo(options: DemoOptions): Promise<DemoSummary> {
  const { forecaster, speed } = options;
  const venues = await startEmulation({
    settings: options.settings,
    krakenPort: 0,
    kalshiPort: 0,
    speed,
    faults: [],
    fromNow: false,
  });
  try {
    const settings = paperSettings(emulatedSettings(options.settings, venues));
    const key = loadKey(settings.kalshi);
    if (key?.kind !== 'key') throw new Error(`demo: ${key?.why ?? 'the emulator made no key'}`);
    const { emulator } = settings;
    const edge = { ...liveEdge(), stamp: venues.now, tickMs: Math.max(5, 250 / speed) };
    const leftMs = ((venues.startAt + emulator.spanMinutes * MINUTE - venues.now()) / SECOND / speed) * 1_000;
    return await runLive(
      {
        name: `demo-${emulator.seed}`,
        settings,
        forecaster,
        feeds: openFeeds(settings, edge, key),
        clock: edge.clock,
        stamp: edge.stamp,
        history: venues.history,
        openGateway: paperGateway(settings.execution),
        record: options.record,
        out: options.out,
        prefix: 'SIMULATED-',
        tap: options.tap,
        paint: options.paint,
        stop$: merge(options.stop$, after(leftMs, edge.clock)),
      },
      (_, stats) => ({
        lane: 'demo' as const,
        notice: 'SIMULATED' as const,
        seed: emulator.seed,
        speed,
        ...stats,
      }),
    );
  } finally {
    await venues.stop();
  }
}
