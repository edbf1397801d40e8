import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InfluxDB } from 'influx';
import { statePoints } from '../../src/console/state-points.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { boundTags } from '../../src/telemetry/bound-tags.ts';
import { cleanPoint } from '../../src/telemetry/clean-point.ts';
import type { InfluxSink, InfluxStats } from '../../src/telemetry/influx.ts';
import { influxDoor } from '../../src/telemetry/influx-door.ts';
import { influxTarget } from '../../src/telemetry/influx-url.ts';
import { initInflux } from '../../src/telemetry/init-influx.ts';
import { nanosOf } from '../../src/telemetry/nanos.ts';
import { openInflux } from '../../src/telemetry/open-influx.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { retentionSteps } from '../../src/telemetry/retention.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import { point } from '../../src/telemetry/typed-point.ts';
import { fetchHttp } from '../../src/transport/fetch-http.ts';
import { modelOf } from '../console/session.ts';
import { emulatedSession, runFrames, settingsOf, withCommands } from '../pipelines/market.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const AT = 1_778_716_500_000_000;
const settings = telemetrySettings.parse({
  batchMillis: 10,
  retryFirstMillis: 20,
  closeMillis: 60_000,
  queuePoints: 1e6,
});

const gap = (scope: string, at = AT): Point => ({
  measurement: 'gap',
  at,
  tags: { venue: 'kalshi', cause: 'sequence' },
  fields: { scope, detail: 'd' },
});

