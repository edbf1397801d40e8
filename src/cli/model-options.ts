import { type Command, Option } from 'commander';
import { RUNTIMES, type Runtime } from '../forecast/runtime.ts';
import { existing } from './usage.ts';

/** Which models to use, as flags. */
export interface ModelFlags {
  readonly model?: string;
  readonly models?: string;
  readonly runtime?: Runtime;
  readonly fallback?: boolean;
}

/** `--runtime`: never chosen by what is installed, since answers differ in the last digits and with them a replay's decisions. */
export const runtimeOption = (): Option =>
  new Option(
    '--runtime <name>',
    'what PatchTST runs on; tfjs needs @tensorflow/tfjs-node (default: onnx)',
  ).choices(RUNTIMES);

/** Adds `--model`, `--models`, `--runtime` and `--fallback` to a lane's command. */
export const addModelOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--model <json>', 'forecast with this backbone alone, without the trained models').argParser(
        existing,
      ),
    )
    .addOption(new Option('--models <json>', 'manifest of trained models (default: the shipped ones)'))
    .addOption(runtimeOption().conflicts('model'))
    .addOption(
      new Option(
        '--fallback',
        'run on the shipped backbone where the trained models cannot be used; every decision says so',
      ),
    );
