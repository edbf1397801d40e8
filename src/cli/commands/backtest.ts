import { type Command, Option } from 'commander';
import { backtest } from '../../../pipelines/lanes/backtest.ts';
import { type Forecasters, openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { modelDifferences } from '../../../pipelines/run/keep-models.ts';
import {
  type AssetFile,
  assetsOption,
  collectAssetFiles,
  filesByAsset,
  withChosenAssets,
} from '../asset-options.ts';
import { describeRun } from '../describe-run.ts';
import { configuredFile, existingFile, existingTape, outFile, outFolder } from '../existing-file.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { openTelemetry } from '../open-telemetry.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { openRecording } from '../recording.ts';
import { screenLine } from '../screen-line.ts';
import { endInterrupted, stopSignal } from '../stop-signal.ts';
import { ledgerOption, runFolder, writeReport } from '../write-report.ts';

interface Flags extends ModelFlags {
  readonly assets?: readonly string[];
  readonly history?: readonly AssetFile[];
  readonly settled?: string;
  readonly config?: string;
  readonly out?: string;
  readonly report?: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

/** Adds `voltage backtest`. */
export function addBacktest(program: Command): void {
  addModelOptions(program.command('backtest'))
    .argument(
      '<tapes...>',
      'tape files, or folders of them',
      (path, before: readonly string[] | undefined) => [...(before ?? []), existingTape(path)],
    )
    .addOption(
      new Option(
        '--history <[asset=]csv>',
        'one-minute bars that warm the forecast (.csv or .csv.gz); repeatable',
      ).argParser(collectAssetFiles),
    )
    .addOption(assetsOption())
    .addOption(
      new Option('--settled <csv>', 'settlements, for tapes without the index').argParser(existingFile),
    )
    .addOption(
      new Option(
        '--config <file>',
        'settings, YAML or JSON, on top of those that a recording kept beside its tapes',
      ).argParser(existingFile),
    )
    .addOption(
      new Option(
        '--out <folder>',
        'write decisions.ndjson, orders.ndjson, fills.ndjson and summary.json there',
      ).argParser(outFolder),
    )
    .addOption(
      new Option('--report <html>', 'write a report of the run to this file (voltage report)').argParser(
        outFile,
      ),
    )
    .addOption(ledgerOption())
    .option('--json', 'print the summary as one line of JSON')
    .action(async (tapes: string[], flags: Flags) => {
      const recording = await openRecording(tapes, flags.config);
      if (recording.keptIn !== undefined)
        process.stderr.write(`settings of the recording: ${screenLine(recording.keptIn)}\n`);
      const settings = withModels(withChosenAssets(recording.settings, flags.assets), flags);
      const models = {
        runtime: flags.runtime ?? recording.models[0]?.runtime,
        fallback: flags.fallback ?? recording.models.some(({ fallback }) => fallback),
      };
      let identities: Forecasters['identities'] = [];
      const { history, settled } = settings.backtest;
      const files =
        flags.history ??
        (history === undefined
          ? []
          : [{ asset: undefined, path: configuredFile('backtest.history', history) }]);
      const { signal, stopped } = stopSignal();
      const bar = progress('backtest');
      const kept = runFolder(flags.out, flags.report !== undefined);
      const telemetry = openTelemetry('backtest', settings, { mark: 'REPLAY' });
      try {
        const summary = await backtest({
          tapes,
          history: [...filesByAsset('--history', files, settings)].map(([asset, path]) => ({ asset, path })),
          settled:
            flags.settled ??
            (settled === undefined ? undefined : configuredFile('backtest.settled', settled)),
          out: kept.folder,
          settings,
          stopped,
          openForecasters: async (at) => {
            const forecasters = await openForecasters(settings.assets, models, at);
            identities = forecasters.identities;
            return forecasters.of;
          },
          models: () => identities,
          differences: () => [
            ...recording.differences(settings),
            ...modelDifferences(recording.models, identities),
          ],
          tap: ({ event }) => telemetry.tap(event),
          progress: (done, total, frames) => bar.update(done, total, `${frames} frames`),
        });
        bar.stop();
        if (flags.report !== undefined && kept.folder !== undefined)
          await writeReport(kept.folder, flags.report, flags.ledger);
        printResult(summary, flags.json ?? false, describeRun(summary));
        if (summary.interrupted) endInterrupted(signal(), 'the summary is of the frames before it');
      } finally {
        bar.stop();
        kept.remove();
        await telemetry.close();
      }
    });
}
