import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { type RunReport, reportRun } from '../../pipelines/research/report-run.ts';
import { type RunFiles, runsIn } from '../../pipelines/run/run-files.ts';
import { outFile } from './existing-file.ts';
import { stateHome } from './live-state.ts';

/** The file that every trial is entered into, if none is named. */
export const defaultLedger = (variables: NodeJS.ProcessEnv): string =>
  join(stateHome(variables), 'trials.ndjson');

/** The option that names the ledger of trials. */
export const ledgerOption = (): Option =>
  new Option(
    '--ledger <ndjson>',
    "file that every reported trial is entered into, once (default: trials.ndjson in the user's state folder)",
  ).argParser(outFile);

/** Where a run's files go: the named folder, or one for the moment where only its report is wanted. */
export function runFolder(
  named: string | undefined,
  needed: boolean,
): { readonly folder: string | undefined; readonly remove: () => void } {
  if (named !== undefined || !needed) return { folder: named, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'voltage-run-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes the report of a run; the file is whole or not there. */
export async function writeReportOf(
  run: RunFiles,
  path: string,
  ledger: string | undefined,
): Promise<RunReport> {
  const report = await reportRun(run, ledger ?? defaultLedger(process.env));
  // Loaded here, so that a command without a report does not wait for the charts.
  const { renderReport } = await import('./report/render-report.ts');
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, renderReport(report));
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
  return report;
}

/** Writes the report of the only run in a folder. */
export async function writeReport(
  folder: string,
  path: string,
  ledger: string | undefined,
): Promise<RunReport> {
  const [run] = [...runsIn(folder)].sort((one, other) => other.touchedMillis - one.touchedMillis);
  if (!run) throw new Error(`report: ${folder} holds no run`);
  return writeReportOf(run, path, ledger);
}
