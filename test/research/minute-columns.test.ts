import { describe, expect, test } from '@jest/globals';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { CONTEXT_MINUTES, minuteChannels } from '../../src/features/minute/minute-channels.ts';
import { minuteColumns } from '../../src/research/minute-columns.ts';
import { FIRST_OPEN } from '../features/bars.ts';
import { faultyBars, newYorkClock } from '../features/sets/bars-oracle.ts';
import { handBackbone } from '../forecast/models.ts';

const season = {
  weekday: Array.from({ length: 1_440 }, (_, minute) => 1 + minute / 1_440),
  weekend: Array.from({ length: 1_440 }, (_, minute) => 0.5 + minute / 2_880),
  hourOfWeek: Array.from({ length: 168 }, (_, hour) => 1 + 0.1 * Math.sin(hour)),
};
const faultOf = (i: number) =>
  i === 40 || i === 41 || (i > 200 && i < 780) ? 'missing' : i === 60 ? 'forming' : 'none';
const bars = faultyBars(61, 900, faultOf);
const columns = minuteColumns(bars, { season }, 1e-9);
const column = (name: string): readonly number[] => [
  ...((columns.find((each) => each.name === name)?.data ?? []) as Float32Array),
];

describe('minuteColumns', () => {
  test('a row a minute from the first bar’s close to the last one’s, without holes, as a writer takes it', () => {
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['at', 'INT64'],
      ['c0', 'FLOAT'],
      ['c1', 'FLOAT'],
      ['c4', 'FLOAT'],
      ['c3', 'FLOAT'],
    ]);
    expect(columns[0]?.data).toEqual(
      BigInt64Array.from({ length: 900 }, (_, i) => BigInt(FIRST_OPEN + (i + 1) * MINUTE)),
    );
    for (const { data } of columns) expect(data).toHaveLength(900);
  });

  test('channels are of their own minute: nothing where a bar is missing or flagged, no return after it', () => {
    const at = new Map(bars.filter(({ flag }) => flag === 0).map((bar) => [bar.openAt, bar]));
    const floor = Math.log(1e-9);
    for (let i = 0; i < 900; i++) {
      const bar = at.get(FIRST_OPEN + i * MINUTE);
      const before = at.get(FIRST_OPEN + (i - 1) * MINUTE);
      const move = bar && before ? Math.log(bar.close / before.close) : undefined;
      const range = bar ? Math.log(Math.log(bar.high / bar.low) ** 2 / (4 * Math.LN2) + 1e-9) : floor;
      const c0 = move === undefined ? floor : Math.log(move * move + 1e-9);
      expect([column('c0')[i], column('c1')[i], column('c4')[i]]).toEqual(
        [c0, range, move ?? 0].map(Math.fround),
      );
    }
  });

  test('rows of the last 512 minutes are the window that a sequence model reads live at that close', () => {
    const [c0, c1, c4] = [column('c0'), column('c1'), column('c4')];
    const channels = minuteChannels(1e-9);
    for (const bar of bars) {
      channels.push(bar);
      const end = (bar.openAt - FIRST_OPEN) / MINUTE + 1;
      if (end < CONTEXT_MINUTES || end % 13 !== 0) continue;
      const rows = Array.from({ length: CONTEXT_MINUTES }, (_, k) => {
        const i = end - CONTEXT_MINUTES + k;
        return [c0[i] as number, c1[i] as number, c4[i] as number];
      });
      expect([...channels.window()]).toEqual(rows.flat());
    }
  });

  test('c3 is the log of the season at the minute’s opening, with mean 1 over the week', () => {
    const of = (at: number): number => {
      const { day, hour, minute } = newYorkClock(at);
      const daily = day < 5 ? season.weekday : season.weekend;
      return (daily[hour * 60 + minute] ?? 0) * (season.hourOfWeek[day * 24 + hour] ?? 0);
    };
    const week = Array.from({ length: 10_080 }, (_, i) => of(FIRST_OPEN + i * MINUTE));
    const mean = week.reduce((sum, value) => sum + value, 0) / week.length;
    const found = column('c3');
    for (let i = 0; i < 900; i += 7)
      expect(found[i]).toBeCloseTo(Math.log(of(FIRST_OPEN + i * MINUTE) / mean), 6);
  });

  test('later bars leave the rows before them as they are', () => {
    const until = FIRST_OPEN + 150 * MINUTE;
    const later = bars.map((bar): MinuteBar => (bar.openAt < until ? bar : { ...bar, close: 1, low: 1 }));
    const other = minuteColumns(later, { season }, 1e-9);
    for (const [c, { data }] of columns.entries())
      expect([...(other[c]?.data ?? [])].slice(0, 150)).toEqual([...data].slice(0, 150));
    expect(other[1]?.data[150]).not.toBe(columns[1]?.data[150]);
  });

  test('no bars are refused', () => {
    expect(() => minuteColumns([], handBackbone(), 1e-9)).toThrow('dataset: needs bars, was an empty list');
  });
});
