import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { type QuoteRow, readQuotes } from '../../src/tape/quotes.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const HEADER = 'utc_ms,market_ticker,yes_bid,yes_ask,yes_bid_size,yes_ask_size,precision';
let files = 0;
const read = async (bytes: string | Buffer): Promise<readonly QuoteRow[]> => {
  const path = join(root, `${++files}.csv`);
  writeFileSync(path, bytes);
  const rows: QuoteRow[] = [];
  for await (const row of readQuotes(path)) rows.push(row);
  return rows;
};

describe('readQuotes', () => {
  test('reads prices in ticks and times in microseconds; a bid of nothing and an ask of a dollar are empty sides', async () => {
    const text = `${HEADER}\n1777597010031,T-1,0.0200,0.0310,,,rounded\r\n1777597010032,T-1,0.0000,1.0000,,,exact\n1777597010033,"T-2",,0.5,3,4,exact\n`;
    const rows = [
      { at: 1_777_597_010_031_000, ticker: 'T-1', bidTicks: 200, askTicks: 310 },
      { at: 1_777_597_010_032_000, ticker: 'T-1', bidTicks: undefined, askTicks: undefined },
      { at: 1_777_597_010_033_000, ticker: 'T-2', bidTicks: undefined, askTicks: 5_000 },
    ];
    expect(await read(text)).toEqual(rows);
    expect(await read(gzipSync(text))).toEqual(rows);
  });

  test('columns may come in any order', async () => {
    expect(await read('yes_ask,market_ticker,utc_ms,yes_bid\n0.5,T,1777597010031,0.4\n')).toEqual([
      { at: 1_777_597_010_031_000, ticker: 'T', bidTicks: 4_000, askTicks: 5_000 },
    ]);
  });

  test('a row that cannot be believed is named with its line, its value and what it should be', async () => {
    for (const [row, why] of [
      ['1777597010031,T,0.02', 'line 2: a row must have 7 columns'],
      ['1777597010,T,0.02,0.03,,,', 'line 2: utc_ms must be milliseconds since 1970, was "1777597010"'],
      ['1777597010031,T,2,0.03,,,', 'line 2: a price must be from 0 to 1, was "2"'],
      ['1777597010031,T,0.02001,0.03,,,', 'line 2: a price must be dollars with at most four decimals'],
      ['1777597010031,T,NaN,0.03,,,', 'line 2: a price must be dollars'],
      ['1777597010031,,0.02,0.03,,,', 'line 2: the row has no market_ticker'],
      ['1777597010031,"T,0.02,0.03,,,', 'line 2: the quotes of the row are broken'],
    ] as const)
      await expect(read(`${HEADER}\n${row}\n`)).rejects.toThrow(why);
    await expect(read('utc_ms,yes_bid\n')).rejects.toThrow('the header lacks market_ticker, yes_ask');
    await expect(read('')).rejects.toThrow('the file is empty');
  });
});
