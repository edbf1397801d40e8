import { type Command, Option } from 'commander';
import { integerWithin } from './usage.ts';

/** What a command line says of the console. */
export interface ConsoleFlags {
  readonly console?: boolean;
  readonly consolePort?: number;
}

/** Adds `--console-port` and `--no-console`. */
export const withConsoleOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--console-port <port>',
        'where the console listens; 0 is any free port (default: 7007, or a free one)',
      ).argParser(integerWithin(0, 65_535)),
    )
    .option('--no-console', 'serve no console');
