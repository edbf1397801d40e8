import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InfluxDB } from 'influx';
import { runLane } from '../../pipelines/run/run-lane.ts';
import { watchLane } from '../../src/cli/watch-lane.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import { emulatedSession, forecaster, settingsOf } from '../pipelines/market.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written of the console's state, by every lane that trades over a close. */
const OF_STATE = [
  'checkWorth',
  'cone',
  'fair',
  'feed',
  'limit',
  'markout',
  'orderLatency',
  'payoff',
  'state',
];
const BATCH = 256;

describeInflux('a lane that is watched by nobody but a database', () => {
  const folder = tempFolder();
  const inherited = process.env['INFLUX_URL'];
  let server: Influxd;
  beforeAll(async () => {
    server = await influxd();
  });
  afterAll(async () => {
    if (inherited === undefined) delete process.env['INFLUX_URL'];
    else process.env['INFLUX_URL'] = inherited;
    await server.remove();
  });

  test('has fair values, limits, markouts and scores in it, though no page reads the console', async () => {
    const market = settingsOf({ startAt: '2026-06-01T13:58:00Z', spanMinutes: 3 });
    const telemetry = telemetrySettings.parse({
      spillFolder: folder,
      store: { when: 'never' },
      logLevel: 'silent',
      // A machine that stalls leaves nothing on disk.
      requestMillis: 60_000,
      closeMillis: 60_000,
    });
    const settings: Settings = { ...market, telemetry };
    process.env['INFLUX_URL'] = `${server.url}/unread`;
    const watch = await watchLane({
      kind: 'paper',
      quiet: true,
      lane: { mark: 'PAPER', name: 'test', speed: 1 },
      settings,
      flags: { console: true, consolePort: 0 },
    });
    const { startAt, session, wire } = emulatedSession(settings);
    async function* batches(): AsyncGenerator<readonly Frame[]> {
      const frames = [session, ...wire];
      for (let from = 0; from < frames.length; from += BATCH) {
        // A turn of the loop, as a socket would give one.
        await new Promise(setImmediate);
        yield frames.slice(from, from + BATCH);
      }
    }
    await runLane(
      {
        batches: batches(),
        startAt,
        settings,
        forecasterOf: () => forecaster,
        orders: 'paper',
        sinceMs: 0,
        tap: watch.tap,
      },
      () => ({}),
    );
    await watch.close();
    const client = new InfluxDB(`${server.url}/unread`);
    const countOf = async (name: string): Promise<number> => {
      const [row] = await client.query<Readonly<Record<string, number>>>(`SELECT count(*) FROM "${name}"`);
      const { time: _, ...ofFields } = row ?? {};
      return Math.max(0, ...Object.values(ofFields));
    };
    const counts = Object.fromEntries(
      await Promise.all(OF_STATE.map(async (name) => [name, await countOf(name)] as const)),
    );
    expect(Object.keys(counts).filter((name) => counts[name] === 0)).toEqual([]);
  });
});
