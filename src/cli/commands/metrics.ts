import type { Command } from 'commander';
import type { Measurement } from '../../telemetry/measurement.ts';
import { measurements } from '../../telemetry/measurements.ts';
import { metricsMarkdown } from '../../telemetry/metrics-markdown.ts';
import { units } from '../../telemetry/units.ts';
import { printResult } from '../print-result.ts';

const linesOf = ([name, { meaning, tags, fields }]: readonly [string, Measurement]): readonly string[] => [
  `${name}: ${meaning}`,
  ...Object.entries(tags).map(([tag, of]) => `  ${tag} (tag, ${units[of.unit]}): ${of.meaning}`),
  ...Object.entries(fields).map(([field, of]) => `  ${field} (${of.kind}, ${units[of.unit]}): ${of.meaning}`),
];

/** Adds `voltage metrics`. */
export function addMetrics(program: Command): void {
  program
    .command('metrics')
    .option('--json', 'print the catalogue as one line of JSON, with the units in words')
    .option('--markdown', 'print it as the page docs/metrics.md')
    .action(
      ({ json = false, markdown = false }: { readonly json?: boolean; readonly markdown?: boolean }) => {
        if (markdown) process.stdout.write(metricsMarkdown());
        else
          printResult(
            { measurements, units },
            json,
            Object.entries<Measurement>(measurements).flatMap(linesOf),
          );
      },
    );
}
