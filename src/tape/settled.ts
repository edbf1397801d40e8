import { readFile } from 'node:fs/promises';
import { type Asset, seriesTickers } from '../domain/asset.ts';
import type { OutcomeFrame } from '../domain/frame.ts';
import { fixedPoint } from '../domain/money.ts';
import { rfc3339Micros } from '../domain/rfc3339.ts';
import { type Micros, SECOND } from '../domain/time.ts';

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

/** The content of a file of settlements. */
export interface SettledMarkets {
  /** By time. */
  readonly outcomes: readonly OutcomeFrame[];
  /** Number of rows, by series, that were left out because no asset has that series. */
  readonly otherSeries: ReadonlyMap<string, number>;
}

/**
 * Settled markets of the assets' series from CSV. Columns, in any order: market_ticker, series,
 * close_time_utc, floor_strike, expiration_value, result, settlement_ts. `at` is the settlement's time, or
 * ten seconds after the close if it is empty. `valueUnits` comes from expiration_value, in units of the
 * asset's index. A market of the quarter-hour series without a result gets it from the rule of those
 * contracts, value ≥ floor. Other rows without a result are left out. Throws one sentence naming file, line
 * and value.
 */
export async function readSettled(path: string, assets: readonly Asset[]): Promise<SettledMarkets> {
  const [header = '', ...rows] = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = header.split(',');
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new Error(
      `settled: ${path} line 1: the header lacks ${missing.join(', ')}, was ${JSON.stringify(header)}`,
    );
  const at = Object.fromEntries(NEEDED.map((name) => [name, names.indexOf(name)])) as Record<Column, number>;

  const bySeries = new Map(
    assets.flatMap((asset) => seriesTickers(asset).map((series) => [series, asset] as const)),
  );
  const otherSeries = new Map<string, number>();
  const outcomes = rows
    .flatMap((row, index): readonly OutcomeFrame[] => {
      if (row === '') return [];
      const cells = row.split(',');
      const cell = (name: Column): string => cells[at[name]] ?? '';
      const refuse = (what: string, value: string): never => {
        throw new Error(`settled: ${path} line ${index + 2}: ${what}, was ${JSON.stringify(value)}`);
      };
      if (cells.length !== names.length) refuse(`a row must have ${names.length} columns`, row);
      if (cell('market_ticker') === '') refuse('the row has no market_ticker', row);
      const series = cell('series');
      const asset = bySeries.get(series);
      if (!asset) {
        otherSeries.set(series, (otherSeries.get(series) ?? 0) + 1);
        return [];
      }
      const { indexDecimals } = asset;
      const time = (name: Column): Micros =>
        rfc3339Micros(cell(name)) ?? refuse(`${name} must be RFC 3339 in UTC`, cell(name));
      const units = (name: Column): number | undefined =>
        cell(name) === ''
          ? undefined
          : (fixedPoint(cell(name), indexDecimals) ??
            refuse(`${name} must be dollars with at most ${indexDecimals} decimals`, cell(name)));

      const valueUnits = units('expiration_value');
      const floorUnits = units('floor_strike');
      const result = resultOf(cell('result'));
      if (result === undefined && cell('result') !== '')
        refuse('result must be yes, no or empty', cell('result'));
      const known =
        result ?? (series === asset.series.quarterHour ? atLeast(valueUnits, floorUnits) : undefined);
      if (known === undefined) return [];
      const settledAt =
        cell('settlement_ts') === '' ? time('close_time_utc') + SETTLING_MICROS : time('settlement_ts');
      return [{ kind: 'outcome', at: settledAt, ticker: cell('market_ticker'), valueUnits, result: known }];
    })
    .sort((a, b) => a.at - b.at);
  return { outcomes, otherSeries };
}

const resultOf = (text: string): 'yes' | 'no' | undefined =>
  text === 'yes' || text === 'no' ? text : undefined;

const atLeast = (value: number | undefined, floor: number | undefined): 'yes' | 'no' | undefined => {
  if (value === undefined || floor === undefined) return undefined;
  return value >= floor ? 'yes' : 'no';
};
