import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type RunningEmulation, startEmulation } from '../../pipelines/edges/start-emulation.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { BTC, ETH } from '../support/assets.ts';

const SETTINGS = {
  ...settingsSchema.parse({ emulator: { seed: 'start', historyMinutes: 20, strikes: 2 } }),
  assets: [BTC, ETH],
};

const start = (
  ports: { readonly krakenPort?: number; readonly kalshiPort?: number } = {},
): Promise<RunningEmulation> =>
  startEmulation({
    settings: SETTINGS,
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults: [],
    fromNow: false,
    ...ports,
  });
/** Key folders of this process: other suites emulate at the same time. */
const keyFolders = (): readonly string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('voltage-emulator-'))
    .filter((name) => {
      try {
        const owner = JSON.parse(readFileSync(join(tmpdir(), name, 'owner.json'), 'utf8')) as { pid: number };
        return owner.pid === process.pid;
      } catch {
        return false;
      }
    });

const opened: Server[] = [];
/** A port that somebody has. */
const taken = async (): Promise<number> => {
  const server = createServer();
  opened.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

describe('startEmulation', () => {
  afterEach(() => {
    for (const server of opened.splice(0)) server.close();
  });

  test('the key’s folder goes when it stops', async () => {
    const before = keyFolders();
    const running = await start();
    expect(keyFolders().length).toBe(before.length + 1);
    await running.stop();
    expect(keyFolders()).toEqual(before);
  });

  test.each(['krakenPort', 'kalshiPort'] as const)(
    'a %s that is taken is told, and nothing stays behind',
    async (which) => {
      const before = keyFolders();
      const listeners = process.listenerCount('exit');
      await expect(start({ [which]: await taken() })).rejects.toThrow('EADDRINUSE');
      expect(keyFolders()).toEqual(before);
      expect(process.listenerCount('exit')).toBe(listeners);
    },
  );

  test('each asset has a history of its own, which Kraken’s REST repeats at the pair’s decimals', async () => {
    const running = await start();
    try {
      expect(running.history.map(({ asset, bars }) => [asset, bars.length])).toEqual([
        ['BTC', 20],
        ['ETH', 20],
      ]);
      for (const [symbol, history] of [
        ['BTC/USD', running.history[0]],
        ['ETH/USD', running.history[1]],
      ] as const) {
        const response = await fetch(`${running.krakenRest}/0/public/OHLC?pair=${symbol}`);
        const { result } = (await response.json()) as {
          result: Readonly<Record<string, readonly (readonly string[])[]>>;
        };
        const [rows = []] = Object.values(result);
        expect(Number(rows[0]?.[1])).toBe(history?.bars[0]?.open);
        expect(Number(rows[19]?.[4])).toBe(history?.bars[19]?.close);
      }
    } finally {
      await running.stop();
    }
  });
});

describe('the emulated key on the disk', () => {
  const MODULE = join(process.cwd(), 'dist/pipelines/edges/emulated-key-file.js');
  const KEY = 'generateKeyPairSync("ed25519").privateKey';
  /** A process that writes a key, says where, and then does this. */
  const child = (then: string, paths = 1) => {
    const running = spawn(
      process.execPath,
      [
        ...['--input-type=module', '-e'],
        `import { generateKeyPairSync } from 'node:crypto'; import { emulatedKeyFile } from ${JSON.stringify(MODULE)};
         process.stdout.write(emulatedKeyFile(${KEY}).path + '\\n'); ${then}`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    children.add(running);
    // Listened for from the start: on a busy machine it may have ended before its path is read here.
    const exited = once(running, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    let text = '';
    const pathsOf = new Promise<readonly string[]>((resolve) => {
      running.stdout.on('data', (chunk) => {
        text += String(chunk);
        const lines = text.split('\n').slice(0, -1);
        if (lines.length >= paths) resolve(lines);
      });
    });
    return { kill: (signal: NodeJS.Signals) => running.kill(signal), exited, pathsOf };
  };
  const pathOf = async ({ pathsOf }: ReturnType<typeof child>): Promise<string> => (await pathsOf)[0] ?? '';
  const WAIT = 'setInterval(() => {}, 1000);';
  const children = new Set<ChildProcess>();
  // Those that a failed test left behind.
  afterEach(() => {
    for (const each of children) each.kill('SIGKILL');
    children.clear();
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is gone after %s, which still ends the process',
    async (signal) => {
      const running = child(WAIT);
      const path = await pathOf(running);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      running.kill(signal);
      expect((await running.exited)[1]).toBe(signal);
      expect(existsSync(dirname(path))).toBe(false);
    },
  );

  test.each([
    ['an error that nobody caught', 'setTimeout(() => { throw new Error("crash"); }, 200);'],
    ['a promise that nobody caught', 'setTimeout(() => Promise.reject(new Error("crash")), 200);'],
    ['an exit', 'setTimeout(() => process.exit(3), 200);'],
  ])('is gone after %s', async (_, then) => {
    const running = child(then);
    const path = await pathOf(running);
    await running.exited;
    expect(existsSync(dirname(path))).toBe(false);
  });

  test('of a killed process is removed by the next, and that of a running one is not', async () => {
    const [killed, running] = [child(WAIT), child(WAIT)];
    const [left, kept] = await Promise.all([pathOf(killed), pathOf(running)]);
    killed.kill('SIGKILL');
    await killed.exited;
    expect(existsSync(left)).toBe(true);
    const next = child('');
    await pathOf(next);
    expect(existsSync(dirname(left))).toBe(false);
    expect(existsSync(kept)).toBe(true);
    running.kill('SIGTERM');
    await running.exited;
  });

  test('two in one process both go at a signal, and the process ends', async () => {
    const running = child(`process.stdout.write(emulatedKeyFile(${KEY}).path + '\\n'); ${WAIT}`, 2);
    const paths = await running.pathsOf;
    running.kill('SIGHUP');
    await running.exited;
    for (const path of paths) expect(existsSync(dirname(path))).toBe(false);
  });
});
