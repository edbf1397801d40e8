import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type Asset, SERIES_KINDS, type SeriesKind } from '../domain/asset.ts';
import type { OutcomeFrame } from '../domain/frame.ts';
import { fixedPoint } from '../domain/money.ts';
import { rfc3339Micros } from '../domain/rfc3339.ts';
import { HOUR, type Micros, SECOND } from '../domain/time.ts';
import { readText } from './read-text.ts';

/** Typical time from close to settlement, for rows without a settlement time. */
const SETTLING_MICROS = 10 * SECOND;

const NEEDED = [
  'market_ticker',
  'series',
  'close_time_utc',
  'floor_strike',
  'expiration_value',
  'result',
  'settlement_ts',
] as const;
type Column = (typeof NEEDED)[number];

/** What a row says of the contract itself. */
export interface SettledTerms {
  /** Name of the asset. */
  readonly asset: string;
  readonly series: string;
  readonly closeAt: Micros;
  readonly floorUnits: number | undefined;
}

/** The content of a file of settlements. */
export interface SettledMarkets {
  /** By time. */
  readonly outcomes: readonly OutcomeFrame[];
  /** Each market's close and strike, by ticker; undefined where the row has no strike. */
  readonly terms: ReadonlyMap<string, SettledTerms>;
  /** Number of rows, by series, that were left out because no asset has that series. */
  readonly otherSeries: ReadonlyMap<string, number>;
  /** Number of rows, by result, that were left out because a market can also end as neither yes nor no. */
  readonly otherResults: ReadonlyMap<string, number>;
}

/** How a market may end besides yes and no: at a value between, or not at all (docs.kalshi.com). */
const OTHER_RESULTS: ReadonlySet<string> = new Set(['scalar', 'void', 'voided']);

/** An open quote swallows all that follows, up to this. */
const MOST_ROW_BYTES = 1 << 20;

/** A row that was believed, and its line. */
interface Kept {
  readonly line: number;
  readonly closeAt: Micros;
  readonly outcome: OutcomeFrame;
  readonly terms: SettledTerms;
}

/**
 * Settled markets of the assets' series from CSV, as `readText` opens it and RFC 4180 quotes it. Columns, in
 * any order: market_ticker, series, close_time_utc, floor_strike, expiration_value, result, settlement_ts.
 * `at` is the settlement's time, or ten seconds after the close if it is empty. `valueUnits` comes from
 * expiration_value, in units of the asset's index. A market of the quarter-hour series without a result gets
 * it from the rule of those contracts, value ≥ floor. Other rows without a result are left out. A row whose
 * result contradicts its own value and strike is refused, and so are two rows of one market that disagree.
 * Throws one sentence naming file, line and value.
 */