describeInflux('points on a real influxd', () => {
  let server: Influxd;
  const folder = mkdtempSync(join(tmpdir(), 'voltage-recovery-'));
  beforeAll(async () => {
    server = await influxd();
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (database: string, spillFolder?: string): { sink: InfluxSink; told: string[] } => {
    const told: string[] = [];
    const sink = openInflux(
      `${server.url}/${database}`,
      settings,
      { lane: 'demo' },
      (why) => told.push(why),
      { spillFolder },
    );
    return { sink, told };
  };
  const rows = async (database: string, query: string): Promise<readonly Record<string, unknown>[]> => {
    const found = await new InfluxDB(`${server.url}/${database}`).query<Record<string, unknown>>(query);
    return [...found].map((row) => ({ ...row, time: row.time?.getNanoTime?.() }));
  };

  test('every point of a run over an emulated market, its state included, is read back equal', async () => {
    const { bound } = boundTags(settings.tagValues, () => {});
    const model = modelOf();
    const ofState = statePoints();
    const points: Point[] = [];
    let minute = 0;
    // Three minutes up to a close, with a halt in them.
    const market = settingsOf({ startAt: '2026-06-01T13:58:00Z', spanMinutes: 3 });
    const { startAt, session, wire } = emulatedSession(market);
    const events = await runFrames(market, withCommands([session, ...wire], [[startAt + MINUTE, 'halt']]));
    for (const [i, event] of events.entries()) {
      points.push(...pointsOf(event));
      model.add({ seq: i + 1, event });
      if (Math.floor(event.at / MINUTE) === minute) continue;
      minute = Math.floor(event.at / MINUTE);
      model.take();
      points.push(...ofState(model.snapshot()));
    }
    const { sink, told } = open('run');
    sink.write(points.map(bound));
    await sink.close();
    expect(told).toEqual([]);

    const expected = new Map<string, Map<string, Record<string, unknown>>>();
    const nanos = nanosOf();
    for (const each of points) {
      const clean = cleanPoint({ ...each, tags: { ...each.tags, lane: 'demo' } });
      if (!clean) continue;
      const time = nanos(JSON.stringify([clean.measurement, clean.tags]), clean.at);
      const of = expected.get(clean.measurement) ?? new Map();
      expected.set(clean.measurement, of);
      of.set(JSON.stringify([time, clean.tags]), { time, ...clean.tags, ...clean.fields });
    }
    expect([...expected.keys()]).toEqual(
      expect.arrayContaining([
        'decision',
        'forecast',
        'fair',
        'limit',
        'state',
        'halt',
        'cone',
        'volatility',
        'feed',
        'money',
      ]),
    );
    for (const [measurement, of] of expected) {
      const stored = await rows('run', `SELECT * FROM "${measurement}"`);
      expect([measurement, stored.length]).toEqual([measurement, of.size]);
      const [firstKey = '[]'] = of.keys();
      // Tags are columns like fields, and a row names them in an order of its own.
      const tags = Object.keys((JSON.parse(firstKey) as [string, object])[1]);
      const keyOf = (row: Readonly<Record<string, unknown>>): string =>
        JSON.stringify([row['time'], Object.fromEntries(tags.map((name) => [name, row[name]]))]);
      const wrong = stored.find((row) => textOf(row) !== textOf(of.get(keyOf(row)) ?? {}));
      if (wrong) expect(wrong).toEqual(of.get(keyOf(wrong)));
    }
  });

  /** What a row or a point holds, whatever the order of its columns. */
  const textOf = (row: object): string =>
    JSON.stringify(
      Object.entries(row)
        .filter(([, value]) => value !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );

  test('influxd and then the lane are killed under load: no acknowledged and no spilled point is lost', async () => {
    const spillFolder = join(folder, 'killed');
    const child = spawn(
      process.execPath,
      ['test/support/spilling-process.mjs', `${server.url}/killed`, spillFolder, String(AT)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let last: Pick<InfluxStats, 'written' | 'spilled' | 'dropped'> = { written: 0, spilled: 0, dropped: 0 };
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = JSON.parse(line) as InfluxStats;
    });
    await until('points were acknowledged', () => last.written > 500);
    await server.kill();
    await until('points were spilled', () => last.spilled > 500);
    await server.start();
    await until('what was spilled is being sent', () => last.written > 2500);
    await server.kill();
    await until('points were spilled again', () => last.spilled > 500);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(last.dropped).toBe(0);
    await server.start();

    const { sink, told } = open('killed', spillFolder);
    expect(sink.stats().spilled).toBeGreaterThanOrEqual(last.spilled);
    await sink.close();
    expect(sink.stats()).toMatchObject({ spilled: 0, dropped: 0, refused: 0 });
    expect(told).toEqual([expect.stringContaining('of an earlier run wait on disk')]);
    const stored = (await rows('killed', 'SELECT "scope" FROM "gap"')).map(({ scope }) =>
      Number(String(scope).slice(1)),
    );
    // One batch at a time went out, so what is stored has no hole.
    expect(stored).toEqual(Array.from(stored.keys()));
    expect(stored.length).toBeGreaterThanOrEqual(last.written + last.spilled);
  });

  test('of a batch with bad lines the good ones are stored once, and each bad one is told by measurement and field', async () => {
    const client = new InfluxDB(`${server.url}/partial`);
    await client.createDatabase('partial');
    await client.writePoints([
      { measurement: 'gap', tags: { lane: 'x' }, fields: { detail: 1 }, timestamp: `${AT}000` },
      { measurement: 'clock', tags: { lane: 'x' }, fields: { offsetMs: 'text' }, timestamp: `${AT}000` },
    ]);
    const { sink, told } = open('partial');
    sink.write([
      gap('a', AT + 1),
      ...point('rejected', AT + 2, { venue: 'kraken' }, { why: 'good' }),
      ...point('clock', AT + 3, { venue: 'kraken' }, { offsetMs: 1, roundTripMs: 2 }),
      gap('b', AT + 4),
      ...point('rejected', AT + 5, { venue: 'kraken' }, { why: 'good too' }),
    ]);
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 2, refused: 3, retries: 0, dropped: 0 });
    expect(told.join('\n')).toMatch(
      /gap, detail: field type conflict: it is string, and the database holds it as float/,
    );
    expect(told.join('\n')).toMatch(
      /clock, offsetMs: field type conflict: it is float, and the database holds it as string/,
    );
    expect((await rows('partial', 'SELECT "why" FROM "rejected"')).map(({ why }) => why)).toEqual([
      'good',
      'good too',
    ]);
    expect(await rows('partial', 'SELECT "scope" FROM "gap"')).toEqual([]);
  });

  test('more values of a tag than are allowed make no more series: the rest are one, and it is told once', async () => {
    const full: string[] = [];
    const { bound } = boundTags(10, (why) => full.push(why));
    const { sink } = open('bounded');
    sink.write(
      Array.from({ length: 300 }, (_, i) =>
        bound(point('rejected', AT + i, { venue: `v${i}` }, { why: 'x' })[0] as Point),
      ),
    );
    await sink.close();
    expect((await rows('bounded', 'SHOW SERIES')).length).toBe(11);
    expect(
      await rows('bounded', 'SELECT count("why") FROM "rejected" WHERE "venue" = \'other\''),
    ).toMatchObject([{ count: 290 }]);
    expect(full).toEqual([expect.stringContaining('tag venue of rejected has more than 10 values')]);
  });

  test('init makes policies and queries, and when it is asked again it changes only what differs', async () => {
    const door = influxDoor(influxTarget(`${server.url}/kept`), 60_000, fetchHttp());
    const init = (retention: Partial<typeof settings.retention> = {}) =>
      initInflux(door, retentionSteps('kept', { ...settings.retention, ...retention }));
    const first = await init();
    expect(first.filter(({ outcome }) => outcome !== 'done')).toEqual([]);
    const again = await init({ minuteDays: 30, hourDays: 0 });
    expect(again.filter(({ outcome }) => outcome !== 'done')).toEqual([
      { makes: 'retention policy minute', outcome: 'changed' },
      { makes: 'retention policy hour', outcome: 'changed' },
    ]);
    const policies = await rows('kept', 'SHOW RETENTION POLICIES ON "kept"');
    const own = policies.filter(({ name }) => name !== 'autogen');
    expect(own.map(({ name, duration, default: usual }) => [name, duration, usual])).toEqual([
      ['raw', '168h0m0s', true],
      ['minute', '720h0m0s', false],
      ['hour', '0s', false],
    ]);
  });

  test('one value a minute and an hour is the mean, sum, greatest or last of its points, as the catalogue says', async () => {
    const start = (Math.floor(Date.now() / 3_600_000) - 2) * 3_600_000 * MILLISECOND;
    const { sink } = open('kept');
    const values = [3, 1.5, 6, 2];
    sink.write(
      values.flatMap((value, i) => {
        const at = start + 10 * SECOND + i * 20 * SECOND;
        return [
          ...point('process', at, {}, { loopDelayMs: value, heapMegabytes: value, queued: 10 * i }),
          ...point('abstention', at, { series: 'KXBTC15M', check: 'edge' }, { count: i + 1 }),
        ];
      }),
    );
    await sink.close();
    const filled = voltage(['influx', 'init', '--backfill', '4', '--json'], {
      INFLUX_URL: `${server.url}/kept`,
    });
    expect(lastJson<{ why: string | null }>(filled).why).toBeNull();
    const time = (micros: number) => `${micros}000`;
    expect(await rows('kept', 'SELECT * FROM "minute"."process"')).toEqual([
      { time: time(start), lane: 'demo', loopDelayMs: 6, heapMegabytes: 3.5, queued: 20, points: 3 },
      { time: time(start + MINUTE), lane: 'demo', loopDelayMs: 2, heapMegabytes: 2, queued: 30, points: 1 },
    ]);
    expect(await rows('kept', 'SELECT * FROM "hour"."abstention"')).toEqual([
      { time: time(start), lane: 'demo', series: 'KXBTC15M', check: 'edge', count: 10, points: 4 },
    ]);
    const queries = await rows('kept', 'SHOW CONTINUOUS QUERIES');
    expect(queries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['minute_process', 'hour_abstention']),
    );
  });

  test('points older than the retention are told as such', async () => {
    const { sink, told } = open('kept');
    sink.write([gap('old', AT - 400 * 24 * 60 * MINUTE)]);
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, refused: 1, retries: 0 });
    expect(told).toEqual([expect.stringContaining('points beyond retention policy')]);
  });
});
