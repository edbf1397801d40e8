import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunFiles } from '../../../pipelines/run/run-files.ts';
import { sqlText } from '../../tape/lake/sql-text.ts';
import type { FieldKind, Measurement } from '../../telemetry/measurement.ts';
import { measurements } from '../../telemetry/measurements.ts';
import { segmentName } from '../../telemetry/store/segment-names.ts';

/** A view's name and the statement that makes it. */
export interface View {
  readonly name: string;
  readonly sql: string;
}

/** Where views find their files: links with plain names, in a folder that nothing else is in. */
export interface Linked {
  /** A link to a file, whatever characters its path has. */
  readonly link: (path: string) => string;
  /** All links so far. */
  readonly links: () => readonly string[];
  readonly remove: () => void;
}

/** A new folder of links. DuckDB may read what they lead to, and nothing else. */
export function linkFolder(): Linked {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-query-'));
  const links: string[] = [];
  return {
    links: () => links,
    link: (path) => {
      const [ending] = /(?:\.ndjson)?(?:\.gz|\.parquet)?$/.exec(path.replace(/\.part$/, '')) ?? [''];
      const link = join(folder, `${links.length}${ending}`);
      symlinkSync(resolve(path), link);
      links.push(link);
      return link;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const list = (texts: readonly string[]): string => `[${texts.map(sqlText).join(', ')}]`;
const value = (given: unknown): string =>
  typeof given === 'number' && Number.isFinite(given)
    ? String(given)
    : typeof given === 'string'
      ? sqlText(given)
      : 'NULL';

type Columns = Readonly<Record<string, string>>;

const struct = (columns: Columns): string =>
  `STRUCT(${Object.entries(columns)
    .map(([column, type]) => `${name(column)} ${type}`)
    .join(', ')})`;
const MARKET: Columns = {
  indexDollars: 'DOUBLE',
  volatilityPerYear: 'DOUBLE',
  volatilityLowPerYear: 'DOUBLE',
  volatilityHighPerYear: 'DOUBLE',
  confidence: 'DOUBLE',
};
const PROPOSAL: Columns = {
  side: 'VARCHAR',
  limitTicks: 'BIGINT',
  count: 'BIGINT',
  modelProbability: 'DOUBLE',
  probability: 'DOUBLE',
  probabilityError: 'DOUBLE',
  edgeDollars: 'DOUBLE',
  feeDollars: 'DOUBLE',
};
const DECISIONS: Columns = {
  id: 'BIGINT',
  at: 'BIGINT',
  ticker: 'VARCHAR',
  verdict: 'VARCHAR',
  bidTicks: 'BIGINT',
  askTicks: 'BIGINT',
  market: struct(MARKET),
  proposal: struct(PROPOSAL),
  failing: 'VARCHAR[]',
  findings: `${struct({ check: 'VARCHAR', observed: 'DOUBLE', limit: 'DOUBLE', headroom: 'DOUBLE', note: 'VARCHAR' })}[]`,
  wouldChange: struct({ priceTicks: 'BIGINT', volatilityFactor: 'DOUBLE', at: 'BIGINT' }),
  model: 'VARCHAR',
  inputs: 'VARCHAR',
};
const ORDERS: Columns = {
  kind: 'VARCHAR',
  at: 'BIGINT',
  clientOrderId: 'VARCHAR',
  decisionId: 'BIGINT',
  ticker: 'VARCHAR',
  side: 'VARCHAR',
  limitTicks: 'BIGINT',
  count: 'BIGINT',
  timeInForce: 'VARCHAR',
  postOnly: 'BOOLEAN',
  reduceOnly: 'BOOLEAN',
  remaining: 'BIGINT',
  filled: 'BIGINT',
  state: 'VARCHAR',
  why: 'VARCHAR',
};
const EXECUTED = struct({
  filled: 'BIGINT',
  averageDollars: 'DOUBLE',
  feeDollars: 'DOUBLE',
  tookMicros: 'BIGINT',
});
const FILLS: Columns = {
  kind: 'VARCHAR',
  at: 'BIGINT',
  clientOrderId: 'VARCHAR',
  ticker: 'VARCHAR',
  side: 'VARCHAR',
  fillId: 'VARCHAR',
  priceTicks: 'BIGINT',
  count: 'BIGINT',
  taker: 'BOOLEAN',
  fee: 'BIGINT',
  cash: 'BIGINT',
  source: 'VARCHAR',
  result: 'VARCHAR',
  valueUnits: 'BIGINT',
  valueDollars: 'DOUBLE',
  position: 'BIGINT',
  pnl: 'BIGINT',
  about: 'VARCHAR',
  entered: 'BOOLEAN',
  why: 'VARCHAR',
  paper: EXECUTED,
  venue: EXECUTED,
};

const readLines = (links: readonly string[], columns: Columns): string =>
  `read_json(${list(links)}, format = 'newline_delimited', ignore_errors = true, maximum_object_size = 2097152, columns = {${Object.entries(
    columns,
  )
    .map(([column, type]) => `${name(column)}: ${sqlText(type)}`)
    .join(', ')}})`;

/** `at` is a word of SQL, so the views call it `atMicros`, and have `time` beside it. */
const TIMES = 'make_timestamp("at") AS "time", "at" AS "atMicros"';

function linesView(
  view: string,
  runs: readonly RunFiles[],
  filesOf: (run: RunFiles) => readonly string[],
  columns: Columns,
  select: string,
  linked: Linked,
): View {
  const of = (run: string, mark: string, from: string): string =>
    `SELECT ${sqlText(run)} AS "run", ${sqlText(mark)} AS "mark", ${TIMES}, ${select} FROM ${from}`;
  const parts = runs.flatMap((run) => {
    const links = filesOf(run).map(linked.link);
    return links.length === 0 ? [] : [of(run.folder, run.mark, readLines(links, columns))];
  });
  const none = `(SELECT ${Object.entries(columns)
    .map(([column, type]) => `NULL::${type} AS ${name(column)}`)
    .join(', ')}) WHERE false`;
  return { name: view, sql: parts.length > 0 ? parts.join(' UNION ALL ') : of('', '', none) };
}

/** What a summary says of a run; nothing for one without a summary, or with one that is damaged. */
function summaryOf({ summary }: RunFiles): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = summary === undefined ? {} : JSON.parse(readFileSync(summary, 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const RUN_COLUMNS: readonly (readonly [string, string])[] = [
  ['lane', 'VARCHAR'],
  ['label', 'VARCHAR'],
  ['from', 'TIMESTAMP'],
  ['until', 'TIMESTAMP'],
  ['frames', 'BIGINT'],
  ['orders', 'BIGINT'],
  ['fills', 'BIGINT'],
  ['settled', 'BIGINT'],
  ['pnlDollars', 'DOUBLE'],
  ['feesDollars', 'DOUBLE'],
  ['cashDollars', 'DOUBLE'],
  ['worstDollars', 'DOUBLE'],
  ['decisionSha256', 'VARCHAR'],
];

function runsView(runs: readonly RunFiles[]): View {
  const row = (run: RunFiles | undefined): string => {
    const summary = run ? summaryOf(run) : {};
    const { approved, abstained } = (summary['decisions'] ?? {}) as Record<string, unknown>;
    return `SELECT ${[
      `${value(run?.folder)}::VARCHAR AS "run"`,
      `${value(run?.mark)}::VARCHAR AS "mark"`,
      `${value(run?.end)}::VARCHAR AS "end"`,
      `TRY_CAST(${value(approved)} AS BIGINT) AS "approved"`,
      `TRY_CAST(${value(abstained)} AS BIGINT) AS "abstained"`,
      ...RUN_COLUMNS.map(
        ([column, type]) => `TRY_CAST(${value(summary[column])} AS ${type}) AS ${name(column)}`,
      ),
    ].join(', ')}`;
  };
  return {
    name: 'runs',
    sql: runs.length > 0 ? runs.map(row).join(' UNION ALL ') : `${row(undefined)} WHERE false`,
  };
}

const TYPES: Readonly<Record<FieldKind, string>> = {
  integer: 'BIGINT',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
};
const SINK_TAGS = ['lane', 'label'];

/** The stretches of a store: folders of Parquet, and files of lines that are not Parquet yet. */
function stretchesOf(store: string): {
  readonly parquet: readonly string[];
  readonly lines: readonly string[];
} {
  const parquet: string[] = [];
  const lines: string[] = [];
  for (const lane of readdirSync(store, { withFileTypes: true })) {
    if (!lane.isDirectory()) continue;
    const folder = join(store, lane.name);
    const found = readdirSync(folder).flatMap((file) => segmentName(file) ?? []);
    const whole = new Set(found.filter(({ ending }) => ending === '.parquet').map(({ stem }) => stem));
    for (const { stem, ending } of found)
      if (ending === '.parquet') parquet.push(join(folder, `${stem}.parquet`));
      else if (ending.startsWith('.ndjson') && !whole.has(stem)) lines.push(join(folder, `${stem}${ending}`));
  }
  return { parquet, lines };
}

function pointsViews(store: string | undefined, sql: string, linked: Linked): readonly View[] {
  const asked = sql.toLowerCase();
  const stretches = store === undefined ? { parquet: [], lines: [] } : stretchesOf(store);
  let lineLinks: readonly string[] | undefined;
  return Object.entries(measurements as Readonly<Record<string, Measurement>>).map(([measurement, its]) => {
    const view = `points_${measurement}`;
    const columns: readonly (readonly [string, string, string])[] = [
      ...[...new Set([...Object.keys(its.tags), ...SINK_TAGS])].map(
        (tag) => [tag, 'VARCHAR', 'tags'] as const,
      ),
      ...Object.entries(its.fields).map(([field, { kind }]) => [field, TYPES[kind], 'fields'] as const),
    ];
    const none = `SELECT NULL::BIGINT AS "at", ${columns.map(([column, type]) => `NULL::${type} AS ${name(column)}`).join(', ')} WHERE false`;
    const parts = [none];
    // Each file costs an opening, so only what the question names is opened.
    if (asked.includes(view.toLowerCase())) {
      const files = stretches.parquet
        .filter((folder) => readdirSync(folder).includes(`${measurement}.parquet`))
        .map((folder) => linked.link(join(folder, `${measurement}.parquet`)));
      if (files.length > 0) parts.push(`SELECT * FROM read_parquet(${list(files)}, union_by_name = true)`);
      lineLinks ??= stretches.lines.map(linked.link);
      if (lineLinks.length > 0)
        parts.push(
          `SELECT "at", ${columns
            .map(
              ([column, type, of]) =>
                `TRY_CAST(json_extract_string(${of}, ${sqlText(`$."${column}"`)}) AS ${type}) AS ${name(column)}`,
            )
            .join(', ')} FROM ${readLines(lineLinks, {
            measurement: 'VARCHAR',
            at: 'BIGINT',
            tags: 'JSON',
            fields: 'JSON',
          })} WHERE measurement = ${sqlText(measurement)}`,
        );
    }
    return {
      name: view,
      sql: `SELECT ${TIMES}, * EXCLUDE ("at") FROM (${parts.join(' UNION ALL BY NAME ')})`,
    };
  });
}

/** What a question is answered from. */
export interface AskedOf {
  /** Runs that the view `runs` lists. */
  readonly listed: readonly RunFiles[];
  /** Runs whose decisions, orders and fills are read. */
  readonly runs: readonly RunFiles[];
  readonly store: string | undefined;
}

/** The views over runs and a store that a question is answered from; `linked` gets a link to each file. */
export function viewsOf({ listed, runs, store }: AskedOf, sql: string, linked: Linked): readonly View[] {
  const flat = (columns: Columns, of: string): string =>
    Object.keys(columns)
      .map((column) => `${of}.${name(column)} AS ${name(column)}`)
      .join(', ');
  const plain = (columns: Columns): string =>
    Object.keys(columns)
      .filter((column) => column !== 'at')
      .map(name)
      .join(', ');
  const decisions = [
    '"id", "ticker", "verdict", "bidTicks", "askTicks"',
    flat(MARKET, '"market"'),
    flat(PROPOSAL, '"proposal"'),
    '"failing", "findings"',
    '"wouldChange"."priceTicks" AS "wouldPriceTicks", "wouldChange"."volatilityFactor" AS "wouldVolatilityFactor", make_timestamp("wouldChange"."at") AS "wouldTime"',
    '"model", "inputs"',
  ].join(', ');
  return [
    runsView(listed),
    linesView('decisions', runs, (run) => run.decisions, DECISIONS, decisions, linked),
    linesView('orders', runs, (run) => run.orders, ORDERS, plain(ORDERS), linked),
    linesView('fills', runs, (run) => run.fills, FILLS, plain(FILLS), linked),
    ...pointsViews(store, sql, linked),
  ];
}

/** A view as a statement. */
export const createView = ({ name: view, sql }: View): string => `CREATE VIEW ${name(view)} AS ${sql}`;

/** What may be read, as DuckDB's setting has it. */
export const allowOnly = (paths: readonly string[]): string => `SET allowed_paths = ${list(paths)}`;
