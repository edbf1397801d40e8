import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../../src/domain/bars.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { CHANNELS, CONTEXT_MINUTES } from '../../../src/features/minute/minute-channels.ts';
import { minuteWindows } from '../../../src/features/minute/minute-windows.ts';
import { minuteFeatures } from '../../../src/features/rows/minute-features.ts';
import type { MinuteRow } from '../../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { barsSet } from '../../../src/features/sets/bars-set.ts';
import { treeSet } from '../../../src/features/sets/tree-set.ts';
import { BTC } from '../../support/btc.ts';
import { FIRST_OPEN, randomBars } from '../bars.ts';
import { barsOracle, calendarOracle, type Fault, faultyBars } from './bars-oracle.ts';

const fault = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>('none') },
  { weight: 3, arbitrary: fc.constantFrom<Fault>('forming', 'filled', 'missing', 'noVolume') },
);
const byName = (row: MinuteRow | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(treeSet.map(({ name }, i) => [name, row?.inputs[i] ?? Number.NaN]));
const matches = (row: MinuteRow | undefined, bars: readonly MinuteBar[]): void => {
  const found = byName(row);
  const expected = barsOracle(bars, (bars.at(-1)?.openAt ?? 0) + MINUTE);
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const error = Math.abs((found[name] as number) - value);
    if (Number.isNaN(value)) expect([name, found[name]]).toEqual([name, Number.NaN]);
    else if (!(error < 5e-5)) expect([name, found[name]]).toEqual([name, value]);
  }
};

