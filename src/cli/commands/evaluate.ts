import { type Command, Option } from 'commander';
import { loadModels } from '../../../pipelines/load/load-models.ts';
import { type EvaluatedModel, type EvaluateReport, evaluate } from '../../../pipelines/research/evaluate.ts';
import type { Runtime } from '../../forecast/members/runtime.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { existingFile } from '../existing-file.ts';
import { runtimeOption } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { UsageError, utc } from '../usage.ts';

interface Flags {
  readonly asset?: string;
  readonly config?: string;
  readonly bars: readonly string[];
  readonly volume: readonly string[];
  readonly labels: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly models?: string;
  readonly runtime?: Runtime;
  readonly json?: boolean;
}

const paths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingFile(path),
];
const MODELS: readonly EvaluatedModel[] = [
  'ewma',
  'harSeason',
  'harStrong',
  'harX',
  'lightgbm',
  'patchtst',
  'ensemble',
];
const HEAD = [
  'min',
  'model',
  'QLIKE',
  'ratio',
  'less 0.1%',
  'R² log',
  'MZ',
  'log-loss',
  'Brier',
  'PIT KS',
  't by day',
];
const WIDTHS = [4, 10, 8, 7, 10, 7, 7, 9, 8, 7, 8];

const BAND_HEAD = ['min', 'band', 'origins', 'below', 'inside', 'above', 'width', 'pinball 10', 'pinball 90'];
const BAND_WIDTHS = [4, 10, 8, 7, 7, 7, 7, 10, 10];

const line = (cells: readonly string[], widths: readonly number[] = WIDTHS): string =>
  cells.map((cell, i) => (i === 1 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' ');

/** A head and one line for each horizon that has a band; empty if no horizon has one. */
const bandLines = (bands: EvaluateReport['bands']): readonly string[] => {
  const rows = Object.entries(bands).map(([minutes, band]) => {
    const { origins, below, inside, above, widthLog, pinballLow, pinballHigh } = band;
    const shares = [below, inside, above].map((share) => share.toFixed(4));
    const losses = [widthLog, pinballLow, pinballHigh].map((loss) => loss.toFixed(4));
    return line([minutes, '10–90 %', String(origins), ...shares, ...losses], BAND_WIDTHS);
  });
  return rows.length === 0 ? [] : ['', line(BAND_HEAD, BAND_WIDTHS), ...rows];
};

/** Adds `voltage evaluate`. */
export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .addOption(
      new Option('--bars <csv...>', 'one-minute bars of the index; several files are joined in time')
        .argParser(paths)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--volume <csv...>', 'bars whose volume to take, such as those of Kraken')
        .argParser(paths)
        .default([]),
    )
    .addOption(
      new Option('--labels <csv...>', 'bars that outcomes are measured on (default: the bars)')
        .argParser(paths)
        .default([]),
    )
    .addOption(new Option('--from <utc>', 'first origin').argParser(utc).makeOptionMandatory())
    .addOption(new Option('--to <utc>', 'end of origins').argParser(utc).makeOptionMandatory())
    .addOption(
      new Option('--models <json>', 'manifest of models (default: the shipped ones)').argParser(existingFile),
    )
    .addOption(assetOption())
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .addOption(runtimeOption())
    .option('--json', 'print the scores as one line of JSON')
    .action(
      async ({
        asset: name,
        config,
        bars,
        volume,
        labels,
        from,
        to,
        models,
        runtime,
        json = false,
      }: Flags) => {
        if (!(from < to)) throw new UsageError('evaluate: --from must be before --to');
        const asset = chosenAsset(readSettings(config), name);
        const bar = progress('evaluate');
        try {
          const report = await evaluate({
            asset,
            bars,
            volume,
            labels,
            from,
            to,
            now: wallClock().at,
            models: loadModels(models ?? asset.models, asset.name),
            ...(runtime && { runtime }),
            progress: (step, share) => bar.update(Math.round(100 * share), 100, step),
          });
          bar.stop();
          const rows = Object.entries(report.scores).flatMap(([minutes, scores]) =>
            MODELS.flatMap((model) => {
              const score = scores[model];
              if (!score) return [];
              const { qlike, baselineQlike, qlikeTrimmed, r2Log, mzSlope, logLoss, brier, pitKs, dmT } =
                score;
              return [
                line([
                  minutes,
                  model,
                  qlike.toFixed(4),
                  (qlike / baselineQlike).toFixed(3),
                  qlikeTrimmed.toFixed(4),
                  r2Log.toFixed(3),
                  mzSlope.toFixed(3),
                  logLoss.toFixed(5),
                  brier.toFixed(5),
                  pitKs.toFixed(4),
                  model === 'harSeason' ? '' : dmT.toFixed(2),
                ]),
              ];
            }),
          );
          printResult(report, json, [
            `${report.origins} origins, ${report.from} to ${report.to}; ${report.folds.join('; ')}; runtime ${report.runtime}`,
            line(HEAD),
            ...rows,
            ...bandLines(report.bands),
          ]);
        } finally {
          bar.stop();
        }
      },
    );
}
