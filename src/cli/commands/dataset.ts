import { type Command, Option } from 'commander';
import { loadBackbone } from '../../../pipelines/load/load-backbone.ts';
import { dataset } from '../../../pipelines/research/dataset.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { printResult } from '../print-result.ts';
import { readSettings } from '../read-settings.ts';
import { existing, integerWithin, UsageError } from '../usage.ts';

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
  readonly minutes?: string;
  readonly json?: boolean;
}

const paths = (path: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  existing(path),
];

/** Adds `voltage dataset`. */
export function addDataset(program: Command): void {
  program
    .command('dataset')
    .description('write the features that models are trained on as Parquet, by the operators that run live')
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
    .addOption(new Option('--tapes <path...>', 'instead of bars: tapes or folders of them').argParser(paths))
    .addOption(
      new Option('--history <csv>', 'one-minute bars that warm the features of tapes').argParser(existing),
    )
    .addOption(
      new Option(
        '--backbone <json>',
        'HAR-X that features are made with (default: the shipped one)',
      ).argParser(existing),
    )
    .addOption(assetOption())
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existing))
    .addOption(
      new Option('--step <minutes>', 'minutes from row to row').argParser(integerWithin(1, 1_440)).default(5),
    )
    .requiredOption('--out <parquet>', 'where the rows go')
    .option('--minutes <parquet>', 'where the channels of sequence models go, a row a minute')
    .option('--json', 'print the report as one line of JSON')
    .action(async (flags: Flags) => {
      const { bars, volume = [], labels = [], tapes, history, step, out, minutes, json = false } = flags;
      if ((bars === undefined) === (tapes === undefined))
        throw new UsageError('dataset: exactly one of --bars and --tapes is needed');
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
      });
      printResult(report, json, [
        `wrote ${report.rows} rows of ${report.columns.length} columns to ${out}, ${report.from} to ${report.until}`,
        ...(minutes === undefined ? [] : [`wrote ${report.minutes} minutes to ${minutes}`]),
      ]);
    });
}
