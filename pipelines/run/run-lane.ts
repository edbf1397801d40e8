import { Observable, type Subscriber, Subscription } from 'rxjs';
import type { Audited } from '../../src/domain/events/audit.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { commandOf } from '../../src/execution/orders/command-of.ts';
import type { Gateway } from '../../src/execution/orders/gateway.ts';
import { drive } from '../../src/operators/drive.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { graph, type Ports } from '../graph.ts';
import type { ModelIdentity } from './keep-models.ts';
import { provenanceOf, type TapeIdentity } from './provenance.ts';
import { runLog } from './run-log.ts';
import { summariser, type Totals } from './summary.ts';

/** What a lane plugs into the graph's ends, and which files it keeps. */
export interface LaneRun extends Pick<Ports, 'settings' | 'forecasterOf' | 'besides'> {
  /** Where orders go: to the paper venue inside the graph, or out through a gateway, which only sends. */
  readonly orders: 'paper' | Gateway;
  readonly batches: AsyncIterable<readonly Frame[]> | Iterable<readonly Frame[]>;
  readonly startAt: Micros;
  /** Which models forecast, and which tapes are read: both are kept beside the run's files. */
  readonly models?: readonly ModelIdentity[] | undefined;
  readonly tapes?: readonly TapeIdentity[] | undefined;
  /** Folder of the run's files. Without one, the lines are only hashed. */
  readonly out?: string | undefined;
  /** Prefix of the names of the written files, to mark what is not real. */
  readonly prefix?: string | undefined;
  /** Size from which decisions go on in a new file, and the full one is compressed; without it, never. */
  readonly rotateBytes?: number | undefined;
  /** Called with every event that the graph publishes, after the lane's own logs. */
  readonly tap?: ((audited: Audited) => void) | undefined;
  /** Wall time, in milliseconds as of `performance.now`, from which the lane counts. */
  readonly sinceMs: number;
  readonly afterBatch?: ((frames: number, at: Micros) => void) | undefined;
}

/** What was counted while the graph was driven to the end of its frames. */
export interface Ran {
  /** Frames from venues; sessions, outcomes and commands are not counted. */
  readonly frames: number;
  /** Frames stamped earlier than the clock. They are delivered and counted, but do not move the clock. */
  readonly backwards: number;
  readonly endedAt: Micros;
}

/** What every lane's summary holds. */
export interface LaneSummary extends Totals {
  readonly label: string;
  /** Frames from venues driven through the graph, and how fast, reading and writing included. */
  readonly frames: number;
  readonly wallSeconds: number;
  readonly framesPerSecond: number;
  /** Frames stamped earlier than the clock. */
  readonly backwards: number;
  readonly from: string;
  readonly until: string;
  readonly decisionSha256: string;
  /** Files of killed runs that were in the folder, by the names they have been given; else absent. */
  readonly earlier?: readonly string[];
}

const iso = (micros: number): string => new Date(micros / 1000).toISOString();

/**
 * Drives the graph over all frames. Throws any error of the graph, of `publish` or of the gateway: a lane
 * stops rather than continue in a wrong state. It stops within the frame. At the first error the graph is
 * unsubscribed, so that nothing more is decided, filled or sent, and no further frame is driven. `left` is
 * called after each request that has left.
 */
async function drivenThrough(
  { batches, startAt, afterBatch, orders, settings, forecasterOf, besides }: LaneRun,
  publish: (audited: Audited) => void,
  left: () => void,
): Promise<Ran> {
  const clock = tapeScheduler(startAt);
  let entrance: Subscriber<Frame> | undefined;
  const frame$ = new Observable<Frame>((to) => {
    entrance = to;
  });
  const running = new Subscription();
  let failure: { readonly cause: unknown } | undefined;
  const fail = (cause: unknown): void => {
    failure ??= { cause };
    running.unsubscribe();
  };
  running.add(
    graph({
      frame$,
      clock,
      settings,
      forecasterOf,
      orders: orders === 'paper' ? 'paper' : 'venue',
      ...(besides && { besides }),
    }).subscribe({
      next: (audited) => {
        if (failure) return;
        try {
          publish(audited);
          // Only after it was told: an order of which a log or a watcher failed does not leave.
          if (orders === 'paper') return;
          const command = commandOf(audited.event);
          if (!command) return;
          orders.send(command);
          left();
        } catch (cause) {
          fail(cause);
        }
      },
      error: fail,
    }),
  );
  const check = (): void => {
    if (failure) throw failure.cause;
  };
  let frames = 0;
  try {
    const { backwards } = await drive(
      batches,
      clock,
      (frame) => {
        if (frame.kind === 'wire') frames++;
        entrance?.next(frame);
        check();
      },
      (count, at) => {
        check();
        afterBatch?.(count, at);
      },
    );
    entrance?.complete();
    check();
    return { frames, backwards, endedAt: clock.at };
  } finally {
    running.unsubscribe();
  }
}

/**
 * The one runner of every lane. It drives the graph to the end of the lane's frames, keeps its files and
 * totals, and writes the summary: the lane's `own` part, then the part that all lanes share. If anything
 * throws, what was decided before stays, marked as incomplete, and the summary holds the error.
 */
export async function runLane<Own extends object>(
  run: LaneRun,
  own: (ran: Ran) => Own,
): Promise<Own & LaneSummary> {
  const { settings, tap, startAt, sinceMs } = run;
  // The journal holds an order's intent before its request leaves. The run's own files, which are to be read
  // later, are written in the same turn, but not before.
  const log = runLog(
    run.out,
    run.prefix,
    { rotateBytes: run.rotateBytes, ordersWait: run.orders !== 'paper' },
    provenanceOf(settings, run.models ?? [], run.tapes ?? []),
  );
  const totals = summariser(settings.assets);
  try {
    const afterBatch = (frames: number, at: Micros): void => {
      log.flush();
      run.afterBatch?.(frames, at);
    };
    const ran = await drivenThrough(
      { ...run, afterBatch },
      (audited) => {
        totals.add(audited.event);
        log.add(audited.event);
        tap?.(audited);
      },
      log.flush,
    );
    const wallSeconds = (performance.now() - sinceMs) / 1000;
    const summary = {
      ...own(ran),
      label: settings.label,
      frames: ran.frames,
      wallSeconds: Math.round(wallSeconds * 1000) / 1000,
      framesPerSecond: Math.round(ran.frames / wallSeconds),
      backwards: ran.backwards,
      from: iso(startAt),
      until: iso(ran.endedAt),
      ...totals.read(),
      decisionSha256: log.close(),
      ...(log.earlier.length > 0 && { earlier: log.earlier }),
    };
    await log.compressed();
    log.summarise(summary);
    return summary;
  } catch (cause) {
    log.fail((decisionSha256) => ({
      incomplete: `the run failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      label: settings.label,
      from: iso(startAt),
      ...totals.read(),
      decisionSha256,
    }));
    await log.compressed();
    throw cause;
  }
}
