import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, test } from '@jest/globals';

/** A real influxd of our own, on free loopback ports and a folder of its own. */
export interface Influxd {
  readonly url: string;
  /** Ends it at once, as a power switch would end a process. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port and data. */
  readonly start: () => Promise<void>;
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>;
}

const START_TRIES = 2_400;
const START_PAUSE_MILLIS = 50;

/** A suite on a real influxd. Without one on PATH it is skipped with the reason in its title; with `CI=true` it fails instead. */
export function describeInflux(title: string, suite: () => void): void {
  if (!spawnSync('influxd', ['version']).error) describe(title, suite);
  else if (process.env['CI'] === 'true')
    test(title, () => {
      throw new Error('influxd is not on PATH; install it with apt-get install influxdb');
    });
  else
    describe.skip(`${title} (skipped: no influxd on PATH, apt-get install influxdb)`, () =>
      test('needs influxd', suite));
}

/** Starts an influxd and waits until it answers. */
export async function influxd(): Promise<Influxd> {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-influxd-'));
  const [http, rpc] = await freePorts(2);
  const config = join(folder, 'influxd.conf');
  writeFileSync(config, configOf(folder, http ?? 0, rpc ?? 0));
  let child: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    child = spawn('influxd', ['-config', config], { stdio: 'ignore' });
    for (let tries = 0; tries < START_TRIES; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${http}/ping`).catch(() => undefined);
      if (answer?.status === 204) return;
      if (child.exitCode !== null)
        throw new Error(`influxd: ended at start, was exit code ${child.exitCode}`);
      await wait(START_PAUSE_MILLIS);
    }
    throw new Error(`influxd: no answer to /ping after ${START_TRIES * START_PAUSE_MILLIS} ms`);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `http://127.0.0.1:${http}`,
    kill,
    start,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Held open together, so that the two are not the same.
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

const configOf = (folder: string, http: number, rpc: number): string => `
reporting-enabled = false
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  index-version = "tsi1"
  wal-fsync-delay = "0s"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[logging]
  level = "error"
  suppress-logo = true
[subscriber]
  enabled = false
`;
