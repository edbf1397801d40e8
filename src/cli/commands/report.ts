import { type Command, Option } from 'commander';
import { runsToAsk } from '../choose-run.ts';
import { outFile } from '../existing-file.ts';
import { printResult } from '../print-result.ts';
import { UsageError } from '../usage.ts';
import { ledgerOption, writeReportOf } from '../write-report.ts';

interface Flags {
  readonly out: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

/** Adds `voltage report`. */
export function addReport(program: Command): void {
  program
    .command('report')
    .argument(
      '[run]',
      "the run's folder, even while it runs (default: the newest under ./runs and the state folder)",
    )
    .addOption(new Option('--out <html>', 'the file to write').argParser(outFile).default('report.html'))
    .addOption(ledgerOption())
    .option('--json', 'print what the report says as one line of JSON')
    .action(async (folder: string | undefined, { out, ledger, json = false }: Flags) => {
      const [run] = runsToAsk(folder, process.env);
      if (!run) throw new UsageError('report: name a run');
      const { conclusion, run: _, summary, provenance, ...report } = await writeReportOf(run, out, ledger);
      printResult(
        {
          file: out,
          run: run.folder,
          mark: run.mark,
          conclusion,
          ...report,
          decisionSha256: summary?.decisionSha256 ?? null,
          version: provenance?.version ?? null,
        },
        json,
        [conclusion, `written to ${out}, of the run in ${run.folder}`],
      );
    });
}
