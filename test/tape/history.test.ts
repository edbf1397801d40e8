import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SECOND } from '../../src/domain/time.ts';
import { readHistory } from '../../src/tape/history.ts';
import { dataPath, describeData } from '../support/data.ts';
import { tempFolder } from '../support/temp-folder.ts';

const VENUE = 'timestamp_utc_seconds,open,high,low,close,volume,flag';
const INDEX = 'timestamp_utc_seconds,open,high,low,close,n';
/** A whole minute of 2025; `60` and its multiples in rows below count from the minute before it. */
const FROM = 1_750_000_020;
const at = (seconds: number): number => FROM - 60 + seconds;
/** Puts real times into rows that count seconds. */
const timed = (rows: string): string =>
  rows.replaceAll(/^"?(\d+)/gm, (text, digits: string) => text.replace(digits, String(at(Number(digits)))));
const folder = tempFolder();

const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe('readHistory', () => {
  test('a venue has volume and flag', async () => {
    const path = file('venue.csv', timed(`${VENUE}\n60,1,4,0.5,2,9.6e-05,0\n120,2,2,2,2,0,2\n`));
    expect(await readHistory(path)).toEqual([
      { openAt: at(60) * SECOND, open: 1, high: 4, low: 0.5, close: 2, volume: 9.6e-5, flag: 0 },
      { openAt: at(120) * SECOND, open: 2, high: 2, low: 2, close: 2, volume: 0, flag: 2 },
    ]);
  });

  test('an index has volume 0 and flag 0, gzip and Windows line ends read alike', async () => {
    const path = file('index.csv.gz', gzipSync(timed(`${INDEX}\r\n60,1,4,0.5,2,3\r\n`)));
    expect(await readHistory(path)).toEqual([
      { openAt: at(60) * SECOND, open: 1, high: 4, low: 0.5, close: 2, volume: 0, flag: 0 },
    ]);
  });

  test('only bars that open in [from, before) are kept', async () => {
    const path = file(
      'range.csv',
      timed(`${INDEX}\n60,1,1,1,1,1\n120,2,2,2,2,1\n180,3,3,3,3,1\n240,4,4,4,4,1\n`),
    );
    const bars = await readHistory(path, { from: at(120) * SECOND, before: at(240) * SECOND });
    expect(bars.map((bar) => bar.close)).toEqual([2, 3]);
  });

  test.each([
    ['a wrong header', 'time,price\n', /bad\.csv line 1: the header must be .* or .*, was "time,price"/],
    ['an empty file', '', /is empty/],
    [
      'a missing column',
      `${VENUE}\n60,1,1,1,1,1\n`,
      /line 2: a row must have 7 columns, was "1750000020,1,1,1,1,1"/,
    ],
    ['a column too many', `${INDEX}\n60,1,1,1,1,1,0,0,0,0\n`, /line 2: a row must have 6 columns/],
    [
      'a second past the minute',
      `${INDEX}\n61,1,1,1,1,1\n`,
      /line 2: the timestamp must be UTC seconds at a whole minute/,
    ],
    ['no timestamp', `${INDEX}\n,1,1,1,1,1\n`, /line 2: the timestamp/],
    [
      'a repeated minute',
      `${INDEX}\n60,1,1,1,1,1\n60,1,1,1,1,1\n`,
      /line 3: line 2 has the same time, .*; keep one of the two/,
    ],
    ['newest first', `${INDEX}\n120,1,1,1,1,1\n60,1,1,1,1,1\n`, /line 3: the file seems to run newest first/],
    ['a price without end', `${INDEX}\n60,1,1e400,1,1,1\n`, /line 2: prices must be finite/],
    [
      'a high below the close',
      `${INDEX}\n60,1,1,1,2,1\n`,
      /line 2: open and close must lie from low to high/,
    ],
    ['five minutes', `${INDEX}\n60,1,1,1,1,1\n360,1,1,1,1,1\n`, /the rows are 5 minutes apart/],
    ['an open quote', `${INDEX}\n60,1,"1,1,1,1\n`, /line 2: the quotes of the row are broken/],
    ['a price of zero', `${INDEX}\n60,1,1,0,1,1\n`, /line 2: prices must be above 0/],
    ['an empty price', `${INDEX}\n60,1,1,1,,1\n`, /line 2: prices must be above 0/],
    ['a negative volume', `${VENUE}\n60,1,1,1,1,-1,0\n`, /line 2: the volume must be 0 or more/],
    ['an unknown flag', `${VENUE}\n60,1,1,1,1,1,3\n`, /line 2: the flag must be 0, 1 or 2/],
  ])('%s is refused with file, line and value', async (_, content, message) => {
    await expect(readHistory(file('bad.csv', timed(content)))).rejects.toThrow(message);
  });

  test('a file of more bars than there is memory for is refused before the memory is used up', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${FROM + i * 60},1,1,1,1,1`).join('\n');
    const path = file('long.csv', `${INDEX}\n${rows}\n`);
    expect(await readHistory(path, { mostBars: 50 })).toHaveLength(50);
    await expect(readHistory(path, { mostBars: 49 })).rejects.toThrow(
      /long\.csv holds more than the 49 bars that this process has memory for/,
    );
  });

  test('a cut gzip file is refused, not silently shortened', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `${FROM + i * 60},1,1,1,1,${i % 7}`).join('\n');
    const whole = gzipSync(`${INDEX}\n${rows}\n`);
    const path = file('cut.csv.gz', whole.subarray(0, whole.length / 2));
    await expect(readHistory(path)).rejects.toThrow(/damaged, fetch it again/);
  });
});

describeData('readHistory on recorded bars', () => {
  test('a day of Kraken and of the index is whole, and Kraken carries flags', async () => {
    const range = { from: Date.parse('2026-05-10') * 1000, before: Date.parse('2026-05-11') * 1000 };
    const kraken = await readHistory(dataPath('btcusd', 'kraken-1m.csv.gz'), range);
    const index = await readHistory(dataPath('btcusd', 'index-1m.csv.gz'), range);
    expect(kraken).toHaveLength(1440);
    expect(index).toHaveLength(1440);
    expect(index.map((bar) => bar.openAt)).toEqual(kraken.map((bar) => bar.openAt));
    expect(kraken.every((bar) => bar.low <= Math.min(bar.open, bar.close) && bar.high >= bar.close)).toBe(
      true,
    );
  });
});
