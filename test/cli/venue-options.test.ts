import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import fc from 'fast-check';
import { UsageError } from '../../src/cli/usage.ts';
import {
  afterMinutes,
  collectFaults,
  type LiveFlags,
  speedOf,
  withVenueOptions,
} from '../../src/cli/venue-options.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What a lane's command reads from `words`; a word that cannot be used throws with the text that the user is shown. */
function flagsOf(...words: readonly string[]): LiveFlags {
  let told = '';
  const command = withVenueOptions(new Command('lane'))
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        told += text;
      },
    });
  try {
    return command.parse(words, { from: 'user' }).opts<LiveFlags>();
  } catch (cause) {
    throw cause instanceof UsageError ? cause : new Error(told);
  }
}
const live = (speed: string, fields: Partial<LiveFlags> = {}): LiveFlags => ({
  venues: 'live',
  speed,
  fault: [],
  ...fields,
});

describe('flags of live lanes', () => {
  const folder = tempFolder();

  test('without any, the real venues at their own speed, no faults and no end', () =>
    expect(flagsOf()).toEqual({ venues: 'live', speed: '1', fault: [] }));

  test('all of them are read', () => {
    const file = join(folder, 'some.file');
    writeFileSync(file, '');
    expect(
      flagsOf(
        ...['--venues', 'emulated', '--tape', file, '--history', file, '--config', file],
        ...['--speed', '20', '--minutes', '5', '--json'],
      ),
    ).toEqual({
      venues: 'emulated',
      tape: file,
      history: [{ asset: undefined, path: file }],
      config: file,
      speed: '20',
      minutes: 5,
      json: true,
      fault: [],
    });
  });

  test('faults add up in the order they are given, and are not remembered by the next command', () => {
    const { fault } = flagsOf('--fault', 'drop@30s:kraken', '--fault', 'delay@10s+5s=300ms:kalshi');
    expect(fault).toEqual([
      { kind: 'drop', venue: 'kraken', atMs: 30_000, spanMs: 5_000 },
      { kind: 'delay', venue: 'kalshi', atMs: 10_000, spanMs: 5_000, value: 300 },
    ]);
    expect(flagsOf().fault).toEqual([]);
  });

  test('a fault that cannot be read is a problem of the command line, told with what was given', () => {
    expect(() => flagsOf('--fault', 'drop')).toThrow(/^--fault: .*was drop$/);
    expect(() => collectFaults('explode@1s:kraken', [])).toThrow(UsageError);
  });

  test.each([
    [['--venues', 'real'], /Allowed choices are live, emulated/],
    [['--tape', 'nowhere.tape'], /there is no nowhere\.tape/],
    [['--history', 'nowhere.csv'], /there is no nowhere\.csv/],
    [['--config', 'nowhere.yaml'], /there is no nowhere\.yaml/],
    [['--minutes', '0'], /a whole number from 1 to 100000/],
    [['--minutes', '100001'], /a whole number from 1 to 100000/],
    [['--minutes', '1.5'], /a whole number/],
    [['--minutes', ''], /a whole number/],
  ])('%j is refused with the reason', (words, reason) => expect(() => flagsOf(...words)).toThrow(reason));
});

describe('speedOf', () => {
  test.each(['0.1', '1', '20', '200'])('%s is a speed for emulated venues', (speed) =>
    expect(speedOf(live(speed, { venues: 'emulated' }))).toBe(Number(speed)),
  );

  test.each(['', 'fast', 'NaN', 'Infinity', '0', '-1', '0.099', '200.1', '1,5'])(
    '%j is none, and the message repeats it',
    (speed) => {
      expect(() => speedOf(live(speed, { venues: 'emulated' }))).toThrow(UsageError);
      expect(() => speedOf(live(speed, { venues: 'emulated' }))).toThrow(
        `--speed must be a number from 0.1 to 200, was ${speed}`,
      );
    },
  );

  test('the real market has its own, a tape can be said faster', () => {
    expect(speedOf(live('1'))).toBe(1);
    expect(() => speedOf(live('2'))).toThrow('the real market has its own');
    expect(speedOf(live('2', { tape: 'some.tape' }))).toBe(2);
  });

  test('property: every number within the limits is taken as it is, every other refused', () => {
    fc.assert(
      fc.property(fc.double({ min: -1_000, max: 1_000 }), (speed) => {
        const ask = () => speedOf(live(String(speed), { venues: 'emulated' }));
        if (speed >= 0.1 && speed <= 200) expect(ask()).toBe(speed);
        else expect(ask).toThrow(UsageError);
      }),
    );
  });
});

describe('--minutes', () => {
  const START = 1_700_000_000 * SECOND;

  test('property: they are of the market at its speed, and time that a clock jumps over does not count', () => {
    const jump = fc.record({
      atMs: fc.integer({ min: 0, max: 70_000 }),
      seconds: fc.integer({ min: 2_000, max: 90_000 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 20, 200),
        fc.array(jump, { maxLength: 3 }),
        (minutes, speed, jumps) => {
          const clock = tapeScheduler(START);
          const jumped = (): number =>
            jumps.reduce(
              (sum, { atMs, seconds }) => (clock.at - START > atMs * 1_000 ? sum + seconds * SECOND : sum),
              0,
            );
          const stamp = (): number => START + (clock.at - START) * speed + jumped();
          let endedAt = Number.NaN;
          const running = afterMinutes(minutes, { clock, stamp }, speed).subscribe(() => {
            endedAt = clock.at;
          });
          clock.runTo(START + 4 * MINUTE);
          running.unsubscribe();
          // Looks are 20 ms apart, and the one that finds a jump counts nothing.
          const leastMicros = (minutes * MINUTE) / speed;
          expect(endedAt - START).toBeGreaterThanOrEqual(leastMicros);
          expect(endedAt - START).toBeLessThanOrEqual(leastMicros + (1 + jumps.length) * 20_000);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('without a number it never ends, and keeps no timer', () => {
    const clock = tapeScheduler(START);
    let ended = false;
    afterMinutes(undefined, { clock, stamp: () => clock.at }, 1).subscribe(() => {
      ended = true;
    });
    expect([clock.pending(), ended]).toEqual([0, false]);
  });
});
