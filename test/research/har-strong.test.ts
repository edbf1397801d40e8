import { describe, expect, test } from '@jest/globals';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';
import { type Origins, originFrom } from '../../src/forecast/backbone/origins.ts';
import { harSeasonForecasts } from '../../src/research/har-season.ts';
import { harStrongForecasts } from '../../src/research/har-strong.ts';
import { FIRST_OPEN } from '../features/bars.ts';
import { newYorkClock } from '../features/sets/bars-oracle.ts';
import { random } from '../support/random.ts';

const WIDTH = barFeatures.length;
const DEPTH = HORIZON_MINUTES.length;
const columnOf = (name: string): number => barFeatures.findIndex((feature) => feature.name === name);
const READ = ['variance5', 'variance30', 'parkinson15', 'coarse1440', 'bipower60'].map(columnOf);
const WEIGHTS = [0.3, 0.2, 0.2, 0.15, 0.1];

/** Origins whose log variance is a law of columns that the plain baseline does not read, with a spike in one five minutes a day. */
function synthetic(count: number, noise: number): Origins {
  const { normal } = random(91);
  const at = Float64Array.from({ length: count }, (_, i) => FIRST_OPEN + i * 5 * MINUTE);
  const values = Float64Array.from({ length: count * WIDTH }, () => -16 + normal());
  const logVariance = new Float64Array(count * DEPTH);
  for (let i = 0; i < count; i++) {
    const { day, hour, minute } = newYorkClock(at[i] as number);
    const law = READ.reduce(
      (sum, column, c) => sum + (WEIGHTS[c] as number) * (values[i * WIDTH + column] as number),
      -0.8,
    );
    const spike = hour === 9 && Math.floor(minute / 5) === 6 && day < 5 ? 2 : 0;
    for (let h = 0; h < DEPTH; h++) logVariance[i * DEPTH + h] = law + spike + 0.1 * day + noise * normal();
  }
  return { count, at, values, logVariance };
}
const errorOf = (origins: Origins, forecasts: Float64Array, from: number): number => {
  const errors = [...forecasts].map(
    (forecast, i) => forecast - (origins.logVariance[(from + i) * DEPTH] as number),
  );
  return Math.sqrt(errors.reduce((sum, each) => sum + each ** 2, 0) / errors.length);
};

describe('harStrongForecasts', () => {
  const count = 20_000;
  const from = 15_000;

  test('without noise it finds a law of lags, ranges and hours, which the plain baseline cannot', () => {
    const origins = synthetic(count, 0);
    expect(errorOf(origins, harStrongForecasts(origins, 0, from, count), from)).toBeLessThan(0.06);
    expect(errorOf(origins, harSeasonForecasts(origins, 0, from, count), from)).toBeGreaterThan(0.2);
  });

  test('a spike of five minutes a day is in the forecast of those five minutes alone', () => {
    const origins = synthetic(count, 0.3);
    const forecasts = harStrongForecasts(origins, 0, from, count);
    const law = (i: number): number =>
      READ.reduce(
        (sum, column, c) => sum + (WEIGHTS[c] as number) * (origins.values[i * WIDTH + column] as number),
        -0.8,
      );
    const left: Record<'spike' | 'beside', number[]> = { spike: [], beside: [] };
    for (const [k, forecast] of forecasts.entries()) {
      const { day, hour, minute } = newYorkClock(origins.at[from + k] as number);
      if (day >= 5 || hour !== 9) continue;
      left[Math.floor(minute / 5) === 6 ? 'spike' : 'beside'].push(forecast - law(from + k) - 0.1 * day);
    }
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, each) => sum + each, 0) / values.length;
    // Its mean is drawn to zero by the prior.
    expect(mean(left.spike)).toBeGreaterThan(1);
    expect(Math.abs(mean(left.beside))).toBeLessThan(0.25);
  });

  test('a target that was not whole when it was fitted has no part in the forecast', () => {
    const origins = synthetic(count, 0.3);
    const horizon = 3;
    const fitAt = origins.at[from] as number;
    const whole = originFrom(origins, fitAt - 60 * MINUTE + 1);
    const refit = originFrom(origins, fitAt + 30 * DAY);
    const changed = (first: number): Float64Array =>
      harStrongForecasts(
        {
          ...origins,
          logVariance: origins.logVariance.map((value, k) => (k >= first * DEPTH ? value + 3 : value)),
        },
        horizon,
        from,
        Math.min(refit, count),
      );
    const said = harStrongForecasts(origins, horizon, from, Math.min(refit, count));
    expect(changed(whole)).toEqual(said);
    expect(changed(whole - 1)).not.toEqual(said);
  });

  test('where there is too little to fit on there is no forecast', () => {
    const origins = synthetic(2_000, 0.3);
    expect(harStrongForecasts(origins, 0, 1_600, 1_601)[0]).toBeNaN();
    expect(harStrongForecasts(origins, 0, 1_900, 1_901)[0]).not.toBeNaN();
  });
});
