import { describe, expect, test } from '@jest/globals';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { COMMANDS } from '../../src/cli/commands.ts';
import { voltageProgram } from '../../src/cli/program.ts';
import {
  type CommandLine,
  callsInCompose,
  callsInContainerFile,
  callsInPage,
  callsInText,
  callsInUnit,
  shellWords,
} from './command-lines.ts';

/** The program as it is, except that no command does anything and no file must be there. */
async function idle(): Promise<Command> {
  const quiet = (command: Command): void => {
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
    for (const each of [...command.options, ...command.registeredArguments]) {
      const { parseArg } = each;
      if (parseArg === undefined) continue;
      each.parseArg = <T>(value: string, previous: T): T => {
        try {
          return parseArg(value, previous);
        } catch (cause) {
          // An example's files are the reader's, not ours.
          if (cause instanceof InvalidArgumentError && cause.message.startsWith('there is no '))
            return previous;
          throw cause;
        }
      };
    }
    if (command.commands.length === 0) command.action(() => {});
    command.commands.forEach(quiet);
  };
  const program = await voltageProgram(COMMANDS.map(({ name }) => name));
  quiet(program);
  return program;
}

/** Why the program refuses the words; undefined if it takes them. */
async function refusal(words: readonly string[]): Promise<string | undefined> {
  try {
    (await idle()).parse([...words], { from: 'user' });
    return undefined;
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? undefined : cause.message;
    throw cause;
  }
}

const DEPLOYED: readonly CommandLine[] = [
  ...callsInUnit('deploy/systemd/voltage.service'),
  ...callsInUnit('deploy/systemd/voltage-halt.service'),
  ...callsInContainerFile('deploy/container/Dockerfile'),
  ...callsInCompose('deploy/compose.yaml'),
];
const WRITTEN: readonly CommandLine[] = [...callsInPage('docs/live.md'), ...callsInPage('README.md')];

describe('the commands that deploy/ and the pages call', () => {
  test.each([...DEPLOYED, ...WRITTEN].map(({ file, words }) => [file, words.join(' '), words] as const))(
    '%s: voltage %s is taken by the program',
    async (_, __, words) => {
      expect(await refusal(words)).toBeUndefined();
    },
  );

  test.each([...new Map(callsInText('docs/live.md').map(({ words }) => [words.join(' '), words]))])(
    'docs/live.md names voltage %s, which is a command with these options',
    async (_, words) => {
      expect(await refusal([...words.filter((word) => word !== '--help'), '--help'])).toBeUndefined();
      let command: Command | undefined = await idle();
      const names = words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('--'));
      for (const name of names) command = command.commands.find((each) => each.name() === name) ?? command;
      expect(command.name()).toBe(names.at(-1));
      const flags = command.options.map(({ long }) => long);
      expect(words.filter((word) => word.startsWith('--')).filter((word) => !flags.includes(word))).toEqual(
        [],
      );
    },
  );

  test('help shows the arguments of each command as the command takes them', async () => {
    const shown = new Map(COMMANDS.map(({ name, args = '' }) => [name, args]));
    for (const command of (await idle()).commands) {
      const taken = command.registeredArguments.map((each) => {
        const name = `${each.name()}${each.variadic ? '...' : ''}`;
        return each.required ? `<${name}>` : `[${name}]`;
      });
      expect([command.name(), taken.join(' ')]).toEqual([command.name(), shown.get(command.name())]);
    }
  });

  test('every file has the calls that it is there for', () => {
    expect(DEPLOYED.map(({ words: [first] }) => first)).toEqual(['live', 'halt', 'status', 'demo', 'live']);
    const written = new Set(WRITTEN.map(({ words: [first] }) => first));
    for (const name of ['demo', 'doctor', 'live', 'status', 'limits', 'halt', 'resume', 'journal', 'paper'])
      expect(written).toContain(name);
  });

  test('the program refuses what it does not know, so the claims above can fail', async () => {
    expect(await refusal(['nobody'])).toContain('unknown command');
    expect(await refusal(['doctor', '--nobody'])).toContain('unknown option');
    expect(await refusal(['halt'])).toContain('--reason');
    expect(await refusal(['journal', 'verify'])).toContain('missing required argument');
    expect(await refusal(['doctor', '--live', '--config', 'nowhere.yaml'])).toBeUndefined();
  });
});

describe('shellWords', () => {
  test('quotes hold a word together, and a comment or an operator ends the line', () => {
    expect(shellWords('halt --reason "first try" # why')).toEqual(['halt', '--reason', 'first try']);
    expect(shellWords('status --json || exit 1')).toEqual(['status', '--json']);
    expect(shellWords("a 'b # c' d")).toEqual(['a', 'b # c', 'd']);
  });
});