describe('treeSet', () => {
  test('property: every feature is its definition, through holes, flagged bars and volumes that are not known', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.array(fault, { minLength: 40, maxLength: 90 }),
        fc.integer({ min: 1, max: 400 }),
        (seed, faults, hole) => {
          const faultOf = (i: number): Fault =>
            i >= 700 && i < 700 + hole ? 'missing' : (faults[(i * 7) % faults.length] ?? 'none');
          const bars = faultyBars(seed, 1_600, faultOf);
          const features = minuteFeatures(BTC);
          for (const [i, bar] of bars.entries()) {
            const row = features.push(bar);
            if (i % 211 === 0 || i >= bars.length - 2) matches(row, bars.slice(0, i + 1));
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  test('every feature is its definition once the week behind it is full', () => {
    const bars = faultyBars(12, 10_700, (i) => (['forming', 'missing', 'filled'] as const)[i % 57] ?? 'none');
    const features = minuteFeatures(BTC);
    for (const bar of bars) features.digest(bar);
    matches(features.row(), bars);
  });

  test('property: the calendar is that of New York, at any minute of any season', () => {
    const windows = minuteWindows(BTC.floors);
    const calendar = Object.keys(calendarOracle(FIRST_OPEN));
    const minutes = fc.integer({
      min: Date.UTC(2023, 9, 1) / 60_000,
      max: Date.UTC(2027, 0, 1) / 60_000,
    });
    fc.assert(
      fc.property(minutes, (minute) => {
        const at = minute * MINUTE;
        const found = treeSet
          .filter(({ name }) => calendar.includes(name))
          .map(({ name, read }) => [name, read(windows, at)]);
        expect(Object.fromEntries(found)).toEqual(calendarOracle(at));
      }),
      { numRuns: 500 },
    );
  });

  test('the bars set has 30 to 45 features; of all that trees read each is named once, with a unit, a meaning and a warm-up that its window can hold', () => {
    expect(barsSet.length).toBeGreaterThanOrEqual(30);
    expect(barsSet.length).toBeLessThanOrEqual(45);
    expect(new Set(treeSet.map(({ name }) => name)).size).toBe(treeSet.length);
    for (const { unit, about } of treeSet) expect(unit && about).toBeTruthy();
  });

  test('a feature is known from its warm-up on and no sooner: as many good minutes as it states', () => {
    const features = minuteFeatures(BTC);
    const since = new Map<string, number>();
    for (const [i, bar] of randomBars(21, 1_500).entries())
      for (const [name, value] of Object.entries(byName(features.push(bar))))
        if (!(Number.isNaN(value) || since.has(name))) since.set(name, i + 1);
    for (const { name, warmUpMinutes } of treeSet) {
      // Returns need the close before them, bipower two, five-minute moves five.
      const late = (since.get(name) ?? Number.NaN) - Math.max(1, warmUpMinutes);
      if (!(late >= 0 && late <= 5)) expect([name, since.get(name)]).toEqual([name, warmUpMinutes]);
    }
  });

  test('prices that never move give floors, no jump and a half down, nowhere an infinity', () => {
    const features = minuteFeatures(BTC);
    for (const bar of randomBars(1, 1_500))
      features.digest({ ...bar, open: 5, high: 5, low: 5, close: 5, volume: 0 });
    const row = byName(features.row());
    expect(Object.values(row).every(Number.isFinite)).toBe(true);
    expect(row).toMatchObject({ jump1440: 0, down15: 0.5, down240: 0.5, ret60: 0 });
    expect(row['high1440']).toBeCloseTo(Math.log(1e-12), 9);
    expect(row['rv60']).toBeCloseTo(Math.log(1e-9), 9);
    expect(row['vol60']).toBeCloseTo(Math.log(1e-3), 9);
  });
});

/** Everything a row says, feature by feature: the backbone's set, the bars set, and each channel over its window. */
const said = ({ values, inputs, window }: MinuteRow): readonly (readonly [string, readonly number[]])[] => [
  ...barFeatures.map(({ name }, i) => [`backbone ${name}`, [values[i] as number]] as const),
  ...treeSet.map(({ name }, i) => [`trees ${name}`, [inputs[i] as number]] as const),
  ...CHANNELS.map(
    (name, c) =>
      [
        `channels ${name}`,
        Array.from({ length: CONTEXT_MINUTES }, (_, k) => window[k * CHANNELS.length + c] as number),
      ] as const,
  ),
];
const rowsOf = (bars: readonly MinuteBar[]): readonly MinuteRow[] => {
  const features = minuteFeatures(BTC);
  return bars.map((bar) => features.push(bar)).filter((row) => row !== undefined);
};

describe('the future', () => {
  test('property: whatever bars come later, every feature of every set is what it was, to the last bit', () => {
    const past = faultyBars(31, 900);
    const before = rowsOf(past);
    fc.assert(
      fc.property(
        fc.integer({ min: 640, max: 880 }),
        fc.nat(1_000),
        fc.array(fault, { minLength: 30, maxLength: 60 }),
        (cut, seed, faults) => {
          const other = faultyBars(seed, 1_000, (i) => faults[i % faults.length] ?? 'none');
          const shuffled = [
            ...past.slice(0, cut),
            ...other.filter(({ openAt }) => openAt >= FIRST_OPEN + cut * MINUTE),
          ];
          // Rows are kept until every later bar has come: a row that shares state would have changed by now.
          const after = rowsOf(shuffled);
          for (const i of [620, cut - 30, cut - 1])
            expect(said(after[i] as MinuteRow)).toEqual(said(before[i] as MinuteRow));
        },
      ),
      { numRuns: 25 },
    );
  });

  test('and every feature but the calendar does hear of it once it has come', () => {
    const past = faultyBars(31, 2_600);
    // With a jump, which a walk has none of.
    const later = faultyBars(77, 2_600).map((bar) => ({
      ...bar,
      open: bar.open * 1.1,
      high: bar.high * 1.1,
      low: bar.low * 1.1,
      close: bar.close * 1.1,
    }));
    const [before, after] = [past, [...past.slice(0, 800), ...later.slice(800)]].map((bars) =>
      said(rowsOf(bars)[2_350] as MinuteRow),
    );
    const same = (before ?? []).filter(([, values], i) => String(values) === String(after?.[i]?.[1]));
    const calendar = Object.keys(calendarOracle(FIRST_OPEN));
    expect(same.map(([name]) => name)).toEqual(
      treeSet.filter(({ name }) => calendar.includes(name)).map(({ name }) => `trees ${name}`),
    );
  });
});

describe('a bar that was still forming when it was recorded (flag 1)', () => {
  const whole = faultyBars(41, 1_200);
  const at = 1_150;
  // What such files hold: a close that is the next bar's opening price, from after the minute.
  const close = (whole[at + 1]?.open ?? 0) * 1.02;
  const withBar = (bar: Partial<MinuteBar>): readonly MinuteBar[] =>
    whole.map((each, i) => (i === at ? { ...each, ...bar } : each));
  const rows = rowsOf(withBar({ close, high: close, flag: 1 }));
  const absent = rowsOf(whole.filter((_, i) => i !== at));

  test('gives no return, no range and no volume: every feature is what it is without the bar', () => {
    for (const minute of [at + 1, at + 2, at + 6, 1_199]) {
      const [flagged, without] = [rows[minute], absent[minute - 1]];
      expect(flagged?.at).toBe(without?.at);
      expect(said(flagged as MinuteRow)).toEqual(said(without as MinuteRow));
    }
    const unflagged = rowsOf(withBar({ close, high: close }));
    expect(unflagged[at + 1]?.values).not.toEqual(rows[at + 1]?.values);
  });

  test('neither does the minute after it give one of one minute: its return reaches back past the flagged close', () => {
    const windows = minuteWindows(BTC.floors);
    for (const bar of withBar({ close, flag: 1 }).slice(0, at + 2)) windows.push(bar);
    const [before, after] = [whole[at - 1]?.close ?? 0, whole[at + 1]?.close ?? 0];
    const ret = treeSet.find(({ name }) => name === 'ret5');
    expect(ret?.read(windows, 0)).toBeCloseTo(Math.log(after / (whole[at - 4]?.close ?? 0)), 12);
    expect(Math.abs(Math.log(after / before))).toBeLessThan(0.01);
    const row = rows[at + 1];
    const last = (CONTEXT_MINUTES - 2) * CHANNELS.length;
    const empty = [Math.fround(Math.log(1e-9)), Math.fround(Math.log(1e-9)), 0];
    expect([...(row?.window.subarray(last, last + 3) ?? [])]).toEqual(empty);
    expect(row?.window[last + 3]).toBe(Math.fround(Math.log(1e-9)));
    expect(row?.window[last + 5]).toBe(0);
    expect(row?.windowReturns).toBe(CONTEXT_MINUTES - 2);
  });
});
