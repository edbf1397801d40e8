import { type Command, Option } from 'commander';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import { type ScoreReport, score } from '../../../pipelines/research/score.ts';
import type { Runtime } from '../../forecast/members/runtime.ts';
import type { LossRow } from '../../research/score/score-quotes.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { existingFile } from '../existing-file.ts';
import { runtimeOption } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly quotes: string;
  readonly settled: string;
  readonly bars: readonly string[];
  readonly volume: readonly string[];
  readonly asset?: string;
  readonly config?: string;
  readonly model?: string;
  readonly models?: string;
  readonly runtime?: Runtime;
  readonly advantage: number;
  readonly json?: boolean;
}

/** The advantage that the settled markets of a few weeks could show. */
const ADVANTAGE = 0.0005;

const paths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingFile(path),
];
const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new UsageError(`--advantage must be above 0 and below 1, was ${text}`);
  return value;
};

const WIDTHS = [14, 8, 8, 9, 9, 9, 11, 9, 9];
const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0))).join(' ');
const HEAD = line([
  'to the close',
  'markets',
  'rows',
  'model',
  'mid',
  'blend',
  'blend−mid',
  's.e.',
  'by day',
]);
const lossLine = (name: string, row: LossRow): string =>
  line([
    name,
    String(row.markets),
    String(row.rows),
    ...[row.logLoss.model, row.logLoss.mid, row.logLoss.blend].map((loss) => loss.toFixed(5)),
    ...[row.blendMinusMid, row.standardError, row.standardErrorByDay].map((value) => value.toFixed(5)),
  ]);

const linesOf = (report: ScoreReport): readonly string[] => [
  report.sentence,
  '',
  `${report.markets} markets, ${report.rows} quotes, ${report.days} days, ${report.from} to ${report.to}`,
  `models      ${report.models}`,
  `weight      ${report.weight.value.toFixed(3)} of the model in the blend: s.e. ${report.weight.standardError.toFixed(3)} by market, ${report.weight.standardErrorByDay.toFixed(3)} by day`,
  ...(['model', 'mid', 'blend'] as const).map((name) => {
    const { slope, ece, brier } = report.calibration[name];
    return `${name.padEnd(12)}calibration slope ${slope.toFixed(3)}, ECE ${ece.toFixed(4)}, Brier ${brier.toFixed(5)}`;
  }),
  '',
  HEAD,
  ...report.buckets.map((row) => lossLine(`${row.fromMinutes} to ${row.toMinutes} min`, row)),
  lossLine('all', report.overall),
  '',
  line([
    'mid',
    ...HEAD.trim()
      .split(/\s{2,}/)
      .slice(1),
  ]),
  ...report.bands.map((row) => lossLine(`${row.from} to ${row.to}`, row)),
  '',
  ...Object.entries(report.leftOut).map(([why, count]) => `left out    ${count}: ${why}`),
];

/** Adds `voltage score`. */
export function addScore(program: Command): void {
  program
    .command('score')
    .description('hold the model against the market on recorded quotes: log-loss, calibration, weight')
    .addOption(
      new Option('--quotes <csv>', 'best bid and ask: utc_ms,market_ticker,yes_bid,yes_ask')
        .argParser(existingFile)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--settled <csv>', 'settled quarter-hour markets with strike and result')
        .argParser(existingFile)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--bars <csv...>', 'one-minute bars of the index, from a month before the first quote')
        .argParser(paths)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--volume <csv...>', 'bars whose volume to take, such as those of Kraken')
        .argParser(paths)
        .default([]),
    )
    .addOption(new Option('--model <json>', 'a backbone that forecasts alone').argParser(existingFile))
    .addOption(
      new Option('--models <json>', 'manifest of models (default: the shipped ones)').argParser(existingFile),
    )
    .addOption(
      new Option(
        '--advantage <log-loss>',
        'an advantage that would be worth trading; decides how many markets are needed',
      )
        .argParser(positive)
        .default(ADVANTAGE),
    )
    .addOption(assetOption())
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .addOption(runtimeOption())
    .option('--json', 'print the score as one line of JSON')
    .action(async (flags: Flags) => {
      const { json = false } = flags;
      const settings = readSettings(flags.config);
      const asset = chosenAsset(settings, flags.asset);
      const bar = progress('score');
      try {
        const report = await score({
          asset,
          pricing: settings.pricing,
          forecasterAt: (at) =>
            openForecaster(asset, { model: flags.model, models: flags.models, runtime: flags.runtime }, at),
          quotes: flags.quotes,
          settled: flags.settled,
          bars: flags.bars,
          volume: flags.volume,
          advantage: flags.advantage,
          now: wallClock().at,
          progress: (step, share) => bar.update(Math.round(100 * Math.min(1, Math.max(0, share))), 100, step),
        });
        bar.stop();
        printResult(report, json, linesOf(report));
      } finally {
        bar.stop();
      }
    });
}
