import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { readBars } from '../../pipelines/load/read-bars.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const FROM = Date.UTC(2026, 0, 5) * 1_000;

/** An index file of minutes [from, to) whose close is `close`; indices have no volume. */
const index = (name: string, from: number, to: number, close: number): string => {
  const path = join(root, name);
  const rows = Array.from(
    { length: to - from },
    (_, i) => `${(FROM + (from + i) * MINUTE) / SECOND},1,999,1,${close},4\n`,
  );
  const text = `timestamp_utc_seconds,open,high,low,close,n\n${rows.join('')}`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};
/** A venue's file: `[minute, volume, flag]` a row. */
const venue = (name: string, rows: readonly (readonly [number, number, number])[]): string => {
  const path = join(root, name);
  const lines = rows.map(
    ([minute, volume, flag]) => `${(FROM + minute * MINUTE) / SECOND},7,7,7,7,${volume},${flag}\n`,
  );
  writeFileSync(path, `timestamp_utc_seconds,open,high,low,close,volume,flag\n${lines.join('')}`);
  return path;
};
const minuteOf = ({ openAt }: { readonly openAt: number }): number => (openAt - FROM) / MINUTE;

describe('readBars', () => {
  test('files are joined in time, gzip and plain alike, in whatever order they are given', async () => {
    const [early, late] = [index('early.csv.gz', 0, 3, 100), index('late.csv', 3, 6, 200)];
    for (const paths of [
      [early, late],
      [late, early],
    ]) {
      const bars = await readBars(paths, []);
      expect(bars.map((bar) => [minuteOf(bar), bar.close])).toEqual([
        [0, 100],
        [1, 100],
        [2, 100],
        [3, 200],
        [4, 200],
        [5, 200],
      ]);
    }
  });

  test('without volume files bars keep their own; with them volume is theirs, and unknown is NaN', async () => {
    const [prices, volumes] = [
      index('prices.csv', 0, 4, 100),
      venue('kraken.csv', [
        [0, 1.5, 0],
        [1, 2.5, 1],
        [3, 0, 0],
        [9, 9, 0],
      ]),
    ];
    expect((await readBars([volumes], [])).map(({ volume }) => volume)).toEqual([1.5, 2.5, 0, 9]);
    // An index alone says nothing of volume, which is not that there was none.
    expect((await readBars([prices], [])).map(({ volume }) => volume)).toEqual(Array(4).fill(Number.NaN));
    const bars = await readBars([prices], [volumes]);
    expect(bars.map(({ volume }) => volume)).toEqual([1.5, Number.NaN, Number.NaN, 0]);
    expect(bars.map(({ close }) => close)).toEqual([100, 100, 100, 100]);
  });

  test('two volume files are one, in the measure of the newer', async () => {
    const old = venue(
      'old.csv',
      [0, 1, 2, 3].map((minute) => [minute, 10, 0]),
    );
    const young = venue(
      'young.csv',
      [2, 3, 4].map((minute) => [minute, 30, 0]),
    );
    const bars = await readBars([index('p.csv', 0, 5, 100)], [old, young]);
    expect(bars.map(({ volume }) => volume)).toEqual([30, 30, 30, 30, 30]);
  });

  test('only the range is read, of prices and volumes alike', async () => {
    const bars = await readBars([index('long.csv', 0, 50, 1)], [venue('v.csv', [[11, 3, 0]])], {
      from: FROM + 10 * MINUTE,
      before: FROM + 13 * MINUTE,
    });
    expect(bars.map((bar) => [minuteOf(bar), bar.volume])).toEqual([
      [10, Number.NaN],
      [11, 3],
      [12, Number.NaN],
    ]);
  });

  test('a file that cannot be used is refused by its name, and files without a bar in the range too', async () => {
    const bad = join(root, 'bad.csv');
    writeFileSync(bad, 'time,price\n');
    await expect(readBars([index('good.csv', 0, 3, 1), bad], [])).rejects.toThrow(
      /bad\.csv line 1: the header/,
    );
    await expect(readBars([index('good.csv', 0, 3, 1)], [bad])).rejects.toThrow(/bad\.csv line 1/);
    await expect(readBars([index('good.csv', 0, 3, 1)], [], { before: FROM })).rejects.toThrow(
      'there must be a bar',
    );
  });
});
