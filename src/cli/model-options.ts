import { type Command, Option } from 'commander';
import { existing } from './usage.ts';

/** Which models to use, as flags. */
export interface ModelFlags {
  readonly model?: string;
  readonly models?: string;
  readonly fallback?: boolean;
}

/** Adds `--model`, `--models` and `--fallback` to a lane's command. */
export const addModelOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--model <json>', 'forecast with this backbone alone, without the trained models').argParser(
        existing,
      ),
    )
    .addOption(new Option('--models <json>', 'manifest of trained models (default: the shipped ones)'))
    .addOption(
      new Option(
        '--fallback',
        'run on the shipped backbone where the trained models cannot be used; every decision says so',
      ),
    );
