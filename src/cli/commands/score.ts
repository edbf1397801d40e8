import { type Command, Option } from 'commander';
import { openForecaster } from '../../../pipelines/load/open-forecaster.ts';
import { tapeSentence } from '../../../pipelines/load/tape-sentence.ts';
import { score } from '../../../pipelines/research/score.ts';
import { scorePair, scoreRuns } from '../../../pipelines/research/score-run.ts';
import { scoreTwin } from '../../../pipelines/research/score-twin.ts';
import type { Runtime } from '../../forecast/members/runtime.ts';
import { ADVANTAGE } from '../../research/score/live-score.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { runsNamed } from '../choose-run.ts';
import { existingFile } from '../existing-file.ts';
import { runtimeOption } from '../model-options.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { markoutLines, pairedLines, scoreLines, twinLines } from '../score-lines.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly run?: readonly string[];
  readonly against?: readonly string[];
  readonly twin?: readonly string[];
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

const MOST_PROBLEMS = 10;

const paths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingFile(path),
];
const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new UsageError(`--advantage must be above 0 and below 1, was ${text}`);
  return value;
};

/** Adds `voltage score`. */
export function addScore(program: Command): void {
  program
    .command('score')
    .option('--run <folder...>', "folders that a lane's --out named: their decisions, fills and results")
    .addOption(
      new Option(
        '--against <folder...>',
        'folders of another run over the same time: the paired difference of log-loss',
      ).conflicts(['quotes', 'twin']),
    )
    .addOption(
      new Option(
        '--twin <tapes...>',
        'instead: tapes, on which the twin of the index is held against each settlement, with and without what settlements teach',
      )
        .argParser(paths)
        .conflicts(['run', 'quotes']),
    )
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
      if (flags.against && !flags.run) throw new UsageError('score: --against needs --run FOLDER');
      if (flags.run && flags.against) {
        const report = await scorePair(flags.run.flatMap(runsNamed), flags.against.flatMap(runsNamed));
        printResult(report, json, pairedLines(report));
        return;
      }
      if (flags.twin) {
        const problems: string[] = [];
        const report = await scoreTwin({
          tapes: flags.twin,
          settings,
          asset: chosenAsset(settings, flags.asset),
          settled: flags.settled,
          note: (problem) => problems.push(tapeSentence(problem)),
        });
        printResult({ ...report, problems }, json, [
          ...twinLines(report),
          ...problems.slice(0, MOST_PROBLEMS),
        ]);
        return;
      }
      if (flags.run) {
        const report = await scoreRuns(flags.run.flatMap(runsNamed), advantage);
        printResult(report, json, [...scoreLines(report, []), ...markoutLines(report)]);
        return;
      }
      const { quotes, settled, bars } = flags;
      if (quotes === undefined || settled === undefined || bars === undefined)
        throw new UsageError(
          'score: give --run FOLDER, --twin TAPES, or --quotes CSV, --settled CSV and --bars CSV',
        );
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
        printResult(report, json, scoreLines(report, [`models      ${report.models}`]));
      } finally {
        bar.stop();
      }
    });
}
