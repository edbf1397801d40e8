import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { concatBars, concatVolumes, withVolumeOf } from '../../src/research/join-bars.ts';

const bar = (minute: number, volume = 1, flag: MinuteBar['flag'] = 0, close = 1): MinuteBar => ({
  openAt: minute * MINUTE,
  open: close,
  high: close,
  low: close,
  close,
  volume,
  flag,
});
/** Bars of minutes, closing at `close` so that one sees where they are from. */
const part = (minutes: readonly number[], close: number): readonly MinuteBar[] =>
  minutes.map((minute) => bar(minute, 1, 0, close));
const run = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
const shown = (bars: readonly MinuteBar[]): readonly (readonly number[])[] =>
  bars.map(({ openAt, close }) => [openAt / MINUTE, close]);
const volumes = (bars: readonly MinuteBar[]): readonly (readonly number[])[] =>
  bars.map(({ openAt, volume }) => [openAt / MINUTE, volume]);

describe('concatBars', () => {
  test('files that follow each other are one, whatever order they are given in; empty ones do not matter', () => {
    const [old, young] = [part([1, 2], 7), part([3, 5], 8)];
    const whole = [
      [1, 7],
      [2, 7],
      [3, 8],
      [5, 8],
    ];
    expect(shown(concatBars([old, young]))).toEqual(whole);
    expect(shown(concatBars([[], young, [], old]))).toEqual(whole);
    expect(() => concatBars([[], []])).toThrow('bars: there must be a bar, was none in any file');
  });

  test('a file given later has the say over its own span, holes included', () => {
    const [old, young] = [part([1, 2, 3, 4], 7), part([3, 5], 8)];
    expect(shown(concatBars([old, young]))).toEqual([
      [1, 7],
      [2, 7],
      [3, 8],
      [5, 8],
    ]);
    expect(shown(concatBars([young, old]))).toEqual([
      [1, 7],
      [2, 7],
      [3, 7],
      [4, 7],
      [5, 8],
    ]);
  });

  test('a file inside the span of another mends that part and takes nothing after it away', () => {
    expect(shown(concatBars([part(run(0, 8), 7), part([3, 4], 8)]))).toEqual(
      run(0, 8).map((minute) => [minute, minute === 3 || minute === 4 ? 8 : 7]),
    );
  });

  test('property: each minute comes once and in order, from the last file whose span holds it', () => {
    const file = fc
      .uniqueArray(fc.nat(30), { maxLength: 12 })
      .map((minutes) => [...minutes].sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 4 }), fc.nat(30), (files, always) => {
        const parts = [[always], ...files].map((minutes, i) => part(minutes, i + 1));
        const expected = run(0, 31).flatMap((minute) => {
          const teller = parts.findLast((bars) => {
            const [first, last] = [bars[0]?.openAt ?? Number.NaN, bars.at(-1)?.openAt ?? Number.NaN];
            return first <= minute * MINUTE && minute * MINUTE <= last;
          });
          return teller?.some(({ openAt }) => openAt === minute * MINUTE)
            ? [[minute, teller[0]?.close ?? 0]]
            : [];
        });
        expect(shown(concatBars(parts))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('concatVolumes', () => {
  const old = [bar(1, 10), bar(2, 20), bar(3, 40), bar(4, 30), bar(5, 900, 1)];

  test('the older source is scaled by the ratio of the medians where both have unflagged bars', () => {
    // Both are good at 3, 4 and 6: medians 40 and 2, whereas the flagged bars say something else.
    const older = [...old, bar(6, 50)];
    const young = [bar(3, 2), bar(4, 1), bar(5, 7), bar(6, 3), bar(7, 5), bar(8, 6)];
    expect(volumes(concatVolumes([older, young]))).toEqual([
      [1, 10 * (2 / 40)],
      [2, 20 * (2 / 40)],
      [3, 2],
      [4, 1],
      [5, 7],
      [6, 3],
      [7, 5],
      [8, 6],
    ]);
    expect(concatVolumes([young, older])).toEqual(concatVolumes([older, young]));
  });

  test('flagged bars of the newer source have no part in the ratio either', () => {
    const young = [bar(3, 80), bar(4, 1e6, 1), bar(6, 1)];
    expect(volumes(concatVolumes([old, young])).slice(0, 2)).toEqual([
      [1, 20],
      [2, 40],
    ]);
  });

  test('without an overlap, or with one in which nothing was traded, volumes stay as they are', () => {
    const later = [bar(7, 5)];
    expect(volumes(concatVolumes([old, later])).slice(0, 2)).toEqual([
      [1, 10],
      [2, 20],
    ]);
    const idle = [bar(1, 1), bar(2, 0)];
    expect(volumes(concatVolumes([idle, [bar(2, 4), bar(3, 1)]]))[0]).toEqual([1, 1]);
  });

  test('one source is itself, and none is refused', () => {
    expect(concatVolumes([old])).toEqual(old);
    expect(() => concatVolumes([[]])).toThrow('bars: there must be a bar');
  });

  test('only volumes are scaled: prices and flags stay', () => {
    const joined = concatVolumes([old, [bar(4, 3), bar(6, 1)]]);
    expect(joined[0]).toEqual({ ...old[0], volume: 1 });
  });
});

describe('withVolumeOf', () => {
  test('prices keep all but their volume, which is the other source’s of the same minute', () => {
    const prices = [bar(1, 0, 0, 50), bar(2, 0, 1, 51), bar(4, 0, 2, 52)];
    const joined = withVolumeOf(prices, [bar(0, 9), bar(1, 10), bar(2, 11), bar(3, 12), bar(4, 13)]);
    expect(joined).toEqual([
      { ...prices[0], volume: 10 },
      { ...prices[1], volume: 11 },
      { ...prices[2], volume: 13 },
    ]);
  });

  test('a minute that the other source lacks, was still forming in, or filled from elsewhere, is not known', () => {
    const prices = [1, 2, 3, 4, 9].map((minute) => bar(minute, 5));
    const joined = withVolumeOf(prices, [bar(1, 10), bar(2, 11, 1), bar(3, 12, 2)]);
    expect(volumes(joined)).toEqual([
      [1, 10],
      [2, Number.NaN],
      [3, Number.NaN],
      [4, Number.NaN],
      [9, Number.NaN],
    ]);
    expect(volumes(withVolumeOf(prices.slice(0, 1), []))).toEqual([[1, Number.NaN]]);
  });

  test('property: it is a look-up by minute', () => {
    const minutes = fc.uniqueArray(fc.nat(40)).map((all) => [...all].sort((a, b) => a - b));
    fc.assert(
      fc.property(minutes, minutes, (mine, theirs) => {
        const other = theirs.map((minute) => bar(minute, minute + 0.5, minute % 5 === 0 ? 1 : 0));
        const expected = mine.map((minute) => [
          minute,
          theirs.includes(minute) && minute % 5 !== 0 ? minute + 0.5 : Number.NaN,
        ]);
        expect(volumes(withVolumeOf(part(mine, 3), other))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});
