import { type Command, Option } from 'commander';
import { generate } from '../../../pipelines/lanes/generate.ts';
import { demoSettings } from '../../config/demo-settings.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { existing, integerWithin } from '../usage.ts';

interface Flags {
  readonly minutes?: number;
  readonly seed?: string;
  readonly config?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** Adds `voltage generate`. */
export function addGenerate(program: Command): void {
  program
    .command('generate')
    .description(
      'write a tape of the emulated venues, the same for the same seed, to replay with backtest (SIMULATED)',
    )
    .addOption(
      new Option('--minutes <n>', 'length in minutes (default: 61)').argParser(integerWithin(1, 1_440)),
    )
    .option('--seed <text>', 'another market; the same seed gives the same tape')
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existing))
    .requiredOption('--out <file>', 'the tape, such as emulated.tape.gz')
    .option('--json', 'print the result as one line of JSON')
    .action(async ({ minutes, seed, config, out, json = false }: Flags) => {
      const { emulator, assets } = config === undefined ? demoSettings : readSettings(config);
      const { frames } = await generate(
        {
          ...emulator,
          ...(minutes !== undefined && { spanMinutes: minutes }),
          ...(seed !== undefined && { seed }),
        },
        assets,
        out,
      );
      printResult({ notice: 'SIMULATED', out, frames }, json, [
        `SIMULATED: wrote ${frames} frames to ${out}`,
      ]);
    });
}
