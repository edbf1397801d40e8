import { describe, test } from '@jest/globals';
import type { Heard } from '../../pipelines/edges/supervision.ts';
import { watchdogWords } from '../../pipelines/edges/watchdog-words.ts';
import { timedMarbles } from '../support/marble-clock.ts';

const heard: Readonly<Record<string, Heard>> = {
  a: { kind: 'beat', beat: 1, groups: [] },
  y: { kind: 'bye' },
};
const words = { R: 'READY=1', W: 'WATCHDOG=1' };

describe('what a service manager hears of a lane', () => {
  test.each([
    ['that it is watched, before any beat', '-', 'R'],
    ['its first beat at once, and then no more than one in its span', '-aaaaaaaaaaaa', 'RW-----W-----'],
    ['nothing while it is silent, and the next beat at once', '-a-----------a', 'RW-----------W'],
    ['nothing of a word that is no beat', '-y', 'R-'],
    ['nothing after its words broke', '-a-#', 'RW-|'],
  ])('%s', (_, said, told) => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      expectObservable(watchdogWords(hot(said, heard), clock, 5), '14ms !').toBe(told, words);
    });
  });

  test('is that it is watched, and no more, where it does not ask for beats', () => {
    timedMarbles(({ hot, expectObservable }, clock) => {
      expectObservable(watchdogWords(hot('-aa', heard), clock, undefined), '14ms !').toBe('R', words);
    });
  });
});
