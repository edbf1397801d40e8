import type { RunReport } from '../../../pipelines/research/report-run.ts';
import { page } from './page.ts';
import {
  checkSections,
  deflatedSection,
  profitSections,
  provenanceSection,
  qualitySections,
} from './run-sections.ts';
import { scoreSections } from './score-sections.ts';

const LANES: Readonly<Record<string, string>> = { '': 'Replay', LIVE: 'Live lane', PAPER: 'Paper lane' };

const minute = (iso = ''): string => iso.slice(0, 16).replace('T', ' ');

/** A run's report as one HTML file: equal runs and ledgers give equal bytes. */
export function renderReport(report: RunReport): string {
  const { run, summary, from, until } = report;
  const lane = LANES[run.mark] ?? `${run.mark} lane`;
  const title = `${lane}${summary?.label === undefined ? '' : ` · ${summary.label}`}${from === undefined ? '' : ` · ${minute(from)} to ${minute(until)} UTC`}`;
  return page(title, report.conclusion, [
    ...profitSections(report),
    deflatedSection(report),
    ...scoreSections(report),
    ...checkSections(report),
    ...qualitySections(report),
    provenanceSection(report),
  ]);
}
