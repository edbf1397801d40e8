import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { ConsoleState } from '../../src/console/state.ts';
import { openJournal } from '../../src/execution/journal/journal.ts';
import { readTape } from '../../src/tape/read.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { act, askConsole } from '../support/console-visitor.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const started: Started[] = [];
const start = (...given: Parameters<typeof startVoltage>): Started => {
  const run = startVoltage(...given);
  started.push(run);
  return run;
};
afterAll(async () => {
  await Promise.all(started.map(({ end }) => end()));
  // A supervisor outlives its lane, and without a venue it would try for an hour.
  const state = join(root, 'state');
  if (!existsSync(state)) return;
  const log = readFileSync(join(state, readdirSync(state)[0] as string, 'supervisor.log'), 'utf8');
  for (const [, pid] of log.matchAll(/as process (\d+)/g))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
    }
});

const portOf = (line: string): number => Number(/http:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1]);
const tokenOf = (line: string): string => /#([0-9a-f]{48})/.exec(line)?.[1] ?? '';
const stateOf = async (port: number): Promise<ConsoleState> =>
  JSON.parse((await askConsole(port, { path: '/api/state' })).text) as ConsoleState;

describe('the console of a demo', () => {
  test('is told first, answers its own page alone, shows the run, and halts the desk by a command on the tape', async () => {
    const tape = join(root, 'tape');
    const lane = start(['demo', '--console-port', '0', '--json', '--record', tape]);
    const line = await lane.firstError;
    expect(line).toMatch(/^SIMULATED {2}console: http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{48}$/);
    const [port, token] = [portOf(line), tokenOf(line)];

    const page = await askConsole(port, { path: '/' });
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(`${page.text}${page.headers['content-security-policy']}`).not.toMatch(/https?:\/\//);
    expect(await askConsole(port, { path: '/api/state', headers: { host: `evil.example:${port}` } })).toMatchObject({
      status: 403,
      text: expect.not.stringContaining('lane'),
    });

    await until('a decision', async () => (await stateOf(port)).rings.decisions.length > 0);
    const shown = await stateOf(port);
    expect(shown.values.lane).toMatchObject({ mark: 'SIMULATED', acts: ['halt', 'resume', 'cancelAll', 'flatten'] });
    const decision = shown.rings.decisions.at(-1);
    const detail = await askConsole(port, { path: `/api/decisions/${decision?.id}` });
    expect(JSON.parse(detail.text)).toMatchObject({ ticker: decision?.ticker, why: decision?.why });

    expect((await act(port, 'f'.repeat(48), 'halt')).status).toBe(401);
    expect(await act(port, token, 'halt')).toMatchObject({ status: 200, text: expect.stringContaining('"ok":true') });
    await until('the halt on the console', async () => (await stateOf(port)).values.word.word === 'HALTED');
    expect((await stateOf(port)).values.word.reason).toContain('the test says so');
    // A halt is no wish: nothing is approved after it.
    const { decisions } = (await stateOf(port)).rings;
    await until('a later decision', async () => ((await stateOf(port)).rings.decisions.at(-1)?.id ?? 0) > (decisions.at(-1)?.id ?? 0));
    const later = (await stateOf(port)).rings.decisions.filter(({ id }) => id > (decisions.at(-1)?.id ?? 0));
    expect(later.map(({ verdict }) => verdict)).not.toContain('approved');

    lane.kill('SIGINT');
    const { code, stdout } = await lane.ended;
    expect(code).toBe(0);
    expect(lastJson({ code, stdout, stderr: '' })).toMatchObject({ lane: 'demo' });
    const commands: unknown[] = [];
    for (const name of readdirSync(tape).filter((file) => /\.tape(\.gz)?$/.test(file)))
      for await (const batch of readTape(join(tape, name), () => {}))
        commands.push(...batch.filter(({ kind }) => kind === 'command'));
    expect(commands).toMatchObject([{ command: 'halt', reason: 'the operator: the test says so' }]);
  });

  test('on a port that was asked for and is taken ends the command with a sentence, before anything begins', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const taken = voltage(['demo', '--console-port', String(port), '--minutes', '1', '--json']);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain(`port ${port}: EADDRINUSE`);
    holder.close();
  });
});

/** The first line of `voltage emulate`. */
interface Venues {
  readonly krakenWs: string;
  readonly krakenRest: string;
  readonly kalshiWs: string;
  readonly kalshiRest: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyPath: string;
}

interface VenueOrder {
  readonly status: string;
}

