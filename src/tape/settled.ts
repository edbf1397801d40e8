import { readFile } from 'node:fs/promises';
import type { OutcomeFrame } from '../domain/frame.ts';
import { fixedPoint } from '../domain/money.ts';
import { rfc3339Micros } from '../domain/rfc3339.ts';
import { type Micros, SECOND } from '../domain/time.ts';

/** Typical wait from close to settlement, taken where the file has no settlement time. */
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

/**
 * Settled markets from CSV, by time. Columns, in any order: market_ticker, series, close_time_utc, floor_strike, expiration_value, result,
 * settlement_ts. `at` is the settlement's time, or ten seconds after the close where it is empty; `valueUnits` comes from expiration_value.
 * A quarter-hour market without a result gets it from value ≥ floor, the law of KXBTC15M; other rows without one are left out.
 * Throws one sentence naming file, line and value.
 */
export async function readSettled(path: string): Promise<readonly OutcomeFrame[]> {
  const [header = '', ...rows] = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = header.split(',');
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new Error(
      `settled: ${path} line 1: the header lacks ${missing.join(', ')}, was ${JSON.stringify(header)}`,
    );
  const at = Object.fromEntries(NEEDED.map((name) => [name, names.indexOf(name)])) as Record<Column, number>;

  return rows
    .flatMap((row, index) => {
      if (row === '') return [];
      const cells = row.split(',');
      const cell = (name: Column): string => cells[at[name]] ?? '';
      const refuse = (what: string, value: string): never => {
        throw new Error(`settled: ${path} line ${index + 2}: ${what}, was ${JSON.stringify(value)}`);
      };
      if (cells.length !== names.length) refuse(`a row must have ${names.length} columns`, row);
      const time = (name: Column): Micros =>
        rfc3339Micros(cell(name)) ?? refuse(`${name} must be RFC 3339 in UTC`, cell(name));
      const cents = (name: Column): number | undefined =>
        cell(name) === ''
          ? undefined
          : (fixedPoint(cell(name), 2) ?? refuse(`${name} must be dollars and cents`, cell(name)));

      const valueUnits = cents('expiration_value');
      const floorUnits = cents('floor_strike');
      const result = resultOf(cell('result'));
      if (result === undefined && cell('result') !== '')
        refuse('result must be yes, no or empty', cell('result'));
      const known = result ?? (cell('series') === 'KXBTC15M' ? atLeast(valueUnits, floorUnits) : undefined);
      if (cell('market_ticker') === '') refuse('the row has no market_ticker', row);
      if (known === undefined) return [];
      const settledAt =
        cell('settlement_ts') === '' ? time('close_time_utc') + SETTLING_MICROS : time('settlement_ts');
      return [
        { kind: 'outcome', at: settledAt, ticker: cell('market_ticker'), valueUnits, result: known } as const,
      ];
    })
    .sort((a, b) => a.at - b.at);
}

const resultOf = (text: string): 'yes' | 'no' | undefined =>
  text === 'yes' || text === 'no' ? text : undefined;

const atLeast = (value: number | undefined, floor: number | undefined): 'yes' | 'no' | undefined => {
  if (value === undefined || floor === undefined) return undefined;
  return value >= floor ? 'yes' : 'no';
};
