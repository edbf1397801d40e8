import { beforeAll, describe, expect, test } from '@jest/globals';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { type Origins, originFrom, originsOf } from '../../src/forecast/backbone/origins.ts';
import { harSeasonForecasts } from '../../src/research/har-season.ts';
import { FIRST_OPEN, randomBars } from '../features/bars.ts';
import { newYorkClock } from '../features/sets/bars-oracle.ts';
import { BTC } from '../support/btc.ts';
import { random } from '../support/random.ts';

const WIDTH = barFeatures.length;
const DEPTH = HORIZON_MINUTES.length;
const LAGS = ['variance15', 'variance60', 'variance240', 'variance1440', 'variance10080'].map((name) =>
  barFeatures.findIndex((feature) => feature.name === name),
);
const SEASONS = 96;

/** Half-hour of New York's day, weekends apart. */
const seasonOf = (at: number): number => {
  const { day, hour, minute } = newYorkClock(at);
  return hour * 2 + (minute >= 30 ? 1 : 0) + (day >= 5 ? 48 : 0);
};
const lagsOf = (origins: Origins, i: number): readonly number[] =>
  LAGS.map((lag) => origins.values[i * WIDTH + lag] as number);

/** Solves a square system by elimination with pivots. */
function solved(left: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = left.map((row, i) => [...row, right[i] as number]);
  const size = rows.length;
  for (let c = 0; c < size; c++) {
    const rest = rows.slice(c).map((row) => Math.abs(row[c] as number));
    const pivot = c + rest.indexOf(Math.max(...rest));
    [rows[c], rows[pivot]] = [rows[pivot] as number[], rows[c] as number[]];
    const top = rows[c] as number[];
    for (const [r, row] of rows.entries()) {
      if (r === c) continue;
      const by = (row[c] as number) / (top[c] as number);
      for (let k = c; k <= size; k++) row[k] = (row[k] as number) - by * (top[k] as number);
    }
  }
  return rows.map((row, i) => (row[size] as number) / (row[i] as number));
}

/**
 * Least squares of one horizon on the lags and 96 indicators over `fitted` origins, solved as it is written; the same hair of a penalty makes seasons that never came
 * solvable. Gives the forecast at an origin.
 */
function naive(origins: Origins, horizon: number, fitted: readonly number[]): (origin: number) => number {
  const size = LAGS.length + SEASONS;
  const left = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, k) => (i === k ? 1e-6 : 0)),
  );
  const right = new Array<number>(size).fill(0);
  const rowOf = (origin: number): readonly (readonly [column: number, value: number])[] => [
    ...lagsOf(origins, origin).map((value, c) => [c, value + 16] as const),
    [LAGS.length + seasonOf(origins.at[origin] as number), 1],
  ];
  for (const origin of fitted) {
    const row = rowOf(origin);
    for (const [c, value] of row) {
      const into = left[c] as number[];
      for (const [k, other] of row) into[k] = (into[k] as number) + value * other;
      right[c] = (right[c] as number) + value * (origins.logVariance[origin * DEPTH + horizon] as number);
    }
  }
  const coefficients = solved(left, right);
  return (origin) => rowOf(origin).reduce((sum, [c, value]) => sum + value * (coefficients[c] as number), 0);
}

const [slopes, level] = [[0.3, 0.25, 0.2, 0.1, 0.05] as const, -1.6];
/** Origins every five minutes whose log variances are a linear law of the lags and the season, with noise. */
function synthetic(count: number, noise: number): Origins {
  const { normal } = random(81);
  const at = Float64Array.from({ length: count }, (_, i) => FIRST_OPEN + i * 5 * MINUTE);
  const values = Float64Array.from({ length: count * WIDTH }, () => -16 + normal());
  const origins = { count, at, values, logVariance: new Float64Array(count * DEPTH) };
  for (let i = 0; i < count; i++) {
    const law = lagsOf(origins, i).reduce((sum, value, c) => sum + value * (slopes[c] ?? 0), level);
    const season = Math.sin(seasonOf(at[i] as number));
    for (let h = 0; h < DEPTH; h++) origins.logVariance[i * DEPTH + h] = law + season + h + noise * normal();
  }
  return origins;
}

