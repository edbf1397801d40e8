import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { type ConsoleFlags, withConsoleOptions } from '../../src/cli/console-options.ts';
import { openConsole } from '../../src/cli/open-console.ts';
import { settings } from '../console/session.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a lane without a console', () => {
  test.each([
    ['--no-console', true, ['--no-console']],
    ['--no-console beside a port', true, ['--no-console', '--console-port', '0']],
    ['console.on: false', false, ['--console-port', '0']],
  ])('is what %s asks for', async (_, on, words) => {
    const told: string[] = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      told.push(String(text));
      return true;
    });
    const flags = withConsoleOptions(new Command()).parse(words, { from: 'user' }).opts<ConsoleFlags>();
    const open = (given: ConsoleFlags, isOn: boolean) =>
      openConsole({
        lane: { mark: 'SIMULATED', name: 'test', speed: 1 },
        settings: { ...settings, console: { ...settings.console, on: isOn } },
        flags: given,
      });
    const none = await open(flags, on);
    expect(none.address).toBeUndefined();
    expect(none.snapshot).toBeUndefined();
    expect(told).toEqual([]);
    // It takes what a lane tells all the same.
    none.tap({ seq: 1, event: { kind: 'gap', at: 1 } as never });
    await none.close();

    // The same lane with one tells its address.
    const one = await open({ consolePort: 0 }, true);
    expect(one.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{48}$/);
    expect(told.join('')).toContain(one.address);
    await one.close();
  });
});
