import type { Audit } from '../graph.ts';
import { type Ran, type Run, runGraph } from './run-graph.ts';
import { runLog } from './run-log.ts';
import { summariser, type Totals } from './summary.ts';

/** A run of the graph with its log and its totals. */
export interface LaneRun extends Omit<Run, 'audit'> {
  readonly out: string | undefined;
  /** Goes before the names of the files written, to mark what is not real. */
  readonly prefix?: string | undefined;
  /** Called with everything the graph says, after the lane's own books. */
  readonly tap: ((event: Audit) => void) | undefined;
  /** Wall time, in milliseconds as of `performance.now`, from which the lane counts. */
  readonly sinceMs: number;
}

/** What every lane's summary says. */
export interface LaneSummary extends Totals {
  readonly label: string;
  /** Wire frames driven through the graph, and how fast, reading and writing included. */
  readonly frames: number;
  readonly wallSeconds: number;
  readonly framesPerSecond: number;
  /** Frames stamped before the clock. */
  readonly backwards: number;
  readonly from: string;
  readonly until: string;
  readonly decisionSha256: string;
}

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

/**
 * Drives the graph to the end of a lane's frames, keeps its files and totals, and writes the summary: what `own` says of the lane, then what all
 * lanes say. When anything throws, no half-written file is left.
 */
export async function runLane<Own extends object>(
  { out, prefix, tap, sinceMs, ...run }: LaneRun,
  own: (ran: Ran) => Own,
): Promise<Own & LaneSummary> {
  const log = runLog(out, prefix);
  const totals = summariser();
  try {
    const ran = await runGraph({
      ...run,
      audit: (event) => {
        totals.add(event);
        log.add(event);
        tap?.(event);
      },
    });
    const wallSeconds = (performance.now() - sinceMs) / 1000;
    const summary = {
      ...own(ran),
      label: run.settings.label,
      frames: ran.frames,
      wallSeconds: Math.round(wallSeconds * 1000) / 1000,
      framesPerSecond: Math.round(ran.frames / wallSeconds),
      backwards: ran.backwards,
      from: iso(run.startAt),
      until: iso(ran.endedAt),
      ...totals.read(),
      decisionSha256: log.close(),
    };
    log.summarise(summary);
    return summary;
  } catch (cause) {
    log.discard();
    throw cause;
  }
}
