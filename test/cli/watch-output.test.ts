import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const module = (name: string): string => JSON.stringify(pathToFileURL(`dist/src/cli/${name}.js`).href);

describe('watchOutput', () => {
  test.each(['stdout', 'stderr'] as const)(
    'a lane whose %s nobody reads any more is told once, as by a SIGHUP, and ends in order',
    async (name) => {
      const child = spawn(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `import { watchOutput } from ${module('watch-output')};
           import { interrupts } from ${module('interrupts')};
           watchOutput();
           const saying = setInterval(() => process.${name}.write('a line\\n'), 5);
           let told = 0;
           interrupts().subscribe((signal) => { told += signal === 'SIGHUP' ? 1 : 100; setTimeout(() => { clearInterval(saying); process.exitCode = 40 + told; }, 700); });`,
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const exited = once(child, 'exit');
      await once(child[name], 'data');
      child[name].destroy();
      expect(await exited).toEqual([41, null]);
    },
  );

  test('a command that no signal would stop goes on without its output, and keeps its exit code', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { watchOutput } from ${module('watch-output')};
         watchOutput();
         const saying = setInterval(() => process.stdout.write('a line\\n'), 5);
         process.stdin.resume().once('end', () => setTimeout(() => { clearInterval(saying); process.exitCode = 3; }, 300));`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    // Its time begins only now, however long the machine took.
    child.stdin.end();
    expect(await exited).toEqual([3, null]);
  });
});