export async function readSettled(path: string, assets: readonly Asset[]): Promise<SettledMarkets> {
  const bySeries = new Map(
    assets.flatMap((asset) =>
      SERIES_KINDS.flatMap((kind) => {
        const series = asset.series[kind];
        return series === undefined ? [] : [[series, { asset, kind }] as const];
      }),
    ),
  );
  const otherSeries = new Map<string, number>();
  const otherResults = new Map<string, number>();
  const kept = new Map<string, Kept[]>();
  const count = (counts: Map<string, number>, name: string): void => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  let names: readonly string[] | undefined;
  let at: Record<Column, number> | undefined;

  for await (const { cells, line } of csvRows(path)) {
    const refuse = (what: string, value: string): never => {
      throw new Error(`settled: ${path} line ${line}: ${what}, was ${JSON.stringify(value.slice(0, 200))}`);
    };
    if (!names || !at) {
      names = cells;
      const missing = NEEDED.filter((name) => !cells.includes(name));
      if (missing.length > 0) refuse(`the header lacks ${missing.join(', ')}`, cells.join(','));
      at = Object.fromEntries(NEEDED.map((name) => [name, cells.indexOf(name)])) as Record<Column, number>;
      continue;
    }
    const columns = at;
    const cell = (name: Column): string => cells[columns[name]] ?? '';
    if (cells.length !== names.length) refuse(`a row must have ${names.length} columns`, cells.join(','));
    if (cell('market_ticker') === '') refuse('the row has no market_ticker', cells.join(','));
    const known = bySeries.get(cell('series'));
    if (!known) {
      count(otherSeries, cell('series'));
      continue;
    }
    if (OTHER_RESULTS.has(cell('result'))) {
      count(otherResults, cell('result'));
      continue;
    }
    const { asset, kind } = known;
    const { indexDecimals } = asset;
    const time = (name: Column): Micros =>
      rfc3339Micros(cell(name)) ?? refuse(`${name} must be RFC 3339 in UTC`, cell(name));
    const units = (name: Column): number | undefined =>
      cell(name) === ''
        ? undefined
        : (fixedPoint(cell(name), indexDecimals) ??
          refuse(
            `${name} must be dollars${cell(name).includes(',') ? ' without commas,' : ''} with at most ${indexDecimals} decimals`,
            cell(name),
          ));

    const valueUnits = units('expiration_value');
    const floorUnits = units('floor_strike');
    const stated = resultOf(cell('result'));
    if (stated === undefined && cell('result') !== '')
      refuse('result must be yes, no or empty', cell('result'));
    const ruled = ruledResult(kind, valueUnits, floorUnits);
    if (stated && ruled.refused === stated)
      refuse(
        `the result contradicts the row's own value ${cell('expiration_value')} and strike ${cell('floor_strike')}`,
        stated,
      );
    const result = stated ?? ruled.certain;
    if (result === undefined) continue;
    const closeAt = time('close_time_utc');
    const settledAt = cell('settlement_ts') === '' ? closeAt + SETTLING_MICROS : time('settlement_ts');
    if (settledAt < closeAt) refuse('settlement_ts lies before close_time_utc', cell('settlement_ts'));
    const ticker = cell('market_ticker');
    const outcome: OutcomeFrame = { kind: 'outcome', at: settledAt, ticker, valueUnits, result };
    const rows = kept.get(ticker) ?? [];
    const twin = rows.find((row) => Math.abs(row.closeAt - closeAt) !== HOUR);
    const terms: SettledTerms = { asset: asset.name, series: cell('series'), closeAt, floorUnits };
    const row: Kept = { line, closeAt, outcome, terms };
    const differs = twin && difference(twin, row);
    if (differs) refuse(`line ${twin.line} says otherwise of the same market (${differs})`, cells.join(','));
    if (twin) {
      // The same market told twice. The row that has the value says more.
      if (twin.outcome.valueUnits === undefined) rows[rows.indexOf(twin)] = row;
    } else kept.set(ticker, [...rows, row]);
  }
  if (!names)
    throw new Error(`settled: ${path} line 1: the file is empty; the header needs ${NEEDED.join(', ')}`);
  const outcomes = [...kept.values()]
    .flat()
    .map(({ outcome }) => outcome)
    .sort((a, b) => a.at - b.at);
  // Of an autumn night's two markets of one ticker, the first.
  const terms = new Map([...kept].flatMap(([ticker, [first]]) => (first ? [[ticker, first.terms]] : [])));
  return { outcomes, terms, otherSeries, otherResults };
}

/** How two rows of one market disagree; undefined if they do not. */
function difference(before: Kept, after: Kept): string | undefined {
  const [a, b] = [before.outcome, after.outcome];
  if (a.result !== b.result) return `result ${a.result}`;
  if (a.valueUnits !== undefined && b.valueUnits !== undefined && a.valueUnits !== b.valueUnits)
    return 'another expiration_value';
  return before.closeAt === after.closeAt ? undefined : 'another close_time_utc';
}

/** Rows of a CSV with the number of the line that each begins on. Empty lines are no rows. */
async function* csvRows(
  path: string,
): AsyncGenerator<{ readonly cells: readonly string[]; readonly line: number }> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_ROW_BYTES,
    record_delimiter: ['\r\n', '\n'],
  });
  // An error of the file reaches the loop through the parser.
  const rows = pipeline(readText(path, 'settled'), parser, () => {});
  try {
    for await (const read of rows) {
      const { record, info } = read as { record: readonly string[]; info: { lines: number } };
      const inside = record.reduce((lines, text) => lines + text.split('\n').length - 1, 0);
      yield { cells: record, line: info.lines - inside };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new Error(
      `settled: ${path} line ${String(cause['lines'] ?? '?')}: the quotes are broken (RFC 4180): ${cause.message}`,
    );
  }
}

/**
 * What value and strike say of a market: the result that is certain, and the one that cannot be. A
 * quarter-hour contract pays at or past its strike. A contract of another series may have an upper strike
 * too, or none below, so only a yes below the strike is impossible.
 */
function ruledResult(
  kind: SeriesKind,
  value: number | undefined,
  floor: number | undefined,
): { readonly certain?: 'yes' | 'no'; readonly refused?: 'yes' | 'no' } {
  if (value === undefined || floor === undefined) return {};
  if (kind === 'quarterHour')
    return value >= floor ? { certain: 'yes', refused: 'no' } : { certain: 'no', refused: 'yes' };
  return value < floor ? { refused: 'yes' } : {};
}

const resultOf = (text: string): 'yes' | 'no' | undefined =>
  text === 'yes' || text === 'no' ? text : undefined;
