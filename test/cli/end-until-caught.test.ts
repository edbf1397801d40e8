import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const module = (name: string): string => JSON.stringify(pathToFileURL(`dist/src/cli/${name}.js`).href);

/** Runs a script in a process of its own, sends the signal at its first line, and gives what it said and how it ended. */
async function interrupted(script: string, signal: NodeJS.Signals) {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { begun, caught, endUntilCaught } from ${module('end-until-caught')};
       import { interrupts } from ${module('interrupts')};
       const busy = setInterval(() => {}, 1_000);
       endUntilCaught();
       ${script}
       process.stdout.write('ready\\n');`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(child.stdout, 'data');
  child.kill(signal);
  const [code] = (await once(child, 'close')) as [number | null];
  return { said, code };
}

describe('endUntilCaught', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s while a command is loaded says that nothing had begun, and ends with %d',
    async (signal, code) =>
      expect(await interrupted('', signal)).toEqual({
        said: `voltage: interrupted by ${signal}; nothing had begun\n`,
        code,
      }),
  );

  test('a command that catches no signal is named, once it has begun', async () =>
    expect(await interrupted("begun('dataset');", 'SIGINT')).toEqual({
      said: 'voltage: interrupted by SIGINT; dataset had begun and did not end\n',
      code: 130,
    }));

  test('a command that catches signals itself ends as it chooses', async () =>
    expect(
      await interrupted(
        'interrupts().subscribe(() => { clearInterval(busy); process.exitCode = 7; });',
        'SIGINT',
      ),
    ).toEqual({ said: '', code: 7 }));
});
