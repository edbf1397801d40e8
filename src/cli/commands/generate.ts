import { type Command, Option } from 'commander';
import { generate } from '../../../pipelines/lanes/generate.ts';
import { refuseExisting } from '../../../pipelines/research/refuse-existing.ts';
import { demoSettings } from '../../config/demo-settings.ts';
import { existingFile, outFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { endInterrupted, stopSignal } from '../stop-signal.ts';
import { integerWithin } from '../usage.ts';
import { MINUTES_HELP } from '../venue-options.ts';

interface Flags {
  readonly minutes?: number;
  readonly seed?: string;
  readonly config?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds `voltage generate`. */
export function addGenerate(program: Command): void {
  program
    .command('generate')
    .addOption(
      new Option('--minutes <n>', `${MINUTES_HELP} (default: 61)`).argParser(integerWithin(1, 1_440)),
    )
    .option('--seed <text>', 'another market; the same seed gives the same tape')
    .addOption(
      new Option('--config <file>', "settings, YAML or JSON, on top of the demo's own").argParser(
        existingFile,
      ),
    )
    .addOption(
      new Option('--out <file>', 'the tape, such as emulated.tape.gz')
        .argParser(outFile)
        .makeOptionMandatory(),
    )
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print the result as one line of JSON')
    .action(async ({ minutes, seed, config, out, force, json = false }: Flags) => {
      refuseExisting('generate', out, force);
      const { emulator, assets } = readSettings(config, demoSettings);
      const { signal, stopped } = stopSignal();
      const { kind, frames } = await generate(
        {
          ...emulator,
          ...(minutes !== undefined && { spanMinutes: minutes }),
          ...(seed !== undefined && { seed }),
        },
        assets,
        out,
        stopped,
      );
      if (kind === 'interrupted') return endInterrupted(signal(), 'nothing was written');
      printResult({ notice: 'SIMULATED', out, frames }, json, [
        `SIMULATED: wrote ${frames} frames to ${out}`,
      ]);
    });
}
