import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import { openInflux } from '../../src/telemetry/open-influx.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import { emulatedSession, runFrames, settingsOf } from '../pipelines/market.ts';
import { sampleEvents } from '../telemetry/samples.ts';
import { statePointsAt } from './state-samples.ts';

/** A time of a run, in InfluxQL. */
export interface Filled {
  readonly timeFilter: string;
  readonly events: readonly AuditEvent[];
}

const DATABASE = 'voltage';
/** A close lies in it. */
const START_AT = '2026-06-01T13:41:00Z';
const SPAN_MINUTES = 6;
const STATE_MICROS = 20 * SECOND;
const CLOSE_MS = 120_000;

/**
 * Fills the database `voltage` at `url` with a run of the whole graph over an emulated market, a settlement
 * included, by the sink that lanes use, as the lane `live`. What such a run does not bring (gaps, a
 * difference, a halt) is added to its last minutes.
 */
export async function fill(url: string): Promise<Filled> {
  const settings = settingsOf({ startAt: START_AT, spanMinutes: SPAN_MINUTES });
  const { startAt, session, wire } = emulatedSession(settings);
  const events = await runFrames(settings, [session, ...wire]);
  const told: string[] = [];
  const sink = openInflux(
    `${url}/${DATABASE}`,
    telemetrySettings.parse({ closeMillis: CLOSE_MS, queuePoints: 500_000 }),
    { lane: 'live', label: 'test' },
    (why) => told.push(why),
  );
  const endAt = startAt + SPAN_MINUTES * MINUTE;
  sink.write(events.flatMap(pointsOf));
  for (let at = startAt + STATE_MICROS; at < endAt; at += STATE_MICROS) sink.write(statePointsAt(at));
  sink.write([3, 2, 1].flatMap((minutes) => sampleEvents(endAt - minutes * MINUTE).flatMap(pointsOf)));
  await sink.close();
  const { written, dropped, refused } = sink.stats();
  if (dropped + refused > 0 || told.length > 0)
    throw new Error(`the run is not in the database: ${written} points are, ${told.join('; ')}`);
  return { events, timeFilter: `time >= ${ms(startAt)} and time <= ${ms(endAt)}` };
}

const ms = (at: Micros): string => `${Math.floor(at / MILLISECOND)}ms`;
