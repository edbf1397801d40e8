import { type Command, Option } from 'commander';
import { fitBackbone } from '../../../pipelines/research/fit-backbone.ts';
import { refuseExisting } from '../../../pipelines/research/refuse-existing.ts';
import { wallClock } from '../../transport/wall-clock.ts';
import { assetOption, chosenAsset } from '../asset-option.ts';
import { existingFile, outFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { utc } from '../usage.ts';

interface Flags {
  readonly asset?: string;
  readonly config?: string;
  readonly bars: string;
  readonly labels?: string;
  readonly until?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds `voltage fit-backbone`. */
export function addFitBackbone(program: Command): void {
  program
    .command('fit-backbone')
    .addOption(
      new Option('--bars <csv>', 'one-minute bars of the venue that the live feed has')
        .argParser(existingFile)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--labels <csv>', 'bars that what is forecast is measured on, such as an index').argParser(
        existingFile,
      ),
    )
    .addOption(new Option('--until <utc>', 'use bars before this only (default: all)').argParser(utc))
    .addOption(assetOption())
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .addOption(
      new Option(
        '--out <json>',
        "where the model goes (default: the asset's name and .backbone.json)",
      ).argParser(outFile),
    )
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print the report as one line of JSON')
    .action(async ({ asset: name, config, bars, labels, until, force, json, ...flags }: Flags) => {
      const asset = chosenAsset(readSettings(config), name);
      const out = flags.out ?? `${asset.name.toLowerCase()}.backbone.json`;
      refuseExisting('fit-backbone', out, force);
      const bar = progress('fit-backbone');
      try {
        const report = await fitBackbone(
          {
            asset,
            bars,
            ...(labels !== undefined && { labels }),
            until: until ?? Number.POSITIVE_INFINITY,
            out,
            now: wallClock().at,
          },
          ({ done, steps, step }) => bar.update(done, steps, step),
        );
        bar.stop();
        printResult(report, json ?? false, [`wrote ${out}`, JSON.stringify(report, undefined, 2)]);
      } finally {
        bar.stop();
      }
    });
}
