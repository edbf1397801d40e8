import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { type RunningEmulation, startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { fetchDate } from '../../src/cli/doctor/ask-date.ts';
import type { DoctorRow } from '../../src/cli/doctor/run-checks.ts';
import { settingsOf } from '../pipelines/market.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Ended, lastJson, voltage } from '../support/voltage.ts';

const folder = tempFolder();

// A doctor tells of a machine that stalls, as it must: a signature grows old, a venue seems silent. Then it is asked again.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

interface Report {
  readonly kind: 'doctor';
  readonly ok: boolean;
  readonly rows: readonly DoctorRow[];
}

/** Nothing of the caller's own: an empty variable sets nothing. */
const CLEAN = {
  KALSHI_ENVIRONMENT: '',
  KALSHI_KEY_ID: '',
  KALSHI_PRIVATE_KEY_PATH: '',
  INFLUX_URL: '',
  XDG_STATE_HOME: folder,
};

/** Runs the built command while the emulators of this process go on. */
const doctor = (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['dist/src/cli/main.js', 'doctor', '--out', folder, ...words],
      { env: { ...process.env, ...CLEAN, ...environment } },
      (_cause, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

/** A configuration of these addresses. */
const configOf = (kraken: object, kalshi: object): string => {
  const file = join(mkdtempSync(join(folder, 'test-')), 'voltage.json');
  writeFileSync(file, JSON.stringify({ kraken, kalshi }));
  return file;
};
const rowOf = ({ rows }: Report, name: string): DoctorRow | undefined =>
  rows.find(({ check }) => check === name);
const kindsOf = ({ rows }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(rows.map(({ check, kind }) => [check, kind]));

/** Every row where nothing is amiss, but for the InfluxDB that there is none of. */
const ALL_WELL = {
  Node: 'ok',
  configuration: 'ok',
  'clock (Kraken)': 'ok',
  'clock (Kalshi)': 'ok',
  'Kraken REST': 'ok',
  'Kraken WebSocket': 'ok',
  'Kalshi REST': 'ok',
  'Kalshi WebSocket': 'ok',
  'Kalshi key': 'ok',
  'Kalshi key scope': 'ok',
  'Kalshi location': 'ok',
  'Kalshi signature': 'ok',
  'Kalshi limits': 'ok',
  'Kalshi exchange': 'ok',
  'Kalshi series': 'ok',
  backbone: 'ok',
  models: 'ok',
  // The configuration has none: only a live lane needs them.
  'live limits': 'skipped',
  journal: 'ok',
  // How much is free is the machine's own affair.
  disk: expect.stringMatching(/^(ok|warn)$/),
  InfluxDB: 'skipped',
};

/** A host and port at which nothing listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

describe('voltage doctor at emulated venues', () => {
  let venues: RunningEmulation;
  const configured = (kalshi: object = {}): string =>
    configOf(
      { wsUrl: venues.krakenWs, restUrl: venues.krakenRest },
      {
        wsUrl: venues.kalshiWs,
        restUrl: venues.kalshiRest,
        keyId: venues.kalshiKeyId,
        privateKeyPath: venues.kalshiPrivateKeyPath,
        ...kalshi,
      },
    );
  const report = async (config: string, environment?: Readonly<Record<string, string>>) => {
    const ended = await doctor(['--config', config, '--json'], environment);
    return { ended, told: lastJson<Report>(ended) };
  };
  beforeAll(async () => {
    venues = await startEmulation({
      // The market runs from now, and now may be a Thursday night.
      settings: settingsOf({ seed: 'doctor', strikes: 2, density: 0.15, weeklyPause: false }),
      krakenPort: 0,
      kalshiPort: 0,
      speed: 1,
      faults: [],
      fromNow: true,
    });
  });
  afterAll(() => venues.stop());

  test('where all is well every row is ok and the exit code is 0', async () => {
    const { ended, told } = await report(configured());
    expect(kindsOf(told)).toEqual(ALL_WELL);
    expect([ended.code, ended.stderr, told.ok]).toEqual([0, '', true]);
    expect(rowOf(told, 'Kalshi exchange')?.found).toBe('shard 2: open and trading');
    expect(rowOf(told, 'Kalshi key')?.found).toMatch(/^RSA, 2048 bits/);
  });

  test('without --json the rows are a table for people', async () => {
    const { code, stdout } = await doctor(['--config', configured()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^check +state +found +what to do next\n/);
    for (const name of Object.keys(ALL_WELL))
      expect(stdout).toContain(`\n${name.padEnd('Kalshi signature'.length)}  `);
    expect(stdout).toMatch(/\n21 checks: .* 0 failed, 2 skipped\n$/);
  });

  test('a wrong key id fails where a signature is needed, and says which settings to look at', async () => {
    const { ended, told } = await report(configured({ keyId: '00000000-0000-4000-8000-000000000bad' }));
    expect(ended.code).toBe(1);
    const failing = [
      'Kalshi WebSocket',
      'Kalshi key scope',
      'Kalshi location',
      'Kalshi signature',
      'Kalshi limits',
    ];
    expect(kindsOf(told)).toEqual({
      ...ALL_WELL,
      ...Object.fromEntries(failing.map((name) => [name, 'fail'])),
    });
    for (const name of failing)
      expect(rowOf(told, name)).toMatchObject({
        found: '401 authentication_error: NOT_FOUND',
        next: expect.stringContaining('KALSHI_KEY_ID'),
      });
  });

  test('a clock that the exchange finds too far off fails the signed rows, and the clock is what they name', async () => {
    const skew = (value: number): void =>
      venues.venues.faults.inject({ kind: 'clockSkew', venue: 'kalshi', atMs: 0, spanMs: 600_000, value });
    skew(60_000);
    try {
      const { ended, told } = await report(configured());
      expect(ended.code).toBe(1);
      for (const name of ['Kalshi WebSocket', 'Kalshi signature', 'Kalshi limits'])
        expect(rowOf(told, name)).toMatchObject({
          kind: 'fail',
          found: expect.stringMatching(/^401 header_timestamp_expired/),
          next: expect.stringContaining('clock of this machine'),
        });
      expect(kindsOf(told)).toMatchObject({
        'Kalshi REST': 'ok',
        'Kraken REST': 'ok',
        'Kalshi exchange': 'ok',
      });
    } finally {
      skew(0);
    }
  });

  test('with --live the limits must be stated, and then nothing fails', async () => {
    const live = {
      orderContractsMax: 5,
      openOrdersMax: 2,
      ordersPerMinuteMax: 6,
      dollarsPerDayMax: 20,
      dayLossMaxDollars: 10,
      drawdownMaxDollars: 15,
    };
    const asked = async (config: string): Promise<readonly string[]> => {
      const told = lastJson<Report>(await doctor(['--live', '--config', config, '--json']));
      return told.rows.filter(({ kind }) => kind === 'fail').map(({ check }) => check);
    };
    expect(await asked(configured())).toEqual(['live limits']);
    const stated = join(mkdtempSync(join(folder, 'test-')), 'voltage.json');
    const read = JSON.parse(readFileSync(configured(), 'utf8')) as object;
    writeFileSync(stated, JSON.stringify({ ...read, execution: { live } }));
    expect(await asked(stated)).toEqual([]);
  });

  test('a venue in maintenance is a warning: nothing is broken, nothing trades', async () => {
    const { kraken } = venues.venues;
    kraken.setSystem('maintenance');
    try {
      const { ended, told } = await report(configured());
      expect(kindsOf(told)).toEqual({ ...ALL_WELL, 'Kraken WebSocket': 'warn' });
      expect(ended.code).toBe(0);
    } finally {
      kraken.setSystem('online');
    }
  });

  test('without a key the market is still examined, and what needs one is skipped with what to set', async () => {
    const { ended, told } = await report(configured({ keyId: undefined, privateKeyPath: undefined }));
    expect(ended.code).toBe(0);
    expect(kindsOf(told)).toEqual({
      ...ALL_WELL,
      'Kalshi key': 'skipped',
      'Kalshi key scope': 'skipped',
      'Kalshi location': 'skipped',
      'Kalshi signature': 'skipped',
      'Kalshi limits': 'skipped',
      journal: 'skipped',
    });
  });
});

describe('voltage doctor elsewhere', () => {
  let somewhere = '';
  beforeAll(async () => {
    somewhere = await nobody();
  });

  test('venues that cannot be reached fail one by one with what to do, the rest is still told, and the exit code is 1', () => {
    const config = configOf(
      { wsUrl: `ws://${somewhere}/v2`, restUrl: `http://${somewhere}` },
      { wsUrl: `ws://${somewhere}/trade-api/ws/v2`, restUrl: `http://${somewhere}/trade-api/v2` },
    );
    const ended = voltage(['doctor', '--config', config, '--out', folder, '--json'], {
      ...CLEAN,
      INFLUX_URL: `http://me:secret@${somewhere}/db`,
    });
    const told = lastJson<Report>(ended);
    expect([ended.code, told.ok]).toEqual([1, false]);
    const failing = ['Kraken REST', 'Kraken WebSocket', 'Kalshi REST', 'Kalshi WebSocket'];
    for (const name of failing)
      expect(rowOf(told, name)).toMatchObject({
        kind: 'fail',
        found: expect.stringContaining('ECONNREFUSED'),
        next: expect.stringContaining('Url of the configuration'),
      });
    expect(kindsOf(told)).toEqual({
      ...ALL_WELL,
      ...Object.fromEntries(failing.map((name) => [name, 'fail'])),
      ...Object.fromEntries(
        [
          'clock (Kraken)',
          'clock (Kalshi)',
          'Kalshi key',
          'Kalshi key scope',
          'Kalshi location',
          'Kalshi signature',
          'Kalshi limits',
          'Kalshi exchange',
          'Kalshi series',
          'journal',
        ].map((name) => [name, 'skipped']),
      ),
      InfluxDB: 'warn',
    });
    expect(ended.stdout).not.toContain('secret');
  });

  test('a broken configuration is a row that names its line, not an end', () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, `kraken:\n  bookDepth: 11\n  wsUrl: ws://${somewhere}/v2\n`);
    const ended = voltage(['doctor', '--config', file, '--out', folder, '--json'], {
      ...CLEAN,
      VOLTAGE_KRAKEN_WS_URL: `ws://${somewhere}/v2`,
      VOLTAGE_KRAKEN_REST_URL: `http://${somewhere}`,
      VOLTAGE_KALSHI_WS_URL: `ws://${somewhere}/trade-api/ws/v2`,
      VOLTAGE_KALSHI_REST_URL: `http://${somewhere}/trade-api/v2`,
    });
    expect(ended.code).toBe(1);
    const told = lastJson<Report>(ended);
    expect(rowOf(told, 'configuration')).toMatchObject({
      kind: 'fail',
      found: expect.stringMatching(/broken\.yaml:2: kraken\.bookDepth: .*was 11$/),
    });
    expect(told.rows).toHaveLength(Object.keys(ALL_WELL).length);
  });
});

describe('fetchDate', () => {
  const asked = async (headers: Readonly<Record<string, string>>) => {
    const server = createServer((_, response) => {
      response.sendDate = false;
      response.writeHead(200, headers).end('{}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    let now = 5_000;
    const answer = await firstValueFrom(fetchDate(() => (now += 250))(`http://127.0.0.1:${port}/`));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return answer;
  };
  const date = 'Fri, 12 Jun 2026 12:00:00 GMT';
  const noon = Date.parse(date);

  test('a Date holds for its second, and for two from when it left a cache', async () => {
    const sent = { kind: 'dated', sentMillis: 5_250, receivedMillis: 5_500 };
    expect(await asked({ date })).toEqual({ ...sent, fromMillis: noon, untilMillis: noon + 1_000 });
    expect(await asked({ date, age: '7' })).toEqual({
      ...sent,
      fromMillis: noon + 7_000,
      untilMillis: noon + 9_000,
    });
  });

  test('no Date, an Age that is no number and no answer are no time', async () => {
    expect(await asked({})).toEqual({ kind: 'failed', why: 'the answer has no Date header' });
    expect(await asked({ date, age: 'old' })).toMatchObject({ kind: 'failed' });
    expect(await firstValueFrom(fetchDate(() => 0)(`http://${await nobody()}/`))).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
