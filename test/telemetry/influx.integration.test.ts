import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InfluxDB } from 'influx';
import { eventMeasurements } from '../../src/telemetry/event-measurements.ts';
import type { InfluxSink } from '../../src/telemetry/influx.ts';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { openInflux } from '../../src/telemetry/open-influx.ts';
import type { Point } from '../../src/telemetry/point.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { telemetrySettings } from '../../src/telemetry/settings.ts';
import { describeInflux, type Influxd, influxd } from '../support/influxd.ts';
import { until } from '../support/until.ts';
import { sampleEvents } from './samples.ts';

const AT = 1_778_716_500_123_457;
const settings = telemetrySettings.parse({
  batchMillis: 10,
  retryFirstMillis: 20,
  retryMaxMillis: 200,
  closeMillis: 120_000,
});

const open = (url: string, overrides: object = {}): { sink: InfluxSink; told: string[] } => {
  const told: string[] = [];
  const sink = openInflux(url, { ...settings, ...overrides }, { lane: 'demo' }, (why) => told.push(why));
  return { sink, told };
};

const gaps = (count: number, from = 0): Point[] =>
  Array.from({ length: count }, (_, i) => ({
    measurement: 'gap',
    at: AT + from + i,
    tags: { venue: 'kalshi', cause: 'sequence' },
    fields: { scope: `s${from + i}`, detail: 'd' },
  }));

