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
