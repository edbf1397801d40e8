import { type Command, Option } from 'commander';
import { backtest } from '../../../pipelines/lanes/backtest.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import {
  type AssetFile,
  assetsOption,
  collectAssetFiles,
  filesByAsset,
  withChosenAssets,
} from '../asset-options.ts';
import { describeRun } from '../describe-run.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { recordedSettings } from '../recorded-settings.ts';
import { existing } from '../usage.ts';

interface Flags extends ModelFlags {
  readonly assets?: readonly string[];
  readonly history?: readonly AssetFile[];
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
      new Option(
        '--history <[asset=]csv>',
        'one-minute bars that warm the forecast (.csv or .csv.gz); repeatable',
      ).argParser(collectAssetFiles),
    )
    .addOption(assetsOption())
    .addOption(new Option('--settled <csv>', 'settlements, for tapes without the index').argParser(existing))
    .addOption(
      new Option(
        '--config <file>',
        'settings, YAML or JSON (default: those that a recording kept beside its tapes)',
      ).argParser(existing),
    )
    .option('--out <folder>', 'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there')
    .option('--json', 'print the summary as one line of JSON')
    .action(async (tapes: string[], flags: Flags) => {
      const kept = flags.config === undefined ? await recordedSettings(tapes) : undefined;
      if (kept !== undefined) process.stderr.write(`settings of the recording: ${kept}\n`);
      const settings = withModels(withChosenAssets(readSettings(flags.config ?? kept), flags.assets), flags);
      const { history } = settings.backtest;
      const files = flags.history ?? (history === undefined ? [] : [{ asset: undefined, path: history }]);
      const bar = progress('backtest');
      const telemetry = openTelemetry('backtest', settings);
      try {
        const summary = await backtest({
          tapes,
          history: [...filesByAsset('--history', files, settings)].map(([asset, path]) => ({ asset, path })),
          settled: flags.settled ?? settings.backtest.settled,
          out: flags.out,
          settings,
          openForecasters: async (at) => (await openForecasters(settings.assets, flags, at)).of,
          tap: ({ event }) => telemetry.tap(event),
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
