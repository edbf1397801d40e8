import { filter, merge, type Observable } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { MINUTE, type Micros } from '../../src/domain/time.ts';
import { EXCHANGE, FEATURE_VENUE } from '../../src/domain/venues.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import { every } from '../../src/operators/after.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { liveEdge } from '../edges/edge.ts';
import { emulatedSettings } from '../edges/emulated-settings.ts';
import { startEmulation } from '../edges/start-emulation.ts';
import type { ModelIdentity } from '../run/keep-models.ts';
import { type PaperSummary, paper } from './paper.ts';

const LOOK_MS = 5;
/** The market begins once both venues have answered, or after this long without an answer. */
const MOST_HELD_MS = 3_000;
const VENUES = [FEATURE_VENUE, EXCHANGE] as const;

/** How to run the demo. */
export interface DemoOptions {
  readonly settings: Settings;
  readonly forecasterOf: (asset: string) => Forecaster;
  /** Which models these are, for a recording. */
  readonly models?: readonly ModelIdentity[];
  /** How much event time passes in one unit of wall time: 60 shows a minute in a second. */
  readonly speed: number;
  /** An operator's commands; `stamp` is the market's own time. */
  readonly commands: (stamp: () => Micros) => Observable<Frame>;
  readonly out: string | undefined;
  /** Folder for a tape of everything that came over the sockets. */
  readonly record: string | undefined;
  readonly tap?: (audited: Audited) => void;
  readonly paint?: (at: Micros) => void;
  /** Is given who knows how many frames wait for the graph. */
  readonly queues?: ((read: () => number) => void) | undefined;
  readonly stop$: Observable<unknown>;
}

/** The result of a demo. Its `notice` is SIMULATED in every copy of the summary. */
export interface DemoSummary extends Omit<PaperSummary, 'lane'> {
  readonly lane: 'demo';
  readonly seed: string;
  readonly speed: number;
}

/**
 * Paper trading on emulated venues over real loopback sockets: nothing to install, no account, no network
 * beyond this machine, nothing real. Frames are stamped in the market's own time, which runs at `speed`.
 * Receipt over sockets differs from run to run, so only the recorded tape of a demo replays to its hash.
 */
export async function demo(options: DemoOptions): Promise<DemoSummary> {
  const { forecasterOf, speed, commands, ...rest } = options;
  const venues = await startEmulation({
    settings: options.settings,
    krakenPort: 0,
    kalshiPort: 0,
    speed,
    faults: [],
    fromNow: false,
    waits: true,
    held: true,
  });
  try {
    const settings = emulatedSettings(options.settings, venues, speed);
    const key = loadKey(settings.kalshi);
    if (key?.kind !== 'key') throw new Error(`demo: ${key?.why ?? 'the emulator made no key'}`);
    const { seed, spanMinutes } = settings.emulator;
    const edge = { ...liveEdge(), stamp: venues.now, tickMs: Math.max(5, 250 / speed) };
    const endAt = venues.startAt + spanMinutes * MINUTE;
    const live = new Set<string>();
    const summary = await paper({
      ...rest,
      speed,
      tap: (audited) => {
        const { event } = audited;
        if (event.kind === 'connection' && event.change === 'live') {
          live.add(event.venue);
          if (VENUES.every((venue) => live.has(venue))) venues.begin();
        }
        options.tap?.(audited);
      },
      settings,
      forecasterOf,
      edge,
      key,
      venues: 'emulated',
      name: `demo-${seed}`,
      history: venues.history,
      command$: commands(venues.now),
      // By the market's own time, which waits for a machine that cannot keep up.
      stop$: merge(
        options.stop$,
        every(LOOK_MS, edge.clock).pipe(
          filter((looks) => {
            if (looks * LOOK_MS >= MOST_HELD_MS) venues.begin();
            return venues.now() >= endAt;
          }),
        ),
      ),
    });
    return { ...summary, lane: 'demo', seed, speed };
  } finally {
    await venues.stop();
  }
}