describe('the console of a live lane', () => {
  test('lowers a limit and halts: nothing rests at the venue, and both are in the journal', async () => {
    const emulator = start(['emulate']);
    const venues = JSON.parse(await emulator.firstLine) as Venues;
    const config = join(root, 'live.yaml');
    const state = join(root, 'state');
    const account = ['--config', config, '--state', state, '--json'];
    writeFileSync(
      config,
      JSON.stringify({
        label: 'test',
        assets: ['BTC'],
        console: { port: 0 },
        kraken: { wsUrl: venues.krakenWs, restUrl: venues.krakenRest },
        kalshi: {
          environment: 'demo',
          wsUrl: venues.kalshiWs,
          restUrl: venues.kalshiRest,
          keyId: venues.kalshiKeyId,
          privateKeyPath: venues.kalshiPrivateKeyPath,
        },
        execution: {
          live: {
            ...{ orderContractsMax: 50, openOrdersMax: 5, ordersPerMinuteMax: 60, dollarsPerDayMax: 2_000 },
            ...{ dayLossMaxDollars: 500, drawdownMaxDollars: 500, supervisorPatienceMs: 20_000 },
          },
        },
        pricing: {
          edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
          sizing: { maxOrderCount: 500 },
        },
        risk: { orderCooldownMicros: 5_000_000 },
      }),
    );
    const key = loadKey({ keyId: venues.kalshiKeyId, privateKeyPath: venues.kalshiPrivateKeyPath });
    if (key?.kind !== 'key') throw new Error('console-lane.test: the emulated key cannot be read');
    const signer = kalshiSigner(key, Date.now);
    const orders = async (): Promise<readonly VenueOrder[]> => {
      const url = new URL(`${venues.kalshiRest}/portfolio/orders?limit=1000`);
      for (;;) {
        const answer = await fetch(url, { headers: { ...signer.headers('GET', url.pathname), connection: 'close' } });
        // The lane reads from the same budget of requests.
        if (answer.status === 429) await waited(200);
        else return ((await answer.json()) as { readonly orders: readonly VenueOrder[] }).orders;
      }
    };

    const lane = start(['live', '--live', '--yes-real-money', '--model', 'models/backbone.json', ...account]);
    const line = await lane.firstError;
    // What a service says is kept and read by others, so the token is not in it.
    expect(line).toMatch(/^LIVE {2}console: http:\/\/127\.0\.0\.1:\d+\/ \(for acts, add # and the token in .*console\.token\)$/);
    const port = portOf(line);
    const folder = join(state, readdirSync(state)[0] as string);
    const token = readFileSync(join(folder, 'console.token'), 'utf8').trim();

    await until('an order', async () => (await orders()).length > 0);
    expect((await stateOf(port)).values.lane).toMatchObject({ mark: 'LIVE', acts: expect.arrayContaining(['cap']) });
    expect((await act(port, token, 'cap', { name: 'openOrdersMax', value: 3 })).status).toBe(200);
    expect(await act(port, token, 'cap', { name: 'openOrdersMax', value: 4 })).toMatchObject({
      status: 409,
      text: expect.stringContaining('only be lowered'),
    });
    expect(lastJson(voltage(['limits', '--lower', 'openOrdersMax=2', '--reason', 'less', ...account]))).toMatchObject({
      openOrdersMax: 2,
      orderContractsMax: 50,
    });
    expect(await act(port, token, 'halt')).toMatchObject({
      status: 200,
      text: expect.stringContaining('nothing rests at the venue'),
    });
    const after = await orders();
    expect(after.filter(({ status }) => status === 'resting')).toEqual([]);
    await until('the halt on the console', async () => (await stateOf(port)).values.word.word === 'HALTED');

    lane.kill('SIGTERM');
    expect((await lane.ended).code).toBe(0);
    expect((await orders()).length).toBe(after.length);
    const journal = openJournal(join(folder, 'journal.db'));
    const bodies = (kind: 'cap' | 'halt'): readonly unknown[] =>
      journal.rows(kind).map(({ body }) => JSON.parse(body) as unknown);
    expect(bodies('cap')).toMatchObject([
      { by: 'the operator', name: 'openOrdersMax', value: 3, reason: 'the test says so' },
      { by: 'the operator', name: 'openOrdersMax', value: 2, reason: 'less' },
    ]);
    expect(bodies('halt')).toContainEqual(
      expect.objectContaining({ by: 'the operator', reason: 'the test says so' }),
    );
    journal.close();
  });
});
