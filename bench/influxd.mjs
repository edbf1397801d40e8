import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Of `/proc`, on every Linux that we know of. */
const TICKS_A_SECOND = 100;

/** A port of the loopback that nobody has. */
export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A real influxd of its own, with its files in a temporary folder. */
export async function startInfluxd() {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-bench-influxd-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(folder, 'influxd.conf');
  writeFileSync(
    config,
    `reporting-enabled = false
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[logging]
  level = "error"
[subscriber]
  enabled = false
`,
  );
  const child = spawn('influxd', ['-config', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${http}`;
  for (let tries = 0; tries < 1200; tries += 1) {
    if ((await fetch(`${url}/ping`).catch(() => undefined))?.status === 204) break;
    await wait(50);
  }
  return {
    url,
    /** CPU that it took so far, of all its threads; undefined where the system does not say. */
    cpuSeconds: () => {
      try {
        // After the name, which may hold spaces, user and system time are the 12th and 13th field.
        const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
      } catch {
        return undefined;
      }
    },
    stop: async () => {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
