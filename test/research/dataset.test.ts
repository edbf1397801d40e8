import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import type { FeatureRow } from '../../src/domain/events/features.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { minuteFeatures } from '../../src/features/rows/minute-features.ts';
import { featureRowOf } from '../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { treeSet } from '../../src/features/sets/tree-set.ts';
import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { memberInputs } from '../../src/forecast/members/member-input.ts';
import { treeInput } from '../../src/forecast/members/tree-input.ts';
import { type Column, datasetColumns, originOf } from '../../src/research/dataset.ts';
import { FIRST_OPEN } from '../features/bars.ts';
import { faultyBars, newYorkClock } from '../features/sets/bars-oracle.ts';
import { handBackbone } from '../forecast/models.ts';
import { BTC } from '../support/btc.ts';
import { TREE_INPUTS } from '../support/tree-inputs.ts';

const HORIZONS = [5, 15, 30, 60];
/** Half of each horizon's forecast from the last hour, half from the last day, under a season that rises through the day. */
const backbone: Backbone = {
  ...handBackbone(),
  season: {
    ...handBackbone().season,
    weekday: Array.from({ length: 1_440 }, (_, minute) => 1 + minute / 720),
  },
};
const rowsOf = (bars: readonly MinuteBar[]): readonly FeatureRow[] => {
  const features = minuteFeatures(BTC);
  return bars
    .flatMap((bar) => features.push(bar) ?? [])
    .filter(({ warm, at }) => warm && at % (5 * MINUTE) === 0)
    .map(featureRowOf);
};
const columnsOf = (bars: readonly MinuteBar[]): ReadonlyMap<string, Column> =>
  new Map(
    datasetColumns(rowsOf(bars), backbone, minuteGrid(bars, BTC.floors.variance)).map((column) => [
      column.name,
      column,
    ]),
  );

const bars = faultyBars(51, 900, (i) => (i === 700 || (i > 760 && i < 775) ? 'forming' : 'none'));
const rows = rowsOf(bars);
const columns = columnsOf(bars);
const column = (name: string): Column['data'] => columns.get(name)?.data ?? new Float64Array();

/** Mean of the season over the minutes before (`from` < 0) or after `at`, as a multiple of the week's mean. */
const season = (at: number, from: number, to: number): number => {
  let sum = 0;
  for (let k = from; k < to; k++) {
    const { day, hour, minute } = newYorkClock(at + k * MINUTE);
    sum += day < 5 ? 1 + (hour * 60 + minute) / 720 : 1;
  }
  const weekday = 1 + 1_439 / 2 / 720;
  return sum / (to - from) / ((5 * weekday + 2) / 7);
};

