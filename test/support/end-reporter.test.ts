import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const REPORTER = JSON.stringify(pathToFileURL('test/support/end-reporter.js').href);

/** How a process ends that holds this when its run is complete. */
async function ended(holding: string, config = '{}') {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import EndReporter from ${REPORTER};
       ${holding}
       new EndReporter(${config}, { mostMs: 300 }).onRunComplete();`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

describe('EndReporter', () => {
  test('a process that something keeps alive after the run is ended, fails, and says what is open', async () => {
    const { code, stderr } = await ended('setInterval(() => {}, 1_000);');
    expect(code).toBe(1);
    expect(stderr).toMatch(/has not ended for 0\.3 s: a suite left something open \(.*Timeout.*\)/);
  });

  test('a process that can end does so by itself, with its own exit code', async () => {
    expect(await ended('process.exitCode = 7;')).toEqual({ code: 7, stderr: '' });
  });

  test('a watch goes on', async () => {
    const held = 'setTimeout(() => {}, 1_500);';
    for (const config of ['{ watch: true }', '{ watchAll: true }'])
      expect(await ended(held, config)).toEqual({ code: 0, stderr: '' });
  });
});