describeInflux('the sink on a real influxd', () => {
  let server: Influxd;
  beforeAll(async () => {
    server = await influxd();
  });
  afterAll(() => server.remove());

  const rows = async (database: string, query: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new InfluxDB(`${server.url}/${database}`);
    const found = await client.query<Record<string, unknown>>(query);
    return [...found].map((row) => ({ ...row, time: row.time?.getNanoTime?.() }));
  };

  test('points are read back exactly: nanoseconds, tags, and integers that stay integers', async () => {
    const { sink, told } = open(`${server.url}/exact`);
    const points = sampleEvents(AT).flatMap(pointsOf);
    sink.write(points);
    await sink.close();
    expect(told).toEqual([]);
    expect(sink.stats()).toMatchObject({
      written: points.length,
      dropped: 0,
      refused: 0,
      retries: 0,
      empty: 0,
    });

    expect(await rows('exact', 'SELECT * FROM "fill"')).toEqual([
      {
        time: `${AT}000`,
        lane: 'demo',
        series: 'KXBTC15M',
        side: 'bid',
        liquidity: 'taker',
        fillId: 'f-1',
        clientOrderId: 'v-1',
        ticker: 'KXBTC15M-26MAY131915-15',
        priceTicks: 4250,
        count: 600,
        feeMicroDollars: 102_637,
        cash: -26_527,
      },
    ]);
    expect(await rows('exact', 'SELECT "headroom" FROM "refusal" WHERE "check" = \'edge\'')).toEqual([
      { time: `${AT + 1_000_000}000`, headroom: -0.01 },
    ]);
    const types = { integer: 'integer', float: 'float', boolean: 'boolean', text: 'string' };
    for (const [measurement, { fields }] of Object.entries<Measurement>(eventMeasurements)) {
      const stored = await rows('exact', `SHOW FIELD KEYS FROM "${measurement}"`);
      expect(stored.length).toBeGreaterThan(0);
      for (const { fieldKey, fieldType } of stored)
        expect([measurement, fieldKey, fieldType]).toEqual([
          measurement,
          fieldKey,
          types[fields[String(fieldKey)]?.kind ?? 'text'],
        ]);
    }
  });

  test('text that would break the line protocol is kept as text, and makes no measurement of its own', async () => {
    const { sink } = open(`${server.url}/hostile`);
    const why = 'quote " backslash \\ comma, equals= and\nmeasurement evil=1';
    sink.write([
      { measurement: 'rejected', at: AT, tags: { venue: 'a b,c=d\nevil x=1 1\\' }, fields: { why } },
      { measurement: 'rejected', at: AT, tags: { venue: '' }, fields: { why: '' } },
    ]);
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 2, refused: 0 });
    expect((await rows('hostile', 'SHOW MEASUREMENTS')).map(({ name }) => name)).toEqual(['rejected']);
    expect(
      (await rows('hostile', 'SELECT "why", "venue" FROM "rejected"')).map(({ venue, why: kept }) => [
        venue,
        kept,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['a b,c=d evil x=1 1', why.replace('\n', ' ')],
        ['none', ''],
      ]),
    );
  });

  test('points of one series at one microsecond are all kept, and writing them again changes nothing', async () => {
    for (let again = 0; again < 2; again += 1) {
      const { sink } = open(`${server.url}/same`);
      sink.write(gaps(50).map((point) => ({ ...point, at: AT })));
      await sink.close();
      expect(await rows('same', 'SELECT count("scope") FROM "gap"')).toMatchObject([{ count: 50 }]);
    }
  });

  test('no point is lost when influxd is killed while it writes and started again', async () => {
    const { sink, told } = open(`${server.url}/killed`, { batchPoints: 100 });
    sink.write(gaps(3000));
    await until('some points written', () => sink.stats().written >= 500);
    await server.kill();
    sink.write(gaps(3000, 3000));
    await until('two retries', () => sink.stats().retries >= 2);
    await server.start();
    sink.write(gaps(1000, 6000));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 7000, dropped: 0, refused: 0 });
    expect(told.length).toBeGreaterThan(0);
    expect(await rows('killed', 'SELECT count("scope") FROM "gap"')).toMatchObject([{ count: 7000 }]);
  });

  test('a database that is dropped is created again', async () => {
    const { sink } = open(`${server.url}/dropped`);
    sink.write(gaps(1));
    await until('a point written', () => sink.stats().written >= 1);
    await new InfluxDB(`${server.url}/dropped`).dropDatabase('dropped');
    sink.write(gaps(1, 1));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 2, refused: 0 });
    expect(await rows('dropped', 'SELECT "scope" FROM "gap"')).toMatchObject([{ scope: 's1' }]);
  });

  test('a batch that contradicts the type of a stored field is refused once and not repeated', async () => {
    const client = new InfluxDB(`${server.url}/typed`);
    await client.createDatabase('typed');
    await client.writePoints([{ measurement: 'gap', fields: { scope: 1 }, timestamp: `${AT}000` }]);
    const { sink, told } = open(`${server.url}/typed`);
    sink.write(gaps(2));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, refused: 2, retries: 0 });
    expect(told).toEqual([expect.stringMatching(/typed: .*400.*field type conflict/)]);
  });
});

