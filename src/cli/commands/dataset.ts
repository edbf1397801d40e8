import { type Command, Option } from 'commander';
import { loadBackbone } from '../../../pipelines/load/load-backbone.ts';
import { dataset } from '../../../pipelines/research/dataset.ts';
import { refuseExisting } from '../../../pipelines/research/refuse-existing.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { existingFile, existingTape, outFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { integerWithin, UsageError } from '../usage.ts';

interface Flags {
  readonly asset?: string;
  readonly bars?: readonly string[];
  readonly volume?: readonly string[];
  readonly labels?: readonly string[];
  readonly tapes?: readonly string[];
  readonly history?: string;
  readonly backbone?: string;
  readonly config?: string;
  readonly step: number;
  readonly out: string;
  readonly channels?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const paths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingFile(path),
];

const tapePaths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existingTape(path),
];

/** Adds `voltage dataset`. */
export function addDataset(program: Command): void {
  program
    .command('dataset')
    .addOption(
      new Option('--bars <csv...>', 'one-minute bars; several files are joined in time').argParser(paths),
    )
    .addOption(
      new Option(
        '--volume <csv...>',
        'bars whose volume to take, where the prices are an index; an older venue is scaled to a newer one',
      ).argParser(paths),
    )
    .addOption(
      new Option(
        '--labels <csv...>',
        'bars that targets are measured on, such as an index (default: the bars)',
      ).argParser(paths),
    )
    .addOption(
      new Option('--tapes <path...>', 'instead of bars: tapes or folders of them').argParser(tapePaths),
    )
    .addOption(
      new Option('--history <csv>', 'one-minute bars that warm the features of tapes').argParser(
        existingFile,
      ),
    )
    .addOption(
      new Option(
        '--backbone <json>',
        'HAR-X that features are made with (default: the shipped one)',
      ).argParser(existingFile),
    )
    .addOption(assetOption())
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .addOption(
      new Option('--step <minutes>', 'minutes from row to row').argParser(integerWithin(1, 1_440)).default(5),
    )
    .addOption(new Option('--out <parquet>', 'where the rows go').argParser(outFile).makeOptionMandatory())
    .addOption(
      new Option(
        '--channels <parquet>',
        'where the channels of sequence models go, a row a minute',
      ).argParser(outFile),
    )
    .option('--force', 'replace the files if they are there')
    .option('--json', 'print the report as one line of JSON')
    .action(async (flags: Flags) => {
      const {
        bars,
        volume = [],
        labels = [],
        tapes,
        history,
        step,
        out,
        channels: minutes,
        force,
        json = false,
      } = flags;
      if ((bars === undefined) === (tapes === undefined))
        throw new UsageError('dataset: exactly one of --bars and --tapes is needed');
      for (const path of [out, minutes]) if (path !== undefined) refuseExisting('dataset', path, force);
      const settings = readSettings(flags.config);
      const asset = chosenAsset(settings, flags.asset);
      const report = await dataset({
        asset,
        source: bars
          ? { kind: 'bars', bars, volume, labels }
          : { kind: 'tapes', tapes: tapes ?? [], history },
        backbone: loadBackbone(flags.backbone, asset.name),
        settings,
        stepMinutes: step,
        out,
        minutes,
        now: wallClock().at,
      });
      printResult(report, json, [
        `wrote ${report.rows} rows of ${report.columns.length} columns to ${out}, ${report.from} to ${report.until}`,
        ...(minutes === undefined ? [] : [`wrote ${report.minutes} minutes to ${minutes}`]),
      ]);
    });
}
