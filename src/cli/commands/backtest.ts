import { type Command, Option } from 'commander';
import { backtest } from '../../../pipelines/lanes/backtest.ts';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import { describeRun } from '../describe-run.ts';
import { addModelOptions, type ModelFlags } from '../model-options.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { existing } from '../usage.ts';

interface Flags extends ModelFlags {
  readonly history?: string;
  readonly settled?: string;
  readonly config?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Adds `voltage backtest`. */
export function addBacktest(program: Command): void {
  addModelOptions(
    program
      .command('backtest')
      .description('replay recorded tapes through the graph; the same tapes give the same decisions'),
  )
    .argument(
      '<tapes...>',
      'tape files, or folders of them',
      (path, before: readonly string[] | undefined) => [...(before ?? []), existing(path)],
    )
    .addOption(
      new Option('--history <csv>', 'one-minute bars that warm the forecast (.csv or .csv.gz)').argParser(
        existing,
      ),
    )
    .addOption(new Option('--settled <csv>', 'settlements, for tapes without the index').argParser(existing))
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existing))
    .option('--out <folder>', 'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there')
    .option('--json', 'print the summary as one line of JSON')
    .action(async (tapes: string[], flags: Flags) => {
      const settings = readSettings(flags.config);
      const bar = progress('backtest');
      const telemetry = openTelemetry('backtest', settings);
      try {
        const summary = await backtest({
          tapes,
          history: flags.history ?? settings.backtest.history,
          settled: flags.settled ?? settings.backtest.settled,
          out: flags.out,
          settings,
          openForecaster: (at) => openForecaster(flags, at),
          tap: telemetry.tap,
          progress: (done, total, frames) => bar.update(done, total, `${frames} frames`),
        });
        bar.stop();
        printResult(summary, flags.json ?? false, describeRun(summary));
      } finally {
        bar.stop();
        await telemetry.close();
      }
    });
}
