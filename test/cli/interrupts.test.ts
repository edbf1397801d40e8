import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as waited } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';

/** Longer than the time within which a second signal is the first one come twice. */
const A_SECOND_WISH_MS = 600;

const running = new Set<ChildProcessByStdio<null, Readable, Readable>>();
afterEach(async () => {
  for (const child of running) {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    child.kill('SIGKILL');
    await gone;
  }
  running.clear();
});

const MODULE = pathToFileURL('dist/src/cli/interrupts.js').href;
const SETUP = `import { interrupts } from ${JSON.stringify(MODULE)};
const say = (text) => process.stdout.write(text + '\\n');
const stop$ = interrupts();
const listen = (who) => stop$.subscribe({ next: (signal) => say(who + ' ' + signal), complete: () => say(who + ' complete') });
const busy = setInterval(() => {}, 1_000);
`;

/**
 * A process of its own, since signals and exit codes are those of a process: runs `script` after the set-up
 * and says lines.
 */
function started(script: string) {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', `${SETUP}${script}\nsay('ready');`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  let problem = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem += text;
  });
  const closed = once(child, 'close');
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    lines: async (count: number): Promise<readonly string[]> => {
      const lines: string[] = [];
      while (lines.length < count) {
        const { done, value } = await said.next();
        if (done) throw new Error(`interrupts.test: ended after ${lines.length} lines; stderr: ${problem}`);
        lines.push(value as string);
      }
      return lines;
    },
    ended: async (): Promise<{ readonly code: number | null; readonly signal: string | null }> => {
      const [code, signal] = (await closed) as [number | null, string | null];
      return { code, signal };
    },
  };
}

describe('interrupts', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'the first %s is told once and the process goes on, so that a lane can end cleanly',
    async (signal) => {
      const { kill, lines, ended } = started(
        `stop$.subscribe({ complete: () => setTimeout(() => { say('clean'); clearInterval(busy); process.exitCode = 7; }, 1) });
         listen('lane');`,
      );
      expect(await lines(1)).toEqual(['ready']);
      kill(signal);
      expect(await lines(3)).toEqual([`lane ${signal}`, 'lane complete', 'clean']);
      // Its listeners would keep no process: it ends once its work has, with the code it chose.
      expect(await ended()).toEqual({ code: 7, signal: null });
    },
  );

  test.each([
    ['SIGINT', 'SIGINT', 130],
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGINT', 'SIGHUP', 129],
    ['SIGHUP', 'SIGINT', 130],
  ] as const)(
    'after %s the second signal, %s, ends the process at once with %d',
    async (first, second, code) => {
      const { kill, lines, ended } = started(`listen('lane');`);
      await lines(1);
      kill(first);
      expect(await lines(2)).toEqual([`lane ${first}`, 'lane complete']);
      await waited(A_SECOND_WISH_MS);
      kill(second);
      expect(await ended()).toEqual({ code, signal: null });
    },
  );

  test('a signal that npm or its shell passes on after the terminal is the same wish: the lane still ends cleanly', async () => {
    // Its time stands still, so that the second signal comes within the same half second however busy the machine is.
    const { kill, lines, ended } = started(
      `performance.now = () => 1_000;
       process.on('SIGTERM', () => { say('again'); clearInterval(busy); process.exitCode = 7; });
       stop$.subscribe(() => say('first'));`,
    );
    await lines(1);
    kill('SIGINT');
    expect(await lines(1)).toEqual(['first']);
    kill('SIGTERM');
    expect(await lines(1)).toEqual(['again']);
    expect(await ended()).toEqual({ code: 7, signal: null });
  });

  test('a signal during start-up is not lost: who subscribes later is told at once', async () => {
    const { kill, lines } = started(
      `process.once('SIGINT', () => { say('signalled'); listen('late'); listen('later'); });`,
    );
    await lines(1);
    kill('SIGINT');
    expect(await lines(5)).toEqual([
      'signalled',
      'late SIGINT',
      'late complete',
      'later SIGINT',
      'later complete',
    ]);
  });

  test('every subscriber is told but the one that left', async () => {
    const { kill, lines } = started(`listen('a'); const b = listen('b'); listen('c'); b.unsubscribe();`);
    await lines(1);
    kill('SIGTERM');
    expect(await lines(4)).toEqual(['a SIGTERM', 'a complete', 'c SIGTERM', 'c complete']);
  });

  test('without a subscriber the first signal still does not end the process, the second does', async () => {
    const { kill, lines, ended } = started(`process.once('SIGINT', () => say('alive'));`);
    await lines(1);
    kill('SIGINT');
    expect(await lines(1)).toEqual(['alive']);
    await waited(A_SECOND_WISH_MS);
    kill('SIGINT');
    expect(await ended()).toEqual({ code: 130, signal: null });
  });
});
