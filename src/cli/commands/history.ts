import { type Command, Option } from 'commander';
import { liveEdge } from '../../../pipelines/edges/edge.ts';
import { history, importHistory, lastDays } from '../../../pipelines/research/history.ts';
import { MILLISECOND, MINUTE } from '../../domain/time.ts';
import { krakenRest } from '../../venues/kraken/rest.ts';
import { existingFile, outFile } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { reach } from '../reach.ts';
import { readSettings } from '../read-settings.ts';
import { endInterrupted, stopSignal } from '../stop-signal.ts';
import { integerWithin, UsageError, utc } from '../usage.ts';

interface Flags {
  readonly days?: number;
  readonly from?: number;
  readonly until?: number;
  readonly import?: string;
  readonly out: string;
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const MOST_DAYS = 3_650;

/** Adds `voltage history`. */
export function addHistory(program: Command): void {
  program
    .command('history')
    .addOption(new Option('--days <n>', 'the last so many days').argParser(integerWithin(1, MOST_DAYS)))
    .addOption(new Option('--from <utc>', 'instead of --days').argParser(utc))
    .addOption(new Option('--until <utc>', 'default: now').argParser(utc))
    .addOption(
      new Option('--import <csv>', "one-minute file of Kraken's OHLCVT archive (XBTUSD_1.csv)").argParser(
        existingFile,
      ),
    )
    .addOption(
      new Option('--out <csv>', 'where the bars go; compressed if it ends in .gz')
        .argParser(outFile)
        .makeOptionMandatory(),
    )
    .option('--force', 'replace the file if it is there')
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existingFile))
    .option('--json', 'print the result as one line of JSON')
    .action(async (flags: Flags) => {
      const { out, force = false, json = false } = flags;
      const edge = liveEdge();
      const now = edge.clock.at;
      if (flags.import !== undefined) {
        const { signal, stopped } = stopSignal();
        const { kind, bars } = await importHistory(flags.import, out, { force, now, stopped });
        if (kind === 'interrupted') return endInterrupted(signal(), 'nothing was written');
        printResult({ kind: 'imported', out, bars }, json, [`wrote ${bars} bars to ${out}`]);
        return;
      }
      if ((flags.days === undefined) === (flags.from === undefined))
        throw new UsageError('history: give either --days N or --from UTC (or --import FILE)');
      const { kraken, assets } = readSettings(flags.config);
      void reach(kraken.restUrl).then((why) => why && process.stderr.write(`${why}\n`));
      const span =
        flags.from === undefined
          ? lastDays(flags.until ?? now, flags.days ?? 1)
          : {
              from: Math.floor(flags.from / MINUTE) * MINUTE,
              until: Math.floor(Math.min(flags.until ?? now, now) / MINUTE) * MINUTE,
            };
      if (span.until <= span.from) throw new UsageError('history: --until must be after --from');
      const minutes = (span.until - span.from) / MINUTE;
      const bar = progress('history');
      let stopped = false;
      const stopping = interrupts().subscribe(() => {
        stopped = true;
      });
      try {
        const result = await history({
          rest: krakenRest({ ...edge, restUrl: kraken.restUrl }),
          symbol: assets[0]?.spot.kraken ?? '',
          ...span,
          out,
          force,
          stopped: () => stopped,
          progress: (at, bars) =>
            bar.update(
              (at - span.from) / MINUTE,
              minutes,
              `${new Date(at / MILLISECOND).toISOString().slice(0, 16)} ${bars} bars`,
            ),
        });
        bar.stop();
        printResult(result, json, [
          result.kind === 'complete'
            ? `wrote ${result.bars} bars to ${out}`
            : `stopped after ${result.bars} bars: the same command goes on from there`,
          ...(result.missingTrades === undefined
            ? []
            : [
                `warning     Kraken's pages left out ${result.missingTrades} trades; the bars around them have flag 1`,
              ]),
        ]);
      } finally {
        bar.stop();
        stopping.unsubscribe();
      }
    });
}
