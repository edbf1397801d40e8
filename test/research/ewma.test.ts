import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/domain/time.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { ewmaForecasts } from '../../src/research/ewma.ts';
import { FIRST_OPEN, randomBars } from '../features/bars.ts';

const FLOOR = 1e-9;

const HALF_LIFE_MINUTES = 90;
const closeOf = (minute: number): number => FIRST_OPEN + (minute + 1) * MINUTE;

describe('ewmaForecasts', () => {
  const bars = randomBars(71, 600).map((bar, i) => ({
    ...bar,
    flag: i % 37 === 11 ? (1 as const) : (0 as const),
  }));
  const grid = minuteGrid(bars, FLOOR);

  test('a minute weighs half as much as one that is ninety minutes with returns later; those without leave it as it is', () => {
    const origins = [20, 21, 48, 200, 599];
    const forecasts = ewmaForecasts(grid, origins.map(closeOf));
    for (const [i, origin] of origins.entries()) {
      const squares = [...grid.squares.slice(0, origin + 1)].filter((_, k) => grid.covers[k] === 1);
      const keep = 0.5 ** (1 / HALF_LIFE_MINUTES);
      // In full: the first square keeps what is left of the weight, each later one has its own share.
      const variance = squares.reduce((sum, square, k) => {
        const age = squares.length - 1 - k;
        return sum + square * keep ** age * (k === 0 ? 1 : 1 - keep);
      }, 0);
      expect(forecasts[i]).toBeCloseTo(Math.log(variance + 1e-9), 9);
    }
  });

  test('by hand: after one move and ninety still minutes half of its square is left', () => {
    const still = randomBars(1, 92).map((bar, i) => ({ ...bar, close: i === 0 ? 100 : 101 }));
    const [first, later] = ewmaForecasts(minuteGrid(still, FLOOR), [closeOf(1), closeOf(91)]);
    const square = Math.log(1.01) ** 2;
    expect(first).toBeCloseTo(Math.log(square + 1e-9), 12);
    expect(later).toBeCloseTo(Math.log(square / 2 + 1e-9), 9);
  });

  test('an origin before the first return has no forecast, and none knows of a later minute', () => {
    expect(ewmaForecasts(grid, [closeOf(0)])[0]).toBeNaN();
    const later = minuteGrid(
      bars.map((bar, i) => (i <= 300 ? bar : { ...bar, close: bar.close * 1.1 })),
      FLOOR,
    );
    const origins = [100, 299, 300].map(closeOf);
    expect(ewmaForecasts(later, origins)).toEqual(ewmaForecasts(grid, origins));
    expect(ewmaForecasts(later, [closeOf(301)])).not.toEqual(ewmaForecasts(grid, [closeOf(301)]));
  });

  test('an origin after the last bar says what was last known', () => {
    const [last, after] = ewmaForecasts(grid, [closeOf(599), closeOf(700)]);
    expect(after).toBe(last);
  });
});