describe('harSeasonForecasts', () => {
  const origins = synthetic(14_000, 0.5);
  const from = 3_000;
  const at = (i: number): number => origins.at[i] as number;
  const refit = originFrom(origins, at(from) + 30 * DAY);
  /** Origins whose target was whole when the coefficients for `origin` were fitted. */
  const completed = (origin: number, minutes: number): readonly number[] => {
    const fitAt = at(origin < refit ? from : refit);
    return Array.from({ length: origins.count }, (_, i) => i).filter(
      (i) => at(i) + minutes * MINUTE <= fitAt,
    );
  };

  test.each([
    [5, 0],
    [60, 3],
  ])(
    'at %i minutes it is least squares as written, on targets completed when it was fitted',
    (minutes, horizon) => {
      const forecasts = harSeasonForecasts(origins, horizon, from, origins.count);
      for (const [first, last] of [
        [from, refit - 1],
        [refit, origins.count - 1],
      ] as const) {
        const expected = naive(origins, horizon, completed(first, minutes));
        for (const origin of [first, first + 777, last])
          expect(forecasts[origin - from]).toBeCloseTo(expected(origin), 5);
      }
      expect(refit).toBeGreaterThan(from + 1_000);
      expect(origins.count - refit).toBeGreaterThan(1_000);
    },
  );

  test('without noise it finds the law that made the targets', () => {
    const plain = synthetic(4_000, 0);
    const forecasts = harSeasonForecasts(plain, 1, 3_900, 4_000);
    for (const [i, forecast] of forecasts.entries())
      expect(forecast).toBeCloseTo(plain.logVariance[(3_900 + i) * DEPTH + 1] as number, 4);
  });

  test('a target that was not whole when the coefficients were fitted has no part in them, and one that was has', () => {
    const minutes = 60;
    const last = completed(from, minutes).at(-1) as number;
    const changed = (first: number): Float64Array => {
      const logVariance = origins.logVariance.map((value, k) => (k >= first * DEPTH ? value + 3 : value));
      return harSeasonForecasts({ ...origins, logVariance }, 3, from, refit + 1);
    };
    const said = harSeasonForecasts(origins, 3, from, refit + 1);
    const later = changed(last + 1);
    expect(later.subarray(0, refit - from)).toEqual(said.subarray(0, refit - from));
    // What came after the first fit is in the second.
    expect(later[refit - from]).not.toBe(said[refit - from]);
    expect(changed(last)[0]).not.toBe(said[0]);
  });

  test('where there is too little to fit on there is no forecast', () => {
    expect([...harSeasonForecasts(origins, 0, 900, 910)]).toEqual(new Array(10).fill(Number.NaN));
    expect(harSeasonForecasts(origins, 0, 970, 971)[0]).not.toBeNaN();
    // Tried again a day later, not at the next refit.
    const [day, later] = [288, harSeasonForecasts(origins, 0, 900, 1_200)];
    expect([...later].findIndex((forecast) => !Number.isNaN(forecast))).toBe(day);
    expect(harSeasonForecasts(origins, 0, 5, 5)).toHaveLength(0);
  });
});

describe('harSeasonForecasts of bars', () => {
  const MINUTES = 36 * 1_440;
  const bars = randomBars(82, MINUTES);
  const whole = originsOf(bars, minuteGrid(bars, BTC.floors.variance), BTC);
  const from = 1_100;
  const at = (i: number): number => whole.at[i] as number;
  const refit = originFrom(whole, at(from) + 30 * DAY);
  let forecasts: Float64Array;
  beforeAll(() => {
    forecasts = harSeasonForecasts(whole, 3, from, whole.count);
  });

  test.each([
    ['the first fit', from],
    ['the second', refit],
  ])(
    'whatever bars come after an origin (%s), its forecast and all before it are what they were',
    (_, cut) => {
      const until = at(cut);
      const later = randomBars(83, MINUTES, 3e-3);
      const mixed = bars.map((bar, i) => (bar.openAt < until ? bar : (later[i] ?? bar)));
      const other = originsOf(mixed, minuteGrid(mixed, BTC.floors.variance), BTC);
      const again = harSeasonForecasts(other, 3, from, whole.count);
      expect(other.at).toEqual(whole.at);
      expect(again.subarray(0, cut - from + 1)).toEqual(forecasts.subarray(0, cut - from + 1));
      expect(again[cut - from + 5]).not.toBe(forecasts[cut - from + 5]);
    },
  );
});
