import { type Command, Option } from 'commander';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import { type ScoreReport, score } from '../../../pipelines/research/score.ts';
import { type RunScore, scoreRuns } from '../../../pipelines/research/score-run.ts';
import type { Runtime } from '../../forecast/members/runtime.ts';
import type { Markout } from '../../research/score/markouts.ts';
import type { LossRow, QuoteScore } from '../../research/score/score-quotes.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { runsNamed } from '../choose-run.ts';
import { existingFile } from '../existing-file.ts';
import { runtimeOption } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly run?: readonly string[];
  readonly quotes?: string;
  readonly settled?: string;
  readonly bars?: readonly string[];
  readonly volume: readonly string[];
  readonly asset?: string;
  readonly config?: string;
  readonly model?: string;
  readonly models?: string;
  readonly runtime?: Runtime;
  readonly advantage: number;
  readonly json?: boolean;
}

/** The advantage that the quarter-hours of six weeks could show. */
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

type Scored = QuoteScore & Pick<ScoreReport, 'from' | 'to' | 'leftOut'>;

const linesOf = (report: Scored, models: readonly string[]): readonly string[] => [
  report.sentence,
  '',
  `${report.markets} markets of ${report.closes} closes, ${report.rows} quotes, ${report.days} days, ${report.from} to ${report.to}`,
  ...models,
  `weight      ${report.weight.value.toFixed(3)} of the model in the blend: s.e. ${report.weight.standardError.toFixed(3)} by close, ${report.weight.standardErrorByDay.toFixed(3)} by day`,
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

const cents = ({ mean, standardError, fills }: Markout): string =>
  fills === 0
    ? '–'
    : `${(100 * mean).toFixed(2)}${standardError > 0 ? ` ± ${(100 * standardError).toFixed(2)}` : ''}`;

const markoutLines = ({ markouts, openFills }: RunScore): readonly string[] => [
  '',
  ...(markouts.length === 0
    ? ['fills       none, so there is no markout']
    : [
        `fills       cents a contract, mean ± 1 s.e. by close: before fees after 1, 5, 30 and 60 s and at settlement, then after fees; ${openFills} not settled`,
        ...markouts.map(
          ({ tactic, side, fromMinutes, toMinutes, fills, seconds, settlement, settlementAfterFees }) =>
            [
              `${tactic} ${side === 'bid' ? 'YES' : 'NO'}, ${fromMinutes} to ${toMinutes} min`.padEnd(24),
              String(fills).padStart(6),
              ...[...Object.values(seconds), settlement, settlementAfterFees].map((each) =>
                cents(each).padStart(14),
              ),
            ].join(' '),
        ),
      ]),
];

/** Adds `voltage score`. */
export function addScore(program: Command): void {
  program
    .command('score')
    .option('--run <folder...>', "folders that a lane's --out named: their decisions, fills and results")
    .addOption(
      new Option('--quotes <csv>', 'instead: best bid and ask, utc_ms,market_ticker,yes_bid,yes_ask')
        .argParser(existingFile)
        .conflicts('run'),
    )
    .addOption(
      new Option('--settled <csv>', 'settled quarter-hour markets with strike and result').argParser(
        existingFile,
      ),
    )
    .addOption(
      new Option(
        '--bars <csv...>',
        'one-minute bars of the index, from a month before the first quote',
      ).argParser(paths),
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
      const { pricing } = settings;
      const { advantage } = flags;
      if (flags.run) {
        const report = await scoreRuns(flags.run.flatMap(runsNamed), advantage);
        printResult(report, json, [...linesOf(report, []), ...markoutLines(report)]);
        return;
      }
      const { quotes, settled, bars } = flags;
      if (quotes === undefined || settled === undefined || bars === undefined)
        throw new UsageError('score: give --run FOLDER, or --quotes CSV, --settled CSV and --bars CSV');
      const asset = chosenAsset(settings, flags.asset);
      const bar = progress('score');
      try {
        const report = await score({
          asset,
          pricing,
          forecasterAt: (at) =>
            openForecaster(asset, { model: flags.model, models: flags.models, runtime: flags.runtime }, at),
          quotes,
          settled,
          bars,
          volume: flags.volume,
          advantage,
          now: wallClock().at,
          progress: (step, share) => bar.update(Math.round(100 * Math.min(1, Math.max(0, share))), 100, step),
        });
        bar.stop();
        printResult(report, json, linesOf(report, [`models      ${report.models}`]));
      } finally {
        bar.stop();
      }
    });
}
