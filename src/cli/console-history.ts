import { type ConsoleRings, RING_MOST } from '../console/state.ts';
import { DAY, MINUTE, type Micros } from '../domain/time.ts';
import { sqlText } from '../tape/lake/sql-text.ts';
import { askDuckdb } from './query/ask-duckdb.ts';
import { linkFolder, viewsOf } from './query/views.ts';

/** What a lane's earlier runs left for the charts over time, a point a minute, the oldest first. */
export type ConsoleHistory = {
  readonly [Ring in 'equity' | 'volatilities']: readonly ConsoleRings[Ring][];
};

/** Whose history: the tags that its points carry. */
export interface HistoryOf {
  readonly lane: string;
  readonly label: string;
}

const SPAN = DAY;

/**
 * Reads the last day before `until` from the store in `folder`. An account that changed within a minute counts
 * as it stood at the end of it. Rejects with the reason where the store cannot be read, or DuckDB not be loaded.
 */
export async function consoleHistory(
  folder: string,
  { lane, label }: HistoryOf,
  until: Micros,
): Promise<ConsoleHistory> {
  const whose = `lane = ${sqlText(lane)} AND label = ${sqlText(label)} AND "atMicros" >= ${until - SPAN} AND "atMicros" < ${until}`;
  const rowsOf = async <T>(sql: string, most: number): Promise<readonly T[]> => {
    const linked = linkFolder();
    try {
      const views = viewsOf({ listed: [], runs: [], store: folder }, sql, linked);
      return await askDuckdb(sql, views, linked, async ({ columns, rows }) => {
        const found: T[] = [];
        for await (const some of rows)
          for (const row of some)
            found.push(Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])) as T);
        return found.slice(-most);
      });
    } finally {
      linked.remove();
    }
  };
  return {
    equity: await rowsOf(
      `SELECT ("atMicros" // ${MINUTE} + 1) * ${MINUTE} AS "at", ${[
        'equityDollars',
        'dayDollars',
        'worstDollars',
      ]
        .map((field) => `arg_max("${field}", "atMicros") AS "${field}"`)
        .join(
          ', ',
        )} FROM points_account WHERE ${whose} AND "equityDollars" IS NOT NULL GROUP BY 1 ORDER BY 1`,
      RING_MOST.equity,
    ),
    volatilities: await rowsOf(
      `SELECT asset, "atMicros" AS "at", forecast, low, high, implied, realised FROM points_volatility WHERE ${whose} ORDER BY 2`,
      RING_MOST.volatilities,
    ),
  };
}
