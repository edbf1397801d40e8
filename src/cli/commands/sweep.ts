import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { type SweepSummary, sweep } from '../../../pipelines/lanes/sweep.ts';
import { sweepThreads } from '../../../pipelines/lanes/sweep-threads.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { parseGrid } from '../../config/grid.ts';
import { readSmallFile } from '../../tape/read-small-file.ts';
import {
  type AssetFile,
  assetsOption,
  collectAssetFiles,
  filesByAsset,
  withChosenAssets,
} from '../asset-options.ts';
import { configuredFile, existingFile, existingTape, outFile } from '../existing-file.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { openRecording } from '../recording.ts';
import { endInterrupted, stopSignal } from '../stop-signal.ts';
import { integerWithin, UsageError } from '../usage.ts';

interface Flags extends ModelFlags {
  readonly grid: string;
  readonly assets?: readonly string[];
  readonly history?: readonly AssetFile[];
  readonly settled?: string;
  readonly config?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Desks that are worth a replay of their own. */
const DESKS_A_THREAD = 8;
const MOST_GRID_BYTES = 4 * 2 ** 20;

const linesOf = ({ settings, hashes, results, frames, cpuSeconds, warnings }: SweepSummary): string[] => [
  ...warnings,
  `${results.length} desks over ${frames} frames in ${cpuSeconds} s of CPU`,
  ...results.map(
    ({ approved, orders, fills, pnlDollars }, i) =>
      `${hashes[i]?.slice(0, 8)}  ${approved} approved  ${orders} orders  ${fills} fills  ${pnlDollars.toFixed(2)} $  ${JSON.stringify(settings[i])}`,
  ),
];

/** Adds `voltage sweep`. */
export function addSweep(program: Command): void {
  addModelOptions(program.command('sweep'))
    .argument(
      '<tapes...>',
      'tape files, or folders of them',
      (path, before: readonly string[] | undefined) => [...(before ?? []), existingTape(path)],
    )
    .addOption(
      new Option(
        '--grid <file>',
        "the desks' settings, YAML or JSON: a list of settings, or keys with a list of values each",
      )
        .argParser(existingFile)
        .makeOptionMandatory(),
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
      new Option('--config <file>', 'settings below those of the grid, as for backtest').argParser(
        existingFile,
      ),
    )
    .addOption(new Option('--out <parquet>', 'write one row a desk there').argParser(outFile))
    .addOption(
      new Option(
        '--threads <n>',
        'threads that share the desks, each with a replay of its own (default: one for every 8 desks, at most the cores)',
      ).argParser(integerWithin(1, 64)),
    )
    .option('--json', 'print the result as one line of JSON: settings, hashes, results, cpuSeconds')
    .action(async (tapes: string[], flags: Flags) => {
      const recording = await openRecording(tapes, flags.config);
      const settings = withModels(withChosenAssets(recording.settings, flags.assets), flags);
      const grid = parseGrid(flags.grid, readSmallFile(flags.grid, MOST_GRID_BYTES), settings);
      if (grid.kind === 'configProblem') throw new UsageError(grid.why);
      const models = {
        runtime: flags.runtime ?? recording.models[0]?.runtime,
        fallback: flags.fallback ?? recording.models.some(({ fallback }) => fallback),
      };
      const { history, settled } = settings.backtest;
      const files =
        flags.history ??
        (history === undefined
          ? []
          : [{ asset: undefined, path: configuredFile('backtest.history', history) }]);
      const { signal, stopped } = stopSignal();
      const bar = progress('sweep');
      try {
        const inputs = {
          tapes,
          history: [...filesByAsset('--history', files, settings)].map(([asset, path]) => ({ asset, path })),
          settled:
            flags.settled ??
            (settled === undefined ? undefined : configuredFile('backtest.settled', settled)),
          out: flags.out,
          points: grid.points,
        };
        const watched = {
          stopped,
          progress: (done: number, total: number, frames: number) =>
            bar.update(done, total, `${frames} frames`),
        };
        const threads =
          flags.threads ?? Math.min(availableParallelism(), Math.ceil(grid.points.length / DESKS_A_THREAD));
        const swept =
          threads > 1
            ? await sweepThreads({ sweep: inputs, assets: settings.assets, models, threads, ...watched })
            : await sweep({
                ...inputs,
                ...watched,
                openForecasters: async (at) => (await openForecasters(settings.assets, models, at)).of,
              });
        bar.stop();
        printResult(swept, flags.json ?? false, linesOf(swept));
        if (swept.interrupted) endInterrupted(signal(), 'the result is of the frames before it');
      } finally {
        bar.stop();
      }
    });
}