describe('the sink on a database in trouble', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  const listen = async (server: Server): Promise<string> => {
    servers.push(server);
    server.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/trouble`;
  };

  /** Grants CREATE DATABASE and leaves the writes to `answer`. */
  const fake = async (
    answer: (write: number) => RequestListener,
  ): Promise<{ url: string; bodies: string[] }> => {
    const bodies: string[] = [];
    const url = await listen(
      createHttp(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        if (request.url?.startsWith('/query')) response.end('{"results":[{}]}');
        else answer(bodies.push(body))(request, response);
      }),
    );
    return { url, bodies };
  };

  test('500 is tried again with the same points until it is taken', async () => {
    const { url, bodies } = await fake(
      (write) => (_, response) => response.writeHead(write < 3 ? 500 : 204).end(),
    );
    const { sink } = open(url);
    sink.write(gaps(3));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 3, retries: 2, refused: 0 });
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  test.each([400, 401, 413])('%d is not tried again', async (status) => {
    const { url, bodies } = await fake(
      () => (_, response) => response.writeHead(status).end('{"error":"no"}'),
    );
    const { sink, told } = open(url);
    sink.write(gaps(3));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, refused: 3, retries: 0 });
    expect(bodies).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  test.each([
    ['a page of a proxy', 200, '<html>Grafana</html>'],
    ['an empty 200', 200, ''],
    ['a 202', 202, '{"results":[{}]}'],
    ['JSON of another program', 200, '{"ok":true}'],
  ])('%s is no success: nothing counts as written', async (_, status, text) => {
    const { url } = await fake(() => (__, response) => response.writeHead(status).end(text));
    const { sink, told } = open(url, { closeMillis: 200 });
    sink.write(gaps(3));
    // On a busy machine its first answer may take longer than the end may.
    await until('the first answer', () => told.length > 0);
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 3 });
    expect(told[0]).toContain(`HTTP ${status} is not InfluxDB's answer`);
  });

  test('a server that answers everything with a page is asked for a database again, and gets no point', async () => {
    const asked: string[] = [];
    const url = await listen(
      createHttp((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
      }),
    );
    const { sink } = open(url, { closeMillis: 200 });
    sink.write(gaps(3));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 3 });
    expect(asked.filter((path) => path.startsWith('/write'))).toEqual([]);
  });

  test('batches that are refused alike are told once, and counted in the end', async () => {
    const { url } = await fake(
      () => (_, response) => response.writeHead(400).end('{"error":"partial write"}'),
    );
    const { sink, told } = open(url, { batchPoints: 1 });
    sink.write(gaps(7));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, refused: 7 });
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('7 times in all: HTTP 400');
  });

  test.each([
    ['plain', (given: string) => given],
    ['decoded', (given: string) => Buffer.from(given.slice(6), 'base64').toString()],
  ])('credentials that a server repeats %s are not told', async (_, repeat) => {
    const { url } = await fake(
      () => (request, response) =>
        response.writeHead(401).end(`no: ${repeat(request.headers.authorization ?? '')}`),
    );
    const { sink, told } = open(url.replace('//', '//operator:hunter2hunter2@'));
    sink.write(gaps(1));
    await sink.close();
    const secrets = ['operator', 'hunter2', Buffer.from('operator:hunter2hunter2').toString('base64')];
    expect(told).toHaveLength(1);
    for (const secret of secrets) expect(JSON.stringify([told, sink.stats()])).not.toContain(secret);
  });

  test('429 is tried again', async () => {
    const { url } = await fake((write) => (_, response) => response.writeHead(write < 2 ? 429 : 204).end());
    const { sink } = open(url);
    sink.write(gaps(1));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 1, retries: 1 });
  });

  test('an answer cut within its body, and one that never ends it, are tried again', async () => {
    const { url } = await fake((write) => (_, response) => {
      if (write > 2) return response.writeHead(204).end();
      response.writeHead(200, { 'content-length': '100' }).write('half');
      return write === 1 ? setImmediate(() => response.destroy()) : undefined;
    });
    const { sink } = open(url, { requestMillis: 200, closeMillis: 60_000 });
    sink.write(gaps(1));
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 1, trouble: 'no answer within 200 ms' });
    // A good answer that a busy machine gives too late is asked for once more.
    expect(sink.stats().retries).toBeGreaterThanOrEqual(2);
  });

  test('a server that accepts and never answers costs the deadline, not the desk', async () => {
    const url = await listen(createTcp());
    const { sink, told } = open(url, {
      requestMillis: 50,
      closeMillis: 300,
      queuePoints: 1000,
      batchPoints: 100,
    });
    sink.write(gaps(5000));
    expect(sink.stats()).toMatchObject({ queued: 1000, dropped: 4000 });
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 5000, queued: 0, inFlight: 0 });
    expect(told).toHaveLength(1);
  });

  test('a server that is not there costs points, not the desk, and the password is never told', async () => {
    const url = await listen(createTcp());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { sink, told } = open(url.replace('//', '//user:secret@'), { closeMillis: 200 });
    sink.write(gaps(10));
    await until('the first failure', () => told.length > 0);
    await sink.close();
    expect(sink.stats()).toMatchObject({ written: 0, dropped: 10 });
    expect(told[0]).toMatch(/ECONNREFUSED/);
    expect(told.join()).not.toMatch(/secret/);
  });
});