describe('datasetColumns', () => {
  test('columns are the close, the inputs of the trees in their order, and what came after', () => {
    const names = [...columns.keys()];
    expect(names.slice(0, TREE_INPUTS.length + 1)).toEqual(['at', ...TREE_INPUTS]);
    expect(names.slice(TREE_INPUTS.length + 1)).toEqual([
      ...HORIZONS.map((minutes) => `target${minutes}`),
      ...HORIZONS.map((minutes) => `move${minutes}`),
    ]);
  });

  test('a column holds what its type says, a value a row', () => {
    const kinds = { INT64: BigInt64Array, FLOAT: Float32Array, DOUBLE: Float64Array };
    for (const { name, type, data } of columns.values()) {
      expect([name, data instanceof kinds[type]]).toEqual([name, true]);
      expect([name, data.length]).toEqual([name, rows.length]);
      const wanted = name === 'at' ? 'INT64' : /^(harx|target|move)/.test(name) ? 'DOUBLE' : 'FLOAT';
      expect([name, type]).toEqual([name, wanted]);
    }
    expect(rows.length).toBeGreaterThan(50);
    expect([...column('at')]).toEqual(rows.map(({ at }) => BigInt(at)));
  });

  test('inputs are the row’s own, rounded to float32 as the trees get them, and those of the member that reads them live', () => {
    const inputOf = memberInputs(backbone);
    for (const name of TREE_INPUTS) {
      const read = treeInput(name);
      const live = rows.map((row) => Math.fround(read?.(inputOf(originOf(row))) ?? Number.NaN));
      expect([name, [...column(name)].map((value) => Math.fround(Number(value)))]).toEqual([name, live]);
    }
    for (const [f, { name }] of treeSet.entries())
      expect([...column(name)]).toEqual(rows.map(({ inputs }) => Math.fround(inputs[f] ?? Number.NaN)));
  });

  test('harx is the backbone’s log forecast and season that of the window ahead against the last hour’s', () => {
    for (const [i, { at, values }] of rows.entries()) {
      if (i % 9 !== 0) continue;
      const behind = (minutes: number): number => Math.log(season(at, -minutes, 0));
      const lag = (name: string) => values[barFeatures.findIndex((feature) => feature.name === name)] ?? 0;
      const [hour, day] = [lag('variance60'), lag('variance1440')];
      const level = 0.5 * (hour - behind(60)) + 0.5 * (day - behind(1_440));
      for (const minutes of HORIZONS) {
        const ahead = Math.log(season(at, 0, minutes));
        expect(column(`harx${minutes}`)[i]).toBeCloseTo(level + ahead, 9);
        expect(column(`season${minutes}`)[i]).toBeCloseTo(ahead - behind(60), 6);
      }
    }
  });

  test('targets are what came after the close, and NaN where it is not whole', () => {
    const closes = new Map(bars.filter(({ flag }) => flag === 0).map(({ openAt, close }) => [openAt, close]));
    for (const minutes of HORIZONS) {
      let [known, unknown] = [0, 0];
      for (const [i, { at }] of rows.entries()) {
        const squares = Array.from({ length: minutes }, (_, k) => {
          const [now, before] = [closes.get(at + k * MINUTE), closes.get(at + (k - 1) * MINUTE)];
          return now && before ? Math.log(now / before) ** 2 : Number.NaN;
        }).filter((square) => !Number.isNaN(square));
        const ended = at + minutes * MINUTE > FIRST_OPEN + 900 * MINUTE;
        const whole = squares.length >= 0.8 * minutes && !ended;
        const target = column(`target${minutes}`)[i];
        if (!whole) expect(target).toBeNaN();
        else
          expect(target).toBeCloseTo(
            Math.log(squares.reduce((sum, square) => sum + square, 0) / squares.length + 1e-9),
            9,
          );
        const [from, to] = [closes.get(at - MINUTE), closes.get(at + (minutes - 1) * MINUTE)];
        const move = column(`move${minutes}`)[i];
        if (from && to) expect(move).toBeCloseTo(Math.log(to / from), 12);
        else expect(move).toBeNaN();
        if (whole) known++;
        else unknown++;
      }
      expect(known).toBeGreaterThan(20);
      expect(unknown).toBeGreaterThan(2);
    }
  });

  test('property: whatever bars come later, all that is known at a close is what it was, and targets completed by then too', () => {
    fc.assert(
      fc.property(fc.integer({ min: 650, max: 880 }), fc.nat(1_000), (cut, seed) => {
        const later = faultyBars(seed, 950).slice(cut);
        const other = columnsOf([...bars.slice(0, cut), ...later]);
        const end = rows.filter(({ at }) => at <= FIRST_OPEN + cut * MINUTE).length;
        for (const [name, { data }] of columns) {
          const ahead = Number(/^(?:target|move)(\d+)$/.exec(name)?.[1] ?? 0);
          const complete = rows.filter(({ at }) => at + ahead * MINUTE <= FIRST_OPEN + cut * MINUTE).length;
          const known = Math.min(end, complete);
          expect([name, [...(other.get(name)?.data ?? [])].slice(0, known)]).toEqual([
            name,
            [...data].slice(0, known),
          ]);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('a backbone that lacks a horizon is refused', () => {
    const short = { ...backbone, horizons: backbone.horizons.filter(({ minutes }) => minutes !== 30) };
    expect(() => datasetColumns(rows, short, minuteGrid(bars, BTC.floors.variance))).toThrow(
      'ensemble: the backbone must forecast 30 minutes, and does not',
    );
  });
});
