import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/domain/time.ts';
import { WEEK_MINUTES } from '../../../src/features/minute/new-york.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { fitHar, scoreHar, scoreTrailing } from '../../../src/forecast/backbone/fit.ts';
import { fitBackboneModel } from '../../../src/forecast/backbone/fit-backbone.ts';
import { HAR_COLUMNS, type HarModel, harDesign, harLogForecast } from '../../../src/forecast/backbone/har.ts';
import { HORIZON_MINUTES } from '../../../src/forecast/backbone/horizons.ts';
import { minuteGrid } from '../../../src/forecast/backbone/minute-grid.ts';
import { type Origins, originFrom, originsOf } from '../../../src/forecast/backbone/origins.ts';
import { seasonWindows } from '../../../src/maths/seasons.ts';
import { FIRST_OPEN, randomBars } from '../../features/bars.ts';
import { BTC } from '../../support/btc.ts';
import { random } from '../../support/random.ts';

const season = seasonWindows(
  Float64Array.from({ length: WEEK_MINUTES }, (_, i) => 1 + 0.5 * Math.sin((2 * Math.PI * i) / 1_440)),
);
const truth: HarModel = {
  minutes: 0,
  coefficients: barFeatures.map((_, i) => 0.08 - 0.005 * i),
  season: 0.9,
  intercept: 0.2,
  hourOfWeek: Array.from({ length: 168 }, (_, hour) => 0.1 * Math.sin(hour)),
  jensen: 1,
  settle: 1,
};

/** Origins whose log variances are the model's plus normal noise of deviation `noise`. */
function synthetic(count: number, noise: number, model = truth): Origins {
  const { normal } = random(17);
  const at = Float64Array.from({ length: count }, (_, i) => FIRST_OPEN + i * 35 * MINUTE);
  const values = Float64Array.from({ length: count * barFeatures.length }, () => -16 + normal());
  const design = new Float64Array(HAR_COLUMNS);
  const logVariance = new Float64Array(count * HORIZON_MINUTES.length);
  for (let i = 0; i < count; i++)
    for (const [h, minutes] of HORIZON_MINUTES.entries()) {
      const row = values.subarray(i * barFeatures.length, (i + 1) * barFeatures.length);
      const hour = harDesign(row, at[i] ?? 0, minutes, season, design);
      logVariance[i * HORIZON_MINUTES.length + h] = harLogForecast(model, design, hour) + noise * normal();
    }
  return { count, at, values, logVariance };
}

describe('fitHar', () => {
  const count = 12_000;
  const origins = synthetic(count, 0.5);
  const { normal } = random(3);
  // Moves of unit law over a variance 1.3 times the realised one.
  const moves = (at: number, minutes: number): number => {
    const i = originFrom(origins, at);
    const h = (HORIZON_MINUTES as readonly number[]).indexOf(minutes);
    const logVariance = origins.logVariance[i * HORIZON_MINUTES.length + h] ?? 0;
    return Math.sqrt(1.3 * minutes * Math.exp(logVariance)) * normal();
  };
  const models = fitHar(origins, season, moves, 0, count);

  test('it recovers the coefficients, the season and the hours that made the data', () => {
    for (const model of models) {
      for (const [i, coefficient] of model.coefficients.entries())
        expect(Math.abs(coefficient - (truth.coefficients[i] ?? 0))).toBeLessThan(0.025);
      expect(Math.abs(model.season - truth.season)).toBeLessThan(0.1);
      // Some 71 origins an hour against a penalty of 100: hours are drawn to 0 by 71 / 171.
      const of = (hours: readonly number[]) =>
        hours.reduce((sum, by, i) => sum + by * (truth.hourOfWeek[i] ?? 0), 0);
      expect(Math.abs(of(model.hourOfWeek) / of(truth.hourOfWeek) - 71 / 171)).toBeLessThan(0.15);
    }
  });

  test('jensen is E[rv/f] and settle E[ret²] over E[rv], weighted alike', () => {
    for (const { jensen, settle } of models) {
      expect(Math.abs(jensen / Math.exp(0.125) - 1)).toBeLessThan(0.03);
      expect(Math.abs(settle / 1.3 - 1)).toBeLessThan(0.06);
    }
  });

  test('it scores what noise allows, better than models that know less', () => {
    const [harx, lags] = [models, fitHar(origins, season, moves, 0, count, 'harSeason')].map((each) =>
      scoreHar(origins, season, each, 0, count),
    );
    const trailing = scoreTrailing(origins, count, 0, count);
    for (let h = 0; h < HORIZON_MINUTES.length; h++) {
      // E[QLIKE] of the truth with log-normal noise is σ²/2.
      expect(Math.abs((harx?.[h]?.qlike ?? 0) - 0.125)).toBeLessThan(0.01);
      expect(lags?.[h]?.qlike).toBeGreaterThan(harx?.[h]?.qlike ?? 1);
      expect(lags?.[h]?.r2).toBeLessThan(harx?.[h]?.r2 ?? 0);
      expect(trailing[h]?.qlike).toBeGreaterThan(lags?.[h]?.qlike ?? 1);
    }
  });
});

