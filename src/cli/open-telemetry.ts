import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { consoleModel } from '../console/console-model.ts';
import type { ConsoleState, Mark } from '../console/state.ts';
import { statePoints } from '../console/state-points.ts';
import type { AuditEvent } from '../domain/events/audit.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { abstentionPoints } from '../telemetry/abstention-points.ts';
import { boundTags } from '../telemetry/bound-tags.ts';
import { openLog } from '../telemetry/log.ts';
import { type MetricsServer, serveMetrics } from '../telemetry/metrics-server.ts';
import { openInflux } from '../telemetry/open-influx.ts';
import { openMetrics } from '../telemetry/open-metrics.ts';
import type { Point } from '../telemetry/point.ts';
import { pointsOf } from '../telemetry/points.ts';
import { processPoints, processWatch, type SinkCounts } from '../telemetry/process-points.ts';
import { stateHome } from './live-state.ts';
import { openLaneStore, writesStore } from './open-lane-store.ts';
import { UsageError } from './usage.ts';

/** Where a lane's events go in addition to its own files. */
export interface Telemetry {
  readonly tap: (event: AuditEvent) => void;
  /** From now on the points of the console's state are made of this one, not of a model of telemetry's own. */
  readonly follow: (snapshot: () => ConsoleState) => void;
  /** Names who knows how many frames wait for the graph. */
  readonly queues: (count: () => number) => void;
  /** What became of the points, by sink. */
  readonly stats: () => Readonly<Record<string, SinkCounts>>;
  /** Sends the waiting points, for a bounded time, and reports how many were dropped. */
  readonly close: () => Promise<void>;
}

/** What telemetry cannot read from the settings. */
export interface TelemetryOptions {
  readonly mark?: Mark;
  /** Event time a second of wall time. */
  readonly speed?: number;
  /** Told the troubles of the sinks in place of the log: a terminal that is drawn as a whole shows no log. */
  readonly report?: (why: string) => void;
  /** Destinations of other things than points, whose counts are written too. */
  readonly others?: Readonly<Record<string, () => SinkCounts>>;
}

/** A destination of points. */
interface Sink {
  readonly name: string;
  readonly write: (points: readonly Point[]) => void;
  readonly stats: () => SinkCounts & object;
  readonly close: () => Promise<void>;
}

const PROCESS_MILLIS = 1000;

const timeOf = (event: AuditEvent): Micros => ('receivedAt' in event ? event.receivedAt : event.at);

const NOTHING: Telemetry = {
  tap: () => {},
  follow: () => {},
  queues: () => {},
  stats: () => ({}),
  close: async () => {},
};

/**
 * Telemetry of one run, with points tagged by `lane` and the settings' label. They go to an InfluxDB (the
 * environment's `INFLUX_URL`, else the settings' `influxUrl`), to the embedded store as its settings say, and
 * to whoever asks `metricsPort`. Without any of them no points are made. A lane never waits for one: points
 * wait in bounded queues, and the state's are drawn between two frames. Throws UsageError for settings that
 * cannot be used.
 */
export function openTelemetry(
  lane: string,
  settings: Settings,
  { mark = 'SIMULATED', speed = 1, report, others = {} }: TelemetryOptions = {},
): Telemetry {
  const { telemetry, label } = settings;
  const variables = process.env;
  const url = variables['INFLUX_URL'] || telemetry.influxUrl;
  const log = openLog(telemetry.logLevel);
  const warn = report ?? ((why: string): void => log.warn(why));
  const tags = { lane, label };
  const sinks: Sink[] = [];
  try {
    if (url) {
      const token = variables['INFLUX_TOKEN'] || undefined;
      const spillFolder = telemetry.spillFolder ?? join(stateHome(variables), 'spill');
      sinks.push({ name: 'influx', ...openInflux(url, telemetry, tags, warn, { token, spillFolder }) });
    }
    if (writesStore(lane, telemetry.store, Boolean(url)))
      sinks.push({ name: 'store', ...openLaneStore(lane, settings, variables, warn) });
  } catch (cause) {
    throw new UsageError((cause as Error).message);
  }
  const metrics = telemetry.metricsPort === undefined ? undefined : openMetrics(tags);
  if (sinks.length === 0 && !metrics) return NOTHING;

  let server: Promise<MetricsServer | undefined> | undefined;
  if (metrics && telemetry.metricsPort !== undefined)
    server = serveMetrics(telemetry.metricsPort, metrics.text).then(
      (served) => {
        log.info(`metrics: ${served.url}`);
        return served;
      },
      (cause: unknown) => {
        warn(
          `nothing is served on telemetry.metricsPort ${telemetry.metricsPort}: ${(cause as Error).message}`,
        );
        return undefined;
      },
    );

  const { bound } = boundTags(telemetry.tagValues, warn);
  const write = (points: readonly Point[]): void => {
    if (points.length === 0) return;
    const bounded = points.map(bound);
    for (const sink of sinks) sink.write(bounded);
    metrics?.write(bounded);
  };

  const model = consoleModel({
    lane: { mark, name: lane, label, acts: [], speed },
    assets: settings.assets,
    risk: settings.risk,
    caps: settings.execution.live,
  });
  let snapshot: (() => ConsoleState) | undefined;
  const ofState = statePoints();
  const abstentions = abstentionPoints();
  const isReplay = lane === 'backtest';
  // The state is drawn once a second of wall time, but at least a second of event time apart.
  const span = isReplay ? MINUTE : Math.max(1, speed) * SECOND;
  let seq = 0;
  let at: Micros = 0;
  let drawAt: Micros = 0;
  let drawing: NodeJS.Immediate | undefined;

  const draw = (): void => {
    drawing = undefined;
    if (!snapshot) model.take();
    write(ofState((snapshot ?? model.snapshot)()));
    write(abstentions.take(at));
  };

  const counts = (): Readonly<Record<string, SinkCounts>> =>
    Object.fromEntries([
      ...sinks.map(({ name, stats }) => [name, stats()] as const),
      ...Object.entries(others).map(([name, stats]) => [name, stats()] as const),
    ]);
  const watch = processWatch();
  let queued: (() => number) | undefined;
  let toldAt: Micros = 0;
  let silentMillis = 0;
  const timer = setInterval(() => {
    // While nothing comes, time goes on all the same.
    silentMillis = at === toldAt && !isReplay ? silentMillis + PROCESS_MILLIS : 0;
    toldAt = at;
    const now = at + Math.round(silentMillis * MILLISECOND * speed);
    if (at > 0) write(processPoints(now, watch.loopDelayMs(), queued?.() ?? null, counts()));
  }, PROCESS_MILLIS).unref();

  return {
    tap: (event) => {
      write(pointsOf(event));
      if (event.kind === 'decision') abstentions.add(event);
      if (!snapshot) model.add({ seq: ++seq, event });
      const now = timeOf(event);
      if (now <= at) return;
      at = now;
      if (now < drawAt) return;
      drawAt = now + span;
      if (isReplay) draw();
      else drawing ??= setImmediate(draw);
    },
    queues: (count) => {
      queued = count;
    },
    follow: (of) => {
      snapshot = of;
    },
    stats: counts,
    close: async () => {
      clearInterval(timer);
      clearImmediate(drawing);
      watch.close();
      if (at > 0) draw();
      await Promise.all(sinks.map(({ close }) => close()));
      await (await server)?.close();
      for (const { name, stats } of sinks) log.info(stats(), `telemetry: ${name}`);
    },
  };
}
