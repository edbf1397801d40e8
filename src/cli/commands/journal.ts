import type { Command } from 'commander';
import { readJournal } from '../../execution/journal/read-journal.ts';
import { verifyJournal } from '../../execution/journal/verify-journal.ts';
import { printResult } from '../print-result.ts';

/** Adds `voltage journal verify` and `voltage journal export`. */
export function addJournal(program: Command): void {
  const journal = program.command('journal');
  journal
    .command('verify <file>')
    .description('check that no row was changed, removed or added; exit code 1 if one was')
    .option('--json', 'print the result as one line of JSON')
    .action((file: string, { json = false }: { readonly json?: boolean }) => {
      const found = verifyJournal(file);
      printResult(found, json, [
        found.kind === 'broken'
          ? `${file}: ${found.why}`
          : `${file}: ${found.rows} rows, none changed; the last hash is ${found.head}${found.sealed ? '' : ' (in use, or not closed regularly)'}`,
      ]);
      if (found.kind === 'broken') process.exitCode = 1;
    });
  journal
    .command('export <file>')
    .description('print every row as a line of JSON, oldest first')
    .action((file: string) => {
      for (const { seq, at, kind, body, hash } of readJournal(file))
        process.stdout.write(
          `${JSON.stringify({ seq, atMicros: at, kind, body: JSON.parse(body) as unknown, hash })}\n`,
        );
    });
}