test('lags and season alone are fitted as such: where nothing else matters they recover the truth', () => {
  const coefficients = barFeatures.map(({ name }, i) => (name.startsWith('variance') ? 0.05 + 0.01 * i : 0));
  const origins = synthetic(2_000, 0, { ...truth, coefficients, hourOfWeek: truth.hourOfWeek.map(() => 0) });
  const [model] = fitHar(origins, season, () => 1, 0, 2_000, 'harSeason');
  for (const [i, coefficient] of coefficients.entries())
    expect(model?.coefficients[i]).toBeCloseTo(coefficient, 5);
  expect(model?.season).toBeCloseTo(truth.season, 4);
  expect(model?.intercept).toBeCloseTo(truth.intercept, 4);
  expect(model?.jensen).toBeCloseTo(1, 6);
});

describe('minuteGrid', () => {
  const bars = randomBars(6, 400).map((bar, i) => ({
    ...bar,
    flag: i === 200 ? (1 as const) : (0 as const),
  }));
  const grid = minuteGrid(
    bars.filter((_, i) => i !== 300),
    BTC.floors.variance,
  );
  const at = (i: number): number => FIRST_OPEN + i * MINUTE;
  const close = (i: number): number => bars[i]?.close ?? Number.NaN;

  test('it reads variance and moves after an instant and nothing before it', () => {
    const squares = [100, 101, 102, 103, 104].map((i) => Math.log(close(i) / close(i - 1)) ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / 5;
    expect(grid.logVariance(at(100), 5)).toBeCloseTo(Math.log(mean + 1e-9), 9);
    expect(grid.move(at(100), 5)).toBeCloseTo(Math.log(close(104) / close(99)), 12);
  });

  test('a flagged or missing close gives no return on either side, and too many of them no variance', () => {
    expect([199, 200, 201, 202, 300, 301, 302].map((i) => grid.covers[i])).toEqual([1, 0, 0, 1, 0, 0, 1]);
    expect(grid.logVariance(at(198), 5)).toBeNaN();
    expect(grid.logVariance(at(195), 15)).not.toBeNaN();
    expect(grid.move(at(201), 5)).toBeNaN();
    expect(grid.move(at(296), 5)).toBeNaN();
  });

  test('a window past the end is unknown', () => {
    expect(grid.logVariance(at(396), 5)).toBeNaN();
    expect(grid.logVariance(at(395), 5)).not.toBeNaN();
    expect(grid.move(at(396), 5)).toBeNaN();
  });
});

describe('originsOf', () => {
  test('origins are warm closes at every fifth minute with whole labels, at the grid of the labels', () => {
    const bars = randomBars(7, 1_000);
    const grid = minuteGrid(bars, BTC.floors.variance);
    const origins = originsOf(bars, grid, BTC);
    const times = [...origins.at.slice(0, origins.count)].map((at) => (at - FIRST_OPEN) / MINUTE);
    expect(times[0]).toBe(605);
    expect(times.at(-1)).toBe(880);
    expect(times.every((minute) => minute % 5 === 0)).toBe(true);
    expect(origins.logVariance[1]).toBe(grid.logVariance(origins.at[0] ?? 0, 15));
    expect(originFrom(origins, (origins.at[3] ?? 0) - 1)).toBe(3);
  });
});

describe('fitBackboneModel', () => {
  test('a history too short to hold anything out is refused', () => {
    const bars = randomBars(7, 3_000);
    expect(() =>
      fitBackboneModel({ asset: BTC, bars, labels: bars, until: FIRST_OPEN + 3_000 * MINUTE }),
    ).toThrow('fitBackbone: needs 271 days of bars before until, was 2');
  });
});
