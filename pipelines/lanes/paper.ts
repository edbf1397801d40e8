import type { Observable } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { AssetBars, Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { type Edge, openFeeds } from '../edges/open-feeds.ts';
import type { ModelIdentity } from '../run/keep-models.ts';
import { type LiveStats, openLiveEdge } from '../run/live-edge.ts';
import { patientSettings } from '../run/patient-settings.ts';
import { type LaneSummary, runLane } from '../run/run-lane.ts';

/** Where the prices of a lane come from. */
export type VenuesKind = 'live' | 'emulated' | 'tape';

/** How to run paper trading. */
export interface PaperOptions {
  readonly settings: Settings;
  readonly forecasterOf: (asset: string) => Forecaster;
  /** Which models these are, for a recording. */
  readonly models?: readonly ModelIdentity[] | undefined;
  readonly edge: Edge;
  /** Event time per wall time; 1 for a real market. */
  readonly speed?: number | undefined;
  /** Without a key, Kalshi's public REST is polled, which is much slower. */
  readonly key: KalshiKey | undefined;
  /** Shown on the screen and in the summary. */
  readonly venues: VenuesKind;
  /** Closed bars that warm the forecasts. */
  readonly history: readonly AssetBars[];
  /** Name of the session, on its tape and in the summary. */
  readonly name: string;
  /** An operator's commands. */
  readonly command$: Observable<Frame>;
  /** Folder for a tape of everything that came in. */
  readonly record: string | undefined;
  readonly out: string | undefined;
  readonly tap?: ((audited: Audited) => void) | undefined;
  /** Called about ten times a second with the time reached. */
  readonly paint?: ((at: Micros) => void) | undefined;
  /** Is given who knows how many frames wait for the graph. */
  readonly queues?: ((read: () => number) => void) | undefined;
  readonly stop$: Observable<unknown>;
}

/** The result of paper trading. */
export interface PaperSummary extends LaneSummary, LiveStats {
  readonly lane: 'paper';
  /** PAPER if prices were real and only the orders were not; SIMULATED if the prices were made up too. */
  readonly notice: 'PAPER' | 'SIMULATED';
  readonly venues: VenuesKind;
}

/** Decisions of about an hour; a busy market writes a hundred megabytes of them. */
const ROTATE_BYTES = 128 * 2 ** 20;
/** Frames that may wait for the graph: some ten seconds of a busy market. */
const MOST_QUEUED = 100_000;
/** Prices older than this are not decided on. */
const MOST_BEHIND_MS = 5_000;
const TICK_MS = 10;
const PAINT_MS = 100;

/**
 * In a live lane every required feed must arrive, and the checks refuse until it has. A replay of the
 * recorded tape needs these same settings to decide the same.
 */
const whereFeedsMustCome = (settings: Settings): Settings => ({
  ...settings,
  execution: { ...settings.execution, desk: { ...settings.execution.desk, feedsMustCome: true } },
});

/** A batch ends every few milliseconds, but a screen needs only ten updates a second. */
const throttled = (paint: (at: Micros) => void): ((frames: number, at: Micros) => void) => {
  let last = Number.NEGATIVE_INFINITY;
  return (_, at) => {
    const now = performance.now();
    if (now < last + PAINT_MS) return;
    last = now;
    paint(at);
  };
};

/**
 * Trades on paper over the venues' sockets until `stop$`. Prices are real unless the venues are emulated;
 * orders never are.
 */
export async function paper(options: PaperOptions): Promise<PaperSummary> {
  const { edge, venues, key, record, paint, tap } = options;
  const sinceMs = performance.now();
  const settings = whereFeedsMustCome(patientSettings(options.settings, options.speed ?? 1));
  const notice = venues === 'live' ? ('PAPER' as const) : ('SIMULATED' as const);
  const live = openLiveEdge({
    name: options.name,
    settings,
    models: options.models,
    feeds: openFeeds(settings, edge, key),
    own$: options.command$,
    clock: edge.clock,
    stamp: edge.stamp,
    history: options.history,
    record: record === undefined ? undefined : { folder: record },
    mostQueued: MOST_QUEUED,
    mostBehindMs: MOST_BEHIND_MS,
    tickMs: TICK_MS,
    stop$: options.stop$,
  });
  options.queues?.(live.queued);
  try {
    return await runLane(
      {
        batches: live.batches(),
        startAt: live.startAt,
        settings,
        forecasterOf: options.forecasterOf,
        orders: 'paper',
        models: options.models,
        out: options.out,
        prefix: `${notice}-`,
        rotateBytes: ROTATE_BYTES,
        tap: (audited) => {
          live.receive(audited.event);
          tap?.(audited);
        },
        sinceMs,
        afterBatch: paint && throttled(paint),
      },
      () => ({ lane: 'paper' as const, notice, venues, ...live.stats() }),
    );
  } finally {
    await live.close();
  }
}
