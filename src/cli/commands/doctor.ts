import { type Command, Option } from 'commander';
import { firstValueFrom } from 'rxjs';
import { liveEdge } from '../../../pipelines/edges/edge.ts';
import { fetchDate } from '../doctor/ask-date.ts';
import { examine } from '../doctor/examine.ts';
import { table } from '../doctor/table.ts';
import { printResult } from '../print-result.ts';

interface Flags {
  readonly config?: string;
  readonly model?: string;
  readonly out: string;
  readonly state?: string;
  readonly live?: boolean;
  readonly json?: boolean;
}

const COLUMNS = 140;

/** Adds `voltage doctor`. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .option('--config <file>', 'settings, YAML or JSON')
    .option('--model <json>', 'backbone to forecast with (default: the shipped one)')
    .addOption(new Option('--out <folder>', 'where output would go').default('.', 'the working folder'))
    .option('--state <folder>', "the accounts' state, as given to voltage live")
    .option('--live', 'check for real orders: what paper can do without must be there too')
    .option('--json', 'print the rows as one line of JSON')
    .action(async ({ json = false, live = false, ...options }: Flags) => {
      const edge = liveEdge();
      const rows = await firstValueFrom(
        examine(
          { ...options, orders: live },
          {
            ...edge,
            askDate: fetchDate(edge.wallMillis),
            environment: process.env,
            nodeVersion: process.version,
          },
        ),
      );
      const count = (kind: string): number => rows.filter((row) => row.kind === kind).length;
      const failed = count('fail');
      printResult({ kind: 'doctor', ok: failed === 0, rows }, json, [
        ...table(rows, process.stdout.columns ?? COLUMNS),
        '',
        `${rows.length} checks: ${count('ok')} ok, ${count('warn')} to know, ${failed} failed, ${count('skipped')} skipped`,
      ]);
      if (failed > 0) process.exitCode = 1;
    });
}
