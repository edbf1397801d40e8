import { consoleModel } from '../../src/console/console-model.ts';
import { statePoints } from '../../src/console/state-points.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { CommandFrame } from '../../src/domain/frame.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { openInflux } from '../../src/telemetry/open-influx.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import { emulatedSession, runFrames, settingsOf } from '../pipelines/market.ts';
import { sampleEvents } from '../telemetry/samples.ts';
import { statePointsAt } from './state-samples.ts';

/** What is in the database. */
export interface Filled {
  /** The time of the run, in InfluxQL. */
  readonly timeFilter: string;
  /** Measurements that the run itself wrote. */
  readonly ran: ReadonlySet<string>;
}

const DATABASE = 'voltage';
/** A close lies in it. */
const START_AT = '2026-06-01T13:41:00Z';
const SPAN_MINUTES = 6;
const SAMPLE_MICROS = 20 * SECOND;
const CLOSE_MS = 120_000;

/**
 * Fills the database `voltage` at `url` with a run of the whole graph over an emulated market, by the sink
 * that lanes use, as the lane `live`: the points of its events, and those of its console's state each second.
 * A contract settles in it, and at its end it is halted. Samples are added only of what such a run does not
 * bring: a gap, a difference, a sink in trouble.
 */
export async function fill(url: string): Promise<Filled> {
  const settings = settingsOf({ startAt: START_AT, spanMinutes: SPAN_MINUTES });
  const { startAt, session, wire } = emulatedSession(settings);
  const endAt = startAt + SPAN_MINUTES * MINUTE;
  const console = consoleModel({
    lane: { mark: 'SIMULATED', name: 'test', label: 'test', acts: [], speed: 1 },
    assets: settings.assets,
    risk: settings.risk,
  });
  const ofState = statePoints();
  const points: Point[] = [];
  let seq = 0;
  let second = 0;
  const look = (event: AuditEvent): void => {
    console.add({ seq: ++seq, event });
    points.push(...pointsOf(event));
    const now = Math.floor(('at' in event ? event.at : 0) / SECOND);
    if (now <= second) return;
    second = now;
    console.take();
    points.push(...ofState(console.snapshot()));
  };
  const halt: CommandFrame = {
    kind: 'command',
    at: endAt - 20 * SECOND,
    command: 'halt',
    reason: 'the run is at its end',
  };
  const frames = [session, ...wire, halt].sort((a, b) => a.at - b.at);
  await runFrames(settings, frames, look);
  const ran = new Set(points.map(({ measurement }) => measurement));

  const samples: Point[] = [];
  for (let at = startAt + SAMPLE_MICROS; at < endAt; at += SAMPLE_MICROS) samples.push(...statePointsAt(at));
  for (const minutes of [3, 2, 1]) samples.push(...sampleEvents(endAt - minutes * MINUTE).flatMap(pointsOf));
  const told: string[] = [];
  const sink = openInflux(
    `${url}/${DATABASE}`,
    telemetrySettings.parse({ closeMillis: CLOSE_MS, queuePoints: 500_000 }),
    { lane: 'live', label: 'test' },
    (why) => told.push(why),
  );
  sink.write(points);
  // The run has gaps of its own, and none of this cause.
  sink.write(pointsOf(checksumGap(endAt - MINUTE)));
  // What settles in the run is held by nobody, so that one is added.
  sink.write(samples.filter(({ measurement }) => !ran.has(measurement) || measurement === 'settlement'));
  await sink.close();
  const { written, dropped, refused } = sink.stats();
  if (dropped + refused > 0 || told.length > 0)
    throw new Error(`the run is not in the database: ${written} points are, ${told.join('; ')}`);
  return { ran, timeFilter: `time >= ${ms(startAt)} and time <= ${ms(endAt)}` };
}

const ms = (at: Micros): string => `${Math.floor(at / MILLISECOND)}ms`;

const checksumGap = (at: Micros): AuditEvent => ({
  kind: 'gap',
  at,
  receivedAt: at,
  venue: 'kraken',
  cause: 'checksum',
  scope: 'BTC/USD',
  detail: 'a checksum of a book that is not ours',
});
