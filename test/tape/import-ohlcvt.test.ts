import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { SECOND } from '../../src/domain/time.ts';
import { readHistory } from '../../src/tape/history.ts';
import { HISTORY_HEADER, historyLine } from '../../src/tape/history-line.ts';
import { importOhlcvt } from '../../src/tape/import-ohlcvt.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A whole minute of 2025; rows below count minutes from it. */
const FROM = 1_750_000_020;
const NOW = (FROM + 86_400) * SECOND;
const t = (minute: number): number => FROM + 60 * minute;
const folder = tempFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const barsOf = async (text: string): Promise<readonly MinuteBar[]> => {
  const bars: MinuteBar[] = [];
  for await (const block of importOhlcvt(file('XBTUSD_1.csv', text), NOW)) bars.push(...block);
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
    const bars = await barsOf(`${t(0)},1,4,0.5,2,5,1\n${t(1)},2,2,2,2,5,1\n${t(4)},3,3,3,3,1,1\n`);
    const flat = { open: 2, high: 2, low: 2, close: 2, volume: 0, flag: 0 };
    expect(bars.map(({ openAt }) => openAt / SECOND)).toEqual([0, 1, 2, 3, 4].map(t));
    expect(bars.slice(2, 4)).toEqual([
      { openAt: t(2) * SECOND, ...flat },
      { openAt: t(3) * SECOND, ...flat },
    ]);
  });

  test('empty lines and Windows line ends are no rows, an empty file no bars', async () => {
    expect(await barsOf(`${t(0)},1,1,1,1,1,1\r\n\r\n${t(1)},1,1,1,1,1,1\r\n`)).toHaveLength(2);
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
      `${t(0)},1,1,1,1,1,1\n${t(1)},1,1,1,1,1\n`,
      /line 2: a row must have timestamp, .* was "1750000080,1,1,1,1,1"$/,
    ],
    [
      'a column too many',
      `${t(0)},1,1,1,1,1,1,1\n`,
      /line 1: a row must have .*is this the one-minute file\?/,
    ],
    ['half a minute', `${t(0.5)},1,1,1,1,1,1\n`, /line 1: the timestamp must be/],
    ['half a second', `${t(0)}.5,1,1,1,1,1,1\n`, /line 1: the timestamp must be/],
    ['no timestamp', ',1,1,1,1,1,1\n', /line 1: the timestamp must be/],
    ['a price of zero', `${t(0)},1,1,0,1,1,1\n`, /line 1: prices must be above 0/],
    ['a price that is none', `${t(0)},1,1,1,one,1,1\n`, /line 1: prices must be above 0/],
    ['a negative volume', `${t(0)},1,1,1,1,-1,1\n`, /line 1: the volume must be 0 or more/],
    ['no volume', `${t(0)},1,1,1,1,,1\n`, /line 1: the volume must be 0 or more/],
    [
      'a minute twice',
      `${t(0)},1,1,1,1,1,1\n${t(0)},1,1,1,1,1,1\n`,
      /line 2: line 1 has the same time, 2025-06-15T15:07Z; keep one of the two/,
    ],
    [
      'newest first',
      `${t(1)},1,1,1,1,1,1\n\n${t(0)},1,1,1,1,1,1\n`,
      /line 3: the file seems to run newest first .*; sort it by time/,
    ],
    [
      'a minute too early',
      `${t(1)},1,1,1,1,1,1\n${t(2)},1,1,1,1,1,1\n${t(0)},1,1,1,1,1,1\n`,
      /line 3: the row is of 2025-06-15T15:07Z and line 2 before it of 2025-06-15T15:09Z; sort the file/,
    ],
    ['milliseconds', `${t(0)}000,1,1,1,1,1,1\n`, /line 1: .* looks like milliseconds; convert it/],
    ['microseconds', `${t(0)}000000,1,1,1,1,1,1\n`, /line 1: .* looks like microseconds/],
    ['nanoseconds', `${t(0)}000000000,1,1,1,1,1,1\n`, /line 1: .* looks like nanoseconds/],
    ['a year before there were bars', '60,1,1,1,1,1,1\n', /line 1: the timestamp lies before 2011/],
    ['a year ahead', `${t(525_600)},1,1,1,1,1,1\n`, /line 1: the timestamp lies in the future/],
    ['a price without end', `${t(0)},1,1e400,1,1,1,1\n`, /line 1: prices must be finite/],
    ['a close above the high', `${t(0)},1,1,1,2,1,1\n`, /line 1: open and close must lie from low to high/],
    ['an open below the low', `${t(0)},1,3,2,2,1,1\n`, /line 1: open and close must lie from low to high/],
    ['broken quotes', `"${t(0)},1,1,1,1,1,1\n`, /line 1: the quotes of the row are broken/],
  ])('%s is refused with file, line and row', async (_, text, message) => {
    await expect(barsOf(text)).rejects.toThrow(message);
    await expect(barsOf(text)).rejects.toThrow(/^ohlcvt: \S+XBTUSD_1\.csv line \d: .*, was ".*"$/);
  });

  test('rows before the bad one have come through', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `${t(n)},1,1,1,1,1,1\n`).join('');
    const blocks = importOhlcvt(file('late.csv', `${many}bad\n`));
    expect((await blocks.next()).value?.[0]).toMatchObject({ openAt: t(0) * SECOND });
    const rest = async (): Promise<void> => {
      for await (const _ of blocks);
    };
    await expect(rest()).rejects.toThrow(/line 20001/);
  });

  test('a file that is not there is an error', async () => {
    await expect(importOhlcvt(join(folder, 'absent.csv')).next()).rejects.toThrow(/ENOENT/);
  });
});

describe('a file that is not the one-minute file', () => {
  test.each([2, 3, 5, 15, 60, 240, 720, 1_440])(
    'bars of %d minutes are refused by their interval',
    async (interval) => {
      const rows = Array.from({ length: 40 }, (_, n) => `${t(n * interval - 60_000)},1,1,1,1,1,1\n`).join('');
      await expect(barsOf(rows)).rejects.toThrow(
        interval === 1_440
          ? /the rows are 1 day apart/
          : new RegExp(`the rows are ${interval} minutes apart`),
      );
    },
  );

  test('a run of more than thirty minutes without a row stays a hole, of thirty is filled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (empty) => {
        const bars = await barsOf([0, 1, 2 + empty, 3 + empty].map((n) => `${t(n)},1,1,1,1,1,1\n`).join(''));
        expect(bars).toHaveLength(empty <= 30 ? 4 + empty : 4);
      }),
      { numRuns: 40 },
    );
  });
});

describe('historyLine', () => {
  test('what is written is what is read, to the last digit', async () => {
    const lots = fc.nat(2 ** 40).map((n) => n / 1e8);
    const price = fc.integer({ min: 1, max: 2_000_000 }).map((ticks) => ticks / 10);
    const bars = fc.array(
      fc
        .record({ prices: fc.tuple(price, price), volume: lots, flag: fc.constantFrom(0, 1, 2) })
        .map(({ prices: [open, close], ...rest }) => ({
          open,
          high: Math.max(open, close),
          low: Math.min(open, close),
          close,
          ...rest,
        })),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(bars, async (list) => {
        const made = list.map((bar, n) => ({ openAt: (FROM + n * 60) * SECOND, ...bar }) as MinuteBar);
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
