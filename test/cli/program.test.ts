import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands.ts';
import { voltageProgram } from '../../src/cli/program.ts';

describe('the program', () => {
  test('lists every command in one order, whichever of them is loaded', async () => {
    const names = COMMANDS.map(({ name }) => name);
    expect((await voltageProgram([])).commands.map((command) => command.name())).toEqual(names);
    const program = await voltageProgram(['status']);
    expect(program.commands.map((command) => command.name())).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(program.commands.map((command) => command.description())).toEqual(
      COMMANDS.map(({ says }) => says),
    );
  });

  test('a command that is called is loaded, with those of its module, and no other is', async () => {
    const program = await voltageProgram(['resume', 'account']);
    const loaded = program.commands.filter((command) => command.options.length > 0);
    expect(loaded.map((command) => command.name())).toEqual([
      'status',
      'limits',
      'halt',
      'resume',
      'cancel-all',
      'reconcile',
      'resolve',
      'flatten',
    ]);
  });

  test('a word that is no command loads nothing and is refused with the nearest name', async () => {
    const program = await voltageProgram(['bactest']);
    program.configureOutput({ writeErr: () => {} });
    await expect(program.parseAsync(['bactest'], { from: 'user' })).rejects.toThrow(/Did you mean backtest/);
  });

  test('help does not name the command that only a live lane starts', async () => {
    const help = (await voltageProgram([])).helpInformation();
    expect(help).toContain('halt');
    expect(help).not.toContain('supervise');
  });
});
