import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readSettled } from '../../src/tape/settled.ts';
import { BTC, DOGE, SOL } from '../support/assets.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HEADER =
  'market_ticker,series,close_time_utc,floor_strike,expiration_value,result,settlement_ts,value_source';
const CLOSE = '2026-05-13T23:15:00Z';
const CLOSE_MICROS = Date.parse(CLOSE) * 1000;
const folder = tempFolder();

const read = (...rows: readonly string[]) => {
  const path = join(folder, 'settled.csv');
  writeFileSync(path, `${[HEADER, ...rows].join('\n')}\n`);
  return readSettled(path, [BTC, SOL, DOGE]);
};
const settled = async (...rows: readonly string[]) => (await read(...rows)).outcomes;

describe('readSettled', () => {
  test('value in cents, result and settlement time to the microsecond', async () => {
    expect(
      await settled(`T-1,KXBTC15M,${CLOSE},79396.49,79353.2,no,2026-05-13T23:15:28.708555Z,published`),
    ).toEqual([
      { kind: 'outcome', at: CLOSE_MICROS + 28_708_555, ticker: 'T-1', valueUnits: 7_935_320, result: 'no' },
    ]);
  });

  test('without a settlement time it is ten seconds after the close; without a value it is the result alone', async () => {
    expect(await settled(`T-1,KXBTC15M,${CLOSE},79396.49,,yes,,`)).toEqual([
      { kind: 'outcome', at: CLOSE_MICROS + 10_000_000, ticker: 'T-1', valueUnits: undefined, result: 'yes' },
    ]);
  });

  test('a missing result follows from value and floor, a tie being yes, and otherwise the row says nothing', async () => {
    const outcomes = await settled(
      `A,KXBTC15M,${CLOSE},100.00,100.00,,,`,
      `B,KXBTC15M,${CLOSE},100.00,99.99,,,`,
      `C,KXBTC15M,${CLOSE},,99.99,,,`,
      `D,KXBTCD,${CLOSE},100.00,100.00,,,`,
    );
    expect(outcomes.map(({ ticker, result }) => [ticker, result])).toEqual([
      ['A', 'yes'],
      ['B', 'no'],
    ]);
  });

  test('values are in the unit of their own asset’s index, and its own quarter-hour series infers results', async () => {
    const outcomes = await settled(
      `A,KXSOL15M,${CLOSE},139.0001,139.0001,,,`,
      `B,KXDOGE15M,${CLOSE},0.2345679,0.2345678,,,`,
    );
    expect(outcomes.map(({ valueUnits, result }) => [valueUnits, result])).toEqual([
      [1_390_001, 'yes'],
      [2_345_678, 'no'],
    ]);
    await expect(settled(`A,KXSOL15M,${CLOSE},139,139.00001,,,`)).rejects.toThrow('at most 4 decimals');
  });

  test('rows of a series that no asset has are left out and counted, whatever their cells say', async () => {
    const { outcomes, otherSeries } = await read(
      `A,KXETH15M,${CLOSE},1,1.00001,yes,,`,
      `B,KXBTC15M,${CLOSE},1,1,yes,,`,
      `C,KXETH15M,,,,,,`,
      `D,S,,,,,,`,
    );
    expect(outcomes.map(({ ticker }) => ticker)).toEqual(['B']);
    expect([...otherSeries]).toEqual([
      ['KXETH15M', 2],
      ['S', 1],
    ]);
  });

  test('outcomes come in order of time', async () => {
    const outcomes = await settled(
      `B,KXBTC,2026-05-13T23:30:00Z,,,no,,`,
      `A,KXBTC,2026-05-13T23:15:00Z,,,no,,`,
    );
    expect(outcomes.map(({ ticker }) => ticker)).toEqual(['A', 'B']);
  });

  test.each([
    [
      'a word for a result',
      `A,KXBTC,${CLOSE},1,1,maybe,,`,
      /line 2: result must be yes, no or empty, was "maybe"/,
    ],
    [
      'a tenth of a cent',
      `A,KXBTC,${CLOSE},1,1.001,yes,,`,
      /line 2: expiration_value must be dollars with at most 2 decimals, was "1.001"/,
    ],
    ['a local time', 'A,KXBTC,2026-05-13 23:15,1,1,yes,,', /line 2: close_time_utc must be RFC 3339/],
    ['a short row', 'A,S', /line 2: a row must have 8 columns/],
    ['no ticker', `,KXBTC,${CLOSE},1,1,yes,,`, /line 2: the row has no market_ticker/],
  ])('%s is refused with file, line and value', async (_, row, message) => {
    await expect(settled(row)).rejects.toThrow(message);
  });

  test('a market that is neither yes nor no is left out and counted, whatever its series', async () => {
    const { outcomes, otherResults } = await read(
      `A,KXBTC15M,${CLOSE},1,1,void,,`,
      `B,KXBTCD,${CLOSE},1,,scalar,,`,
      `C,KXBTC15M,${CLOSE},1,1,yes,,`,
    );
    expect(outcomes.map(({ ticker }) => ticker)).toEqual(['C']);
    expect([...otherResults]).toEqual([
      ['void', 1],
      ['scalar', 1],
    ]);
  });

  test.each([
    [
      'no at its strike',
      [`A,KXBTC15M,${CLOSE},1,1,no,,`],
      /line 2: the result contradicts .* value 1 and strike 1, was "no"/,
    ],
    ['yes below its strike', [`A,KXBTC15M,${CLOSE},2,1,yes,,`], /line 2: the result contradicts/],
    [
      'yes below the strike of another series',
      [`A,KXBTCD,${CLOSE},2,1,yes,,`],
      /line 2: the result contradicts/,
    ],
    [
      'two results',
      [`A,KXBTC,${CLOSE},,,yes,,`, `A,KXBTC,${CLOSE},,,no,,`],
      /line 3: line 2 says otherwise .*\(result yes\)/,
    ],
    [
      'two values',
      [`A,KXBTC,${CLOSE},,1,no,,`, `A,KXBTC,${CLOSE},,2,no,,`],
      /line 3: line 2 says otherwise .*another expiration_value/,
    ],
    [
      'two closes',
      [`A,KXBTC,${CLOSE},,1,no,,`, `A,KXBTC,2026-05-13T23:20:00Z,,1,no,,`],
      /line 3: line 2 says otherwise .*another close/,
    ],
    [
      'settled before its close',
      [`A,KXBTC,${CLOSE},,,no,2026-05-13T23:14:59Z,`],
      /line 2: settlement_ts lies before/,
    ],
    [
      'commas in a value',
      [`A,KXBTC,${CLOSE},,"81,087.33",no,,`],
      /expiration_value must be dollars without commas/,
    ],
    [
      'an open quote',
      [`A,KXBTC,${CLOSE},,1,no,,`, `B,KXBTC,${CLOSE},,1,no,,"x`],
      /the quotes are broken \(RFC 4180\)/,
    ],
  ])('%s is refused by its line', async (_, rows, message) => {
    await expect(settled(...rows)).rejects.toThrow(message);
  });

  test('a row twice is one outcome, with the value if one of them has it; the hour that comes twice in autumn is two', async () => {
    const twice = await settled(
      `A,KXBTC,${CLOSE},,,no,,`,
      `A,KXBTC,${CLOSE},,7,no,,`,
      `A,KXBTC,${CLOSE},,,no,,`,
    );
    expect(twice.map(({ valueUnits }) => valueUnits)).toEqual([700]);
    const hours = await settled(
      `A,KXBTC,2026-11-01T05:30:00Z,,,no,,`,
      `A,KXBTC,2026-11-01T06:30:00Z,,,yes,,`,
    );
    expect(hours.map(({ result }) => result)).toEqual(['no', 'yes']);
  });

  test('a title with commas, quotes and a line end is one cell, and lines are still counted', async () => {
    const title = '"BTC at May 11, ""8:30""\nEDT?"';
    expect(await settled(`A,KXBTC,${CLOSE},,,no,,${title}`)).toHaveLength(1);
    await expect(settled(`A,KXBTC,${CLOSE},,,no,,${title}`, `B,KXBTC,${CLOSE},,,maybe,,`)).rejects.toThrow(
      /line 4: result/,
    );
  });

  test('a header that lacks a column is refused by its name', async () => {
    const path = join(folder, 'header.csv');
    writeFileSync(path, 'market_ticker,result\n');
    await expect(readSettled(path, [BTC])).rejects.toThrow(/line 1: the header lacks series, close_time_utc/);
  });
});

describeData('readSettled on recorded settlements', () => {
  test('every market is an outcome once: the 15 without a result have value and strike', async () => {
    const { outcomes, otherSeries } = await readSettled(dataPath('kalshi', 'settled-kxbtc15m.csv'), [BTC]);
    expect(otherSeries.size).toBe(0);
    expect(outcomes).toHaveLength(2768);
    expect(new Set(outcomes.map(({ ticker }) => ticker)).size).toBe(2768);
    expect(outcomes.filter(({ valueUnits }) => valueUnits !== undefined)).toHaveLength(1441);
  });
});
