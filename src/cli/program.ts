import { Command } from 'commander';
import { packageVersion } from '../config/package-version.ts';
import { COMMANDS } from './commands.ts';

/**
 * The command line of `voltage` in which the named commands work and the others are only listed, so that help
 * and a short command do not wait for the modules of all. Problems with it are thrown, not printed with an end
 * of the process.
 */
export async function voltageProgram(names: readonly string[]): Promise<Command> {
  const program = new Command('voltage')
    .description("a live volatility stack for Kalshi's BTC binary contracts")
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .showHelpAfterError('(add --help for the options)');
  const known = (name: string): Command | undefined =>
    program.commands.find((command) => command.name() === name);
  const wanted = new Set(COMMANDS.filter(({ name }) => names.includes(name)).map(({ add }) => add));
  for (const { name, args = '', hidden = false, add } of COMMANDS) {
    if (known(name)) continue;
    if (wanted.has(add)) await add(program);
    else program.command(`${name} ${args}`, { hidden });
  }
  for (const { name, says } of COMMANDS) known(name)?.description(says);
  // Subcommands are made before they can inherit it.
  const inherit = (command: Command): void => {
    for (const each of command.commands) {
      each.exitOverride().showHelpAfterError('(add --help for the options)');
      inherit(each);
    }
  };
  inherit(program);
  return program;
}
