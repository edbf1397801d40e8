import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { readHistory } from '../../src/tape/history.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import { importOhlcvt } from '../../src/tape/import-ohlcvt.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const barsOf = async (text: string): Promise<readonly MinuteBar[]> => {
  const bars: MinuteBar[] = [];
  for await (const bar of importOhlcvt(file('XBTUSD_1.csv', text))) bars.push(bar);
  return bars;
};

describe('importOhlcvt', () => {
  test('columns are what the archive says they are, the last one is not needed', async () => {
    expect(await barsOf('1381095240,122.0,123.5,121.75,123.0,0.10000000,9\n')).toEqual([
      {
        openAt: 1_381_095_240 * SECOND,
        open: 122,
        high: 123.5,
        low: 121.75,
        close: 123,
        volume: 0.1,
        flag: 0,
      },
    ]);
  });

  test('minutes the archive leaves out are flat at the close before them', async () => {
    const bars = await barsOf('60,1,4,0.5,2,5,1\n240,3,3,3,3,1,1\n');
    const flat = { open: 2, high: 2, low: 2, close: 2, volume: 0, flag: 0 };
    expect(bars.map(({ openAt }) => openAt / MINUTE)).toEqual([1, 2, 3, 4]);
    expect(bars.slice(1, 3)).toEqual([
      { openAt: 2 * MINUTE, ...flat },
      { openAt: 3 * MINUTE, ...flat },
    ]);
  });

  test('empty lines and Windows line ends are no rows, an empty file no bars', async () => {
    expect(await barsOf('60,1,1,1,1,1,1\r\n\r\n120,1,1,1,1,1,1\r\n')).toHaveLength(2);
    expect(await barsOf('')).toEqual([]);
  });

  test.each([
    [
      'a header',
      'timestamp,open,high,low,close,volume,trades\n',
      /line 1: the timestamp must be UTC seconds at a whole minute, was "timestamp,open/,
    ],
    [
      'a column too few',
      '60,1,1,1,1,1,1\n120,1,1,1,1,1\n',
      /line 2: a row must have timestamp, .* was "120,1,1,1,1,1"$/,
    ],
    ['a column too many', '60,1,1,1,1,1,1,1\n', /line 1: a row must have .*is this the one-minute file\?/],
    ['half a minute', '90,1,1,1,1,1,1\n', /line 1: the timestamp must be/],
    ['milliseconds', '60.5,1,1,1,1,1,1\n', /line 1: the timestamp must be/],
    ['no timestamp', ',1,1,1,1,1,1\n', /line 1: the timestamp must be/],
    ['a price of zero', '60,1,1,0,1,1,1\n', /line 1: prices must be above 0/],
    ['a price that is none', '60,1,1,1,one,1,1\n', /line 1: prices must be above 0/],
    ['a negative volume', '60,1,1,1,1,-1,1\n', /line 1: the volume must be 0 or more/],
    ['no volume', '60,1,1,1,1,,1\n', /line 1: the volume must be 0 or more/],
    [
      'a minute twice',
      '60,1,1,1,1,1,1\n60,1,1,1,1,1,1\n',
      /line 2: rows must be in order of time without repeats/,
    ],
    ['a minute too early', '120,1,1,1,1,1,1\n\n60,1,1,1,1,1,1\n', /line 3: rows must be in order of time/],
  ])('%s is refused with file, line and row', async (_, text, message) => {
    await expect(barsOf(text)).rejects.toThrow(message);
    await expect(barsOf(text)).rejects.toThrow(/^ohlcvt: \S+XBTUSD_1\.csv line \d: .*, was ".*"$/);
  });

  test('rows before the bad one have come through', async () => {
    const bars = importOhlcvt(file('late.csv', '60,1,1,1,1,1,1\nbad\n'));
    expect((await bars.next()).value).toMatchObject({ openAt: MINUTE });
    await expect(bars.next()).rejects.toThrow(/line 2/);
  });

  test('a file that is not there is an error', async () => {
    await expect(importOhlcvt(join(folder, 'absent.csv')).next()).rejects.toThrow(/ENOENT/);
  });
});

describe('historyLine', () => {
  test('what is written is what is read, to the last digit', async () => {
    const lots = fc.nat(2 ** 40).map((n) => n / 1e8);
    const price = fc.integer({ min: 1, max: 2_000_000 }).map((ticks) => ticks / 10);
    const bars = fc.array(
      fc.record({
        open: price,
        high: price,
        low: price,
        close: price,
        volume: lots,
        flag: fc.constantFrom(0, 1, 2),
      }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(bars, async (list) => {
        const made = list.map(
          (bar, n) => ({ openAt: (1_000_000_020 + n * 60) * SECOND, ...bar }) as MinuteBar,
        );
        const path = file('round.csv', HISTORY_HEADER + made.map(historyLine).join(''));
        expect(await readHistory(path)).toEqual(made);
      }),
    );
  });

  test('no number has an exponent', () => {
    const line = historyLine({
      openAt: 60 * SECOND,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume: 1e-8,
      flag: 0,
    });
    expect(line).toBe('60,1,1,1,1,0.00000001,0\n');
  });
});
