import type { Command } from 'commander';
import { registry } from '../../features/sets/registry.ts';
import { printResult } from '../print-result.ts';

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));

/** Adds `voltage features`. */
export function addFeatures(program: Command): void {
  program
    .command('features')
    .option('--json', 'print the sets as one line of JSON')
    .action(({ json = false }: { readonly json?: boolean }) => {
      const lines = registry.flatMap(({ set, usedBy, sha256, features }) => {
        const names = widest(features.map(({ name }) => name));
        const units = widest(features.map(({ unit }) => unit));
        const sources = widest(features.map(({ source }) => source.join(', ')));
        return [
          `${set} (${features.length}): ${usedBy}; sha256 ${sha256}`,
          ...features.map(
            ({ name, unit, source, warmUpMinutes, about }) =>
              `  ${name.padEnd(names)}  ${unit.padEnd(units)}  ${source.join(', ').padEnd(sources)}  ${String(warmUpMinutes).padStart(3)} min  ${about}`,
          ),
          '',
        ];
      });
      printResult({ sets: registry }, json, lines);
    });
}
