import { type Command, Option } from 'commander';
import { liveEdge } from '../../../pipelines/edges/edge.ts';
import { history, importHistory, lastDays } from '../../../pipelines/research/history.ts';
import { MILLISECOND, MINUTE } from '../../domain/time.ts';
import { krakenRest } from '../../venues/kraken/rest.ts';
import { interrupts } from '../interrupts.ts';
import { printResult } from '../print-result.ts';
import { progress } from '../progress.ts';
import { readSettings } from '../read-settings.ts';
import { existing, integerWithin, UsageError, utc } from '../usage.ts';

interface Flags {
  readonly days?: number;
  readonly from?: number;
  readonly until?: number;
  readonly import?: string;
  readonly out: string;
  readonly config?: string;
  readonly json?: boolean;
}

const MOST_DAYS = 3_650;

/** Adds `voltage history`. */
export function addHistory(program: Command): void {
  program
    .command('history')
    .description(
      "one-minute bars of Kraken's BTC/USD: downloaded trade by trade with resume, or imported from its archive",
    )
    .addOption(new Option('--days <n>', 'the last so many days').argParser(integerWithin(1, MOST_DAYS)))
    .addOption(new Option('--from <utc>', 'instead of --days').argParser(utc))
    .addOption(new Option('--until <utc>', 'default: now').argParser(utc))
    .addOption(
      new Option('--import <csv>', "one-minute file of Kraken's OHLCVT archive (XBTUSD_1.csv)").argParser(
        existing,
      ),
    )
    .requiredOption('--out <csv>', 'where the bars go; compressed if it ends in .gz')
    .addOption(new Option('--config <file>', 'settings, YAML or JSON').argParser(existing))
    .option('--json', 'print the result as one line of JSON')
    .action(async (flags: Flags) => {
      const { out, json = false } = flags;
      if (flags.import !== undefined) {
        const { bars } = await importHistory(flags.import, out);
        printResult({ kind: 'imported', out, bars }, json, [`wrote ${bars} bars to ${out}`]);
        return;
      }
      if ((flags.days === undefined) === (flags.from === undefined))
        throw new UsageError('history: give either --days N or --from UTC (or --import FILE)');
      const { kraken, assets } = readSettings(flags.config);
      const edge = liveEdge();
      const now = edge.clock.at;
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
        ]);
      } finally {
        bar.stop();
        stopping.unsubscribe();
      }
    });
}
