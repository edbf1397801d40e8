import type { Observable } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { Micros } from '../../src/domain/time.ts';
import { paperGateway } from '../../src/execution/paper.ts';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import type { KalshiKey } from '../../src/venues/kalshi/key.ts';
import { type Edge, openFeeds } from '../edges/open-feeds.ts';
import type { Audit } from '../graph.ts';
import type { LaneSummary } from '../run/run-lane.ts';
import { type LiveStats, runLive } from '../run/run-live.ts';

/** How paper trading is to run. */
export interface PaperOptions {
  readonly settings: Settings;
  readonly forecaster: Forecaster;
  readonly edge: Edge;
  /** Undefined polls Kalshi's public REST, much slower. */
  readonly key: KalshiKey | undefined;
  /** Whose prices these are: it is on the screen and in the summary. */
  readonly venues: 'live' | 'emulated' | 'tape';
  /** Closed bars that warm the forecast. */
  readonly history: readonly MinuteBar[];
  /** Name of the session, on its tape and in the summary. */
  readonly name: string;
  readonly record: string | undefined;
  readonly out: string | undefined;
  readonly tap?: (event: Audit) => void;
  readonly paint?: (at: Micros, frames: number) => void;
  readonly stop$: Observable<unknown>;
}

/** What paper trading came to. */
export interface PaperSummary extends LaneSummary, LiveStats {
  readonly lane: 'paper';
  /** No order left the machine; `venues` says whether even the prices were made up. */
  readonly notice: 'PAPER' | 'SIMULATED';
  readonly venues: PaperOptions['venues'];
}

/**
 * Live, every feed that the settings require must come: until it has, the checks refuse. Settings that were used are what a replay of the recorded tape
 * needs to decide the same.
 */
export const paperSettings = (settings: Settings): Settings => ({
  ...settings,
  execution: {
    ...settings.execution,
    desk: { ...settings.execution.desk, feedsMustCome: true },
  },
});

/** Trades on paper against venues' sockets until `stop$`: real prices (unless emulated), no real orders. */
export function paper(options: PaperOptions): Promise<PaperSummary> {
  const { edge, venues, key } = options;
  const settings = paperSettings(options.settings);
  const notice = venues === 'live' ? ('PAPER' as const) : ('SIMULATED' as const);
  return runLive(
    {
      name: options.name,
      settings,
      forecaster: options.forecaster,
      feeds: openFeeds(settings, edge, key),
      clock: edge.clock,
      stamp: edge.stamp,
      history: options.history,
      openGateway: paperGateway(settings.execution),
      record: options.record,
      out: options.out,
      prefix: `${notice}-`,
      tap: options.tap,
      paint: options.paint,
      stop$: options.stop$,
    },
    (_, stats) => ({ lane: 'paper' as const, notice, venues, ...stats }),
  );
}
