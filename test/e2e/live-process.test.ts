import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { voltage } from '../support/voltage.ts';

const root = tempFolder();
const started: Started[] = [];
const states: string[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ end }) => end()));
  for (const server of servers.splice(0)) server.close();
  // A supervisor outlives its lane, and without a venue it would try for an hour.
  for (const log of states.splice(0).flatMap((state) => filesOf(state, 'supervisor.log')))
    for (const [, pid] of readFileSync(log, 'utf8').matchAll(/as process (\d+)/g))
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
      }
});

/** The files of that name of all accounts in a folder of states. */
const filesOf = (state: string, name: string): readonly string[] =>
  (existsSync(state) ? readdirSync(state) : [])
    .map((account) => join(state, account, name))
    .filter((path) => existsSync(path));

/** What a configuration must state; addresses and key come from the environment. */
const LIMITS = JSON.stringify({
  label: 'test',
  assets: ['BTC'],
  execution: {
    live: {
      ...{ orderContractsMax: 50, openOrdersMax: 5, ordersPerMinuteMax: 60, dollarsPerDayMax: 2_000 },
      ...{ dayLossMaxDollars: 500, drawdownMaxDollars: 500, supervisorPatienceMs: 60_000 },
    },
  },
});

/** An emulated exchange, and a lane on it that is told everything but its limits by its environment. */
async function standing() {
  const emulator = startVoltage(['emulate']);
  started.push(emulator);
  const venues = JSON.parse(await emulator.firstLine) as Readonly<Record<string, string>>;
  const folder = mkdtempSync(join(root, 'lane-'));
  const state = join(folder, 'state');
  states.push(state);
  const config = join(folder, 'limits.json');
  writeFileSync(config, LIMITS);
  const variables = (kalshiRest = venues['kalshiRest'] ?? ''): Readonly<Record<string, string>> => ({
    VOLTAGE_KRAKEN_WS_URL: venues['krakenWs'] ?? '',
    VOLTAGE_KRAKEN_REST_URL: venues['krakenRest'] ?? '',
    VOLTAGE_KALSHI_WS_URL: venues['kalshiWs'] ?? '',
    VOLTAGE_KALSHI_REST_URL: kalshiRest,
    KALSHI_ENVIRONMENT: 'demo',
    KALSHI_KEY_ID: venues['kalshiKeyId'] ?? '',
    KALSHI_PRIVATE_KEY_PATH: venues['kalshiPrivateKeyPath'] ?? '',
  });
  const words = [
    ...['live', '--live', '--model', 'models/backbone.json', '--json'],
    ...['--config', config, '--state', state],
  ];
  return {
    venues,
    variables,
    start: (variablesNow = variables(), more: readonly string[] = ['--yes-real-money']): Started => {
      const lane = startVoltage([...words, ...more], undefined, 'none', variablesNow);
      started.push(lane);
      return lane;
    },
  };
}

describe('a process of voltage live', () => {
  test('with a key that may only read refuses to start, and says in a sentence what to do', async () => {
    const { venues, variables, start } = await standing();
    const real = new URL(venues['kalshiRest'] ?? '');
    const server = createServer(async (request, response) => {
      const { host: _, connection: __, ...headers } = request.headers;
      const answer = await fetch(`${real.origin}${request.url}`, {
        headers: headers as Record<string, string>,
      });
      const text = await answer.text();
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(request.url?.endsWith('/api_keys') ? text.replace('"read","write"', '"read"') : text);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const lane = start(variables(`http://127.0.0.1:${port}${real.pathname}`));
    const { code, stderr, stdout } = await lane.ended;
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/cannot place orders/);
    expect(stderr).toMatch(/write::trade/);
    expect(stdout).toBe('');
  });

  test('starts nothing without the word that it is real, the limits, or a yes where nobody is there to ask', async () => {
    expect(voltage(['live', '--yes-real-money'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('real orders leave only with --live'),
    });
    expect(voltage(['live', '--live', '--yes-real-money'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the configuration must state execution.live'),
    });
    const { start, variables } = await standing();
    const lane = await start(variables(), []).ended;
    expect(lane).toMatchObject({ code: 2, stdout: '' });
    expect(lane.stderr).toContain('nobody is there to confirm');
  });
});
