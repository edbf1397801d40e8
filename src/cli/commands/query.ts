import { existsSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { runsNamed, runsToAsk } from '../choose-run.ts';
import { storeFolder } from '../open-lane-store.ts';
import { askDuckdb } from '../query/ask-duckdb.ts';
import { QUERY_EXAMPLES } from '../query/examples.ts';
import { framesView } from '../query/frames-view.ts';
import { cellText, tableLines } from '../query/table-lines.ts';
import { linkFolder, viewsOf } from '../query/views.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly run?: readonly string[];
  readonly all?: boolean;
  readonly store?: string;
  readonly lake?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** A table of more rows is for a file. */
const MOST_SHOWN = 200;
const USUAL_WIDTH = 110;

/** The runs that are found without a name; none at all is no error, since the store may have points. */
function runsFound() {
  try {
    return runsToAsk(undefined, process.env);
  } catch (cause) {
    if (cause instanceof UsageError) return [];
    throw cause;
  }
}

function storeNamed(named: string | undefined): string | undefined {
  const folder = storeFolder(named, process.env);
  if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
  if (named !== undefined)
    throw new UsageError(`--store: there is no folder ${named}; a lane's telemetry.store.folder is needed`);
  return undefined;
}

const csvCell = (cell: unknown): string => {
  const text = cellText(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const print = async (text: string): Promise<void> => {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
};

/** Adds `voltage query`. */
export function addQuery(program: Command): void {
  program
    .command('query <sql>')
    .option('--run <folder...>', 'runs to ask (default: the newest under ./runs and the state folder)')
    .addOption(
      new Option('--all', 'ask all runs under ./runs and the state folder, told apart by `run`').conflicts(
        'run',
      ),
    )
    .option('--store <folder>', "the store of points (default: the one in the user's state folder)")
    .option('--lake <folder>', 'a lake of tapes (voltage tape archive), as the view frames')
    .addOption(new Option('--json', 'print each row as a line of JSON').conflicts('csv'))
    .option('--csv', 'print rows as CSV')
    .addHelpText(
      'after',
      `\nViews: runs, decisions, orders, fills, and points_NAME of each measurement (voltage metrics lists them); frames with --lake.\nColumns are those of docs/files.md; instead of \`at\` they have \`time\` (UTC) and \`atMicros\`.\n\nExamples:\n${QUERY_EXAMPLES.map(({ about, sql }) => `  ${about}:\n    voltage query "${sql}"`).join('\n')}`,
    )
    .action(async (sql: string, { run, all = false, store, lake, json = false, csv = false }: Flags) => {
      const found = run === undefined ? runsFound() : run.flatMap(runsNamed);
      const runs = run === undefined && !all ? found.slice(0, 1) : found;
      const points = storeNamed(store);
      if (lake !== undefined && !statSync(lake, { throwIfNoEntry: false })?.isDirectory())
        throw new UsageError(
          `--lake: there is no folder ${lake}; one that voltage tape archive made is needed`,
        );
      if (runs.length === 0 && points === undefined && lake === undefined)
        throw new UsageError(
          'there is no run under ./runs and no store of points; name one with --run, --store or --lake',
        );
      const linked = linkFolder();
      try {
        const views = viewsOf({ listed: found, runs, store: points }, sql, linked);
        await askDuckdb(
          sql,
          lake === undefined ? views : [...views, framesView(lake, linked)],
          linked,
          async ({ columns, rows }) => {
            const shown: (readonly unknown[])[] = [];
            let count = 0;
            if (csv) await print(`${columns.map(csvCell).join(',')}\n`);
            for await (const some of rows) {
              count += some.length;
              if (csv) await print(some.map((row) => `${row.map(csvCell).join(',')}\n`).join(''));
              else if (json)
                await print(
                  some
                    .map(
                      (row) =>
                        `${JSON.stringify(Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])))}\n`,
                    )
                    .join(''),
                );
              else if (shown.length < MOST_SHOWN) shown.push(...some.slice(0, MOST_SHOWN - shown.length));
            }
            if (csv || json) return;
            const lines = tableLines(columns, shown, process.stdout.columns ?? USUAL_WIDTH);
            const more =
              count > shown.length ? `; the first ${shown.length} are shown, --csv and --json give all` : '';
            await print(`${[...lines, `${count} row${count === 1 ? '' : 's'}${more}`].join('\n')}\n`);
          },
        );
      } finally {
        linked.remove();
      }
    });
}
