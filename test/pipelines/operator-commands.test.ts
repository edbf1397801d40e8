import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { operatorCommands } from '../../pipelines/edges/operator-commands.ts';
import type { CommandFrame } from '../../src/domain/frame.ts';

const AT = 1_778_504_400_000_000;

function listening() {
  const input = new PassThrough();
  const frames: CommandFrame[] = [];
  const problems: string[] = [];
  let ended = '';
  let at = AT;
  const running = operatorCommands(
    input,
    () => at++,
    (why) => problems.push(why),
  ).subscribe({
    next: (frame) => frames.push(frame),
    error: () => {
      ended = 'error';
    },
    complete: () => {
      ended = 'complete';
    },
  });
  return { input, frames, problems, ended: () => ended, running };
}

describe('operatorCommands', () => {
  test('each line is a command, stamped when it came, with the reason in the operator’s own words', async () => {
    const { input, frames, problems } = listening();
    input.write('halt  spreads look\todd\nres');
    await turn();
    expect(frames).toEqual([{ kind: 'command', at: AT, command: 'halt', reason: 'spreads look odd' }]);
    input.write('ume\r\n\n   \n');
    await turn();
    expect(frames.slice(1)).toEqual([{ kind: 'command', at: AT + 1, command: 'resume', reason: '' }]);
    expect(problems).toEqual([]);
  });

  test('a line that is no command is told with what would be one, and harms none that follows', async () => {
    const { input, frames, problems } = listening();
    input.write(`HALT now\nstop\n${'x'.repeat(5_000)}\nhalt\n`);
    await turn();
    expect(problems).toHaveLength(3);
    expect(problems[0]).toBe(
      'a command must be halt or reduce or resume or flatten or resolve and a reason, was "HALT now"',
    );
    expect(problems.every((why) => why.length < 160)).toBe(true);
    expect(frames.map(({ command }) => command)).toEqual(['halt']);
  });

  test('a resolve names its ticker, or is no command', async () => {
    const { input, frames, problems } = listening();
    input.write('resolve KXBTCD-A seen at the venue\nresolve\n');
    await turn();
    expect(frames).toMatchObject([{ command: 'resolve', reason: 'KXBTCD-A seen at the venue' }]);
    expect(problems).toEqual([
      'resolve must name the ticker whose differences are resolved: resolve TICKER REASON',
    ]);
  });

  test('the end of the input ends nothing, and its last line counts without a newline', async () => {
    const { input, frames, ended } = listening();
    input.end('halt at the end');
    await turn();
    expect(frames).toMatchObject([{ command: 'halt', reason: 'at the end' }]);
    expect(ended()).toBe('');
  });

  test('an input that breaks is told and ends nothing', async () => {
    const { input, problems, ended } = listening();
    input.destroy(new Error('EIO: i/o error, read'));
    await turn();
    expect(problems).toEqual(['commands can no longer be read: EIO: i/o error, read']);
    expect(ended()).toBe('');
  });

  test('who stops listening hears nothing more, and lets the input rest', async () => {
    const { input, frames, running } = listening();
    running.unsubscribe();
    input.write('halt\n');
    await turn();
    expect(frames).toEqual([]);
    expect(input.isPaused()).toBe(true);
  });

  test('a word that every object has is no command', async () => {
    const { input, frames, problems } = listening();
    input.write('constructor\n__proto__\nhalt,\nunhalt\n');
    await turn();
    expect([frames, problems.length]).toEqual([[], 4]);
  });
});
