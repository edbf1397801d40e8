import type { DuckDBConnection } from '@duckdb/node-api';
import { UsageError } from '../usage.ts';
import { allowOnly, createView, type Linked, type View } from './views.ts';

/** The rows of an answer, some at a time. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly (readonly unknown[])[]>;
}

type Duck = typeof import('@duckdb/node-api');

/** DuckDB, which is a native library. Throws UsageError where it cannot be loaded, and says what to do. */
async function loadDuck(load: () => Promise<Duck>): Promise<Duck> {
  try {
    return await load();
  } catch (cause) {
    throw new UsageError(
      `voltage query needs @duckdb/node-api, which cannot be loaded on this machine (${(cause as Error).message.split('\n')[0]}); install it with npm install @duckdb/node-api, or read the files with another program: they are NDJSON and Parquet`,
    );
  }
}

/** A 64-bit whole number comes as text; where a double holds it exactly it is a number. */
const wholeNumber = (cell: unknown): unknown =>
  cell !== null && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;

/** The views and their columns, for who misspelt one. */
async function catalogueOf(connection: DuckDBConnection, sql: string): Promise<string> {
  const rows = await (
    await connection.run(
      "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE NOT internal GROUP BY table_name",
    )
  ).getRowsJson();
  const asked = sql.toLowerCase();
  const names = rows.map(([view]) => String(view));
  const about = rows.filter(([view]) => new RegExp(`\\b${String(view).toLowerCase()}\\b`).test(asked));
  const rest = names.filter((view) => view.startsWith('points_')).map((view) => view.slice(7));
  return [
    `views: ${['runs', 'decisions', 'orders', 'fills'].join(', ')}, and points_NAME for ${rest.sort().join(', ')}`,
    ...about.map(([view, columns]) => `columns of ${view}: ${columns}`),
    "DESCRIBE is SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'decisions'",
  ].join('\n');
}

/**
 * Answers one SELECT over views, in a database of its own in memory that may read what is linked and
 * nothing else, write nothing, load nothing, and change none of that. Throws UsageError for another statement
 * and for what DuckDB refuses, with the list of views.
 */
export async function askDuckdb<T>(
  sql: string,
  views: readonly View[],
  linked: Linked,
  use: (answer: Answer) => Promise<T>,
  load: () => Promise<Duck> = () => import('@duckdb/node-api'),
): Promise<T> {
  const { DuckDBInstance, DuckDBTypeId, StatementType } = await loadDuck(load);
  const whole: ReadonlySet<number> = new Set([
    DuckDBTypeId.BIGINT,
    DuckDBTypeId.UBIGINT,
    DuckDBTypeId.HUGEINT,
  ]);
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run(allowOnly(linked.links()));
    await connection.run('SET enable_external_access = false');
    await connection.run("SET TimeZone = 'UTC'").catch(() => {});
    for (const view of views) await connection.run(createView(view));
    await connection.run('SET lock_configuration = true');
    try {
      const statements = await connection.extractStatements(sql);
      if (statements.count !== 1)
        throw new UsageError(
          `one SELECT at a time, were ${statements.count} statements; ask them one after the other`,
        );
      const prepared = await statements.prepare(0);
      // A file that may be read could otherwise be written by COPY.
      if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN)
        throw new UsageError(
          `only SELECT is answered, was ${StatementType[prepared.statementType] ?? 'another statement'}; nothing is changed or written here`,
        );
      const result = await prepared.stream();
      const isWhole = Array.from({ length: result.columnCount }, (_, i) => whole.has(result.columnTypeId(i)));
      const rows = async function* (): AsyncGenerator<readonly (readonly unknown[])[]> {
        for await (const some of result.yieldRowsJson())
          yield some.map((row) => row.map((cell, i) => (isWhole[i] ? wholeNumber(cell) : cell)));
      };
      return await use({ columns: result.deduplicatedColumnNames(), rows: rows() });
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      throw new UsageError(`${(cause as Error).message}\n${await catalogueOf(connection, sql)}`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
