import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const root = tempFolder();

let running: Started | undefined;
afterEach(() => running?.end());

const isFree = (port: number): Promise<boolean> =>
  new Promise((answer) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      answer(false);
    });
    socket.on('error', () => answer(true));
  });

/** Resolves once both ports are free: npm goes a moment before the command that it started. */
const freed = (ports: readonly number[]): Promise<void> =>
  until('a free port', async () => (await Promise.all(ports.map(isFree))).every(Boolean));

/** Starts `emulate` by `command` and gives its ports once it serves. */
async function emulating(command: readonly [string, ...string[]]): Promise<readonly number[]> {
  running = startVoltage(['emulate'], command);
  const { krakenRest, kalshiRest } = JSON.parse(await running.firstLine) as Record<
    'krakenRest' | 'kalshiRest',
    string
  >;
  return [krakenRest, kalshiRest].map((address) => Number(new URL(address).port));
}

describe('a signal to the process that was started', () => {
  test.each([
    ['bin/voltage.mjs', 'SIGTERM'],
    ['bin/voltage.mjs', 'SIGINT'],
    ['npm run voltage', 'SIGTERM'],
    ['npm run voltage', 'SIGINT'],
  ] as const)('ends %s emulate at %s with exit 0 and frees its ports', async (how, signal) => {
    const ports = await emulating(
      how === 'bin/voltage.mjs' ? [process.execPath, how] : ['npm', 'run', '--silent', 'voltage', '--'],
    );
    expect(await Promise.all(ports.map(isFree))).toEqual([false, false]);
    running?.kill(signal);
    expect((await running?.ended)?.code).toBe(0);
    await freed(ports);
  });

  test('ends npx voltage emulate at SIGTERM and frees its ports, though the shell between them passes nothing on', async () => {
    const ports = await emulating([
      'npx',
      '--offline',
      '--cache',
      mkdtempSync(join(root, 'npx-')),
      'voltage',
    ]);
    running?.kill('SIGTERM');
    await freed(ports);
  });
});

describe('bin/voltage.mjs in a fresh clone', () => {
  /** What git and `npm ci` give of a clone that the command needs. */
  function clone(): string {
    const folder = mkdtempSync(join(root, 'clone-'));
    for (const name of [
      'bin',
      'console',
      'pipelines',
      'scripts',
      'src',
      'package.json',
      'tsconfig.json',
      'tsconfig.build.json',
    ])
      cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    return folder;
  }
  const run = (folder: string) =>
    spawnSync(process.execPath, [join(folder, 'bin/voltage.mjs'), '--help'], { encoding: 'utf8', cwd: root });

  test('builds once before the first run, from any folder, and again when a source is newer', () => {
    const folder = clone();
    const first = run(folder);
    expect(first.stderr).toBe('voltage: building\n');
    expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('demo') });
    expect(run(folder)).toMatchObject({ status: 0, stdout: first.stdout, stderr: '' });
    const later = Date.now() / 1_000 + 5;
    utimesSync(join(folder, 'src/cli/main.ts'), later, later);
    expect(run(folder).stderr).toBe('voltage: building\n');
  });

  test('sources that do not compile are refused with what the compiler says, each time', () => {
    const folder = clone();
    writeFileSync(join(folder, 'src/cli/broken.ts'), 'export const broken: number = "text";\n');
    for (let time = 0; time < 2; time++) {
      const { status, stdout, stderr } = run(folder);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/the sources do not compile[\s\S]*src\/cli\/broken\.ts/);
    }
  });

  test('without a build and without a compiler it says what to run', () => {
    const folder = clone();
    rmSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, 'node_modules'));
    expect(run(folder)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: `voltage: there is no build, and no compiler to make one; run \`npm ci\` in ${folder}/\n`,
    });
  });
});
