import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();

/**
 * A program in the place of `voltage`: it starts a supervisor of its own session, says so, and ends as its
 * word says. The supervisor outlives it by a second and then writes `done`.
 */
const PROGRAM = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const [, main, word] = process.argv;
const done = main + '.done';
if (word === 'supervise') setTimeout(() => writeFileSync(done, 'yes'), 1000);
else {
  if (word !== 'alone') spawn(process.execPath, [main, 'supervise'], { detached: true, stdio: 'ignore' }).unref();
  if (word === 'wait') {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
      process.on(signal, () => { writeFileSync(main + '.signal', signal); process.exit(7); });
    // Nothing is left behind where no signal comes.
    setTimeout(() => process.exit(9), 30_000);
    process.stdout.write('ready\\n');
  } else if (word === 'dies') process.kill(process.pid, 'SIGKILL');
  else process.exitCode = 3;
}
`;

const program = (): string => {
  const main = join(mkdtempSync(join(folder, 'p-')), 'main.mjs');
  writeFileSync(main, PROGRAM);
  return main;
};
const environmentOf = (main: string, patience = '60') => ({
  ...process.env,
  VOLTAGE_MAIN: main,
  SUPERVISOR_PATIENCE_S: patience,
});
const run = (main: string, word: string, patience?: string) =>
  spawnSync('sh', ['deploy/container/first-process.sh', word], { env: environmentOf(main, patience) });

describe('the container’s first process', () => {
  test('ends with the lane’s own code, and after the supervisor', () => {
    const main = program();
    expect(run(main, 'ends').status).toBe(3);
    expect(existsSync(`${main}.done`)).toBe(true);
  });

  test('waits for the supervisor of a lane that was killed', () => {
    const main = program();
    expect(run(main, 'dies').status).toBe(128 + 9);
    expect(existsSync(`${main}.done`)).toBe(true);
  });

  test('does not wait where there is no supervisor, nor longer than its patience', () => {
    expect(run(program(), 'alone').status).toBe(3);
    const main = program();
    expect(run(main, 'ends', '0').status).toBe(3);
    expect(existsSync(`${main}.done`)).toBe(false);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hands %s on and waits for what the lane makes of it',
    async (signal) => {
      const main = program();
      const shell = spawn('sh', ['deploy/container/first-process.sh', 'wait'], {
        env: environmentOf(main),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise<number | null>((resolve) => shell.once('exit', resolve));
      await new Promise((resolve) => shell.stdout.once('data', resolve));
      shell.kill(signal);
      expect(await ended).toBe(7);
      expect(readFileSync(`${main}.signal`, 'utf8')).toBe(signal);
      expect(existsSync(`${main}.done`)).toBe(true);
    },
  );
});
