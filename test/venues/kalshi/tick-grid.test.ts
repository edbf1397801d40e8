import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TickBand } from '../../../src/domain/contracts.ts';
import { priceTicks } from '../../../src/domain/money.ts';
import { ceilToGrid, floorToGrid, onGrid } from '../../../src/venues/kalshi/tick-grid.ts';

const band = (start: number, end: number, step: number): TickBand => ({
  startTicks: priceTicks(start),
  endTicks: priceTicks(end),
  stepTicks: priceTicks(step),
});
const cent = [band(0, 10_000, 100)];
const tapered = [band(0, 1_000, 10), band(1_000, 9_000, 100), band(9_000, 10_000, 10)];

describe('the tick grid', () => {
  test.each([
    [tapered, 990, true],
    [tapered, 995, false],
    [tapered, 1_000, true],
    [tapered, 1_010, false],
    [tapered, 8_900, true],
    [tapered, 9_000, true],
    [tapered, 9_010, true],
    [cent, 0, false],
    [cent, 10_000, false],
    [cent, 9_900, true],
    [cent, Number.NaN, false],
    [[band(100, 9_000, 100)], 9_000, true],
    [[band(100, 9_000, 100)], 9_100, false],
    [[], 100, false],
  ])('on %j the price %p is allowed: %p', (bands, ticks, allowed) => {
    expect(onGrid(bands, ticks)).toBe(allowed);
  });

  test('rounding stays inside the dollar and meets at the shared end of two bands', () => {
    expect([floorToGrid(tapered, 1_099), ceilToGrid(tapered, 991)]).toEqual([1_000, 1_000]);
    expect([floorToGrid(tapered, 9_009.9), ceilToGrid(tapered, 8_900.1)]).toEqual([9_000, 9_000]);
    expect([floorToGrid(cent, 10_000), ceilToGrid(cent, -5)]).toEqual([9_900, 100]);
    expect([floorToGrid(cent, 99), ceilToGrid(cent, 9_901)]).toEqual([undefined, undefined]);
    expect([floorToGrid(cent, Number.NaN), ceilToGrid(cent, Number.NaN)]).toEqual([undefined, undefined]);
  });

  test('property: floor and ceil are the nearest allowed prices on either side, found by trying all', () => {
    const cut = fc.integer({ min: 1, max: 9 }).map((tenth) => tenth * 1_000);
    const bands = fc
      .tuple(cut, fc.constantFrom(10, 50, 100, 300), fc.constantFrom(1, 10, 100))
      .map(([at, low, high]) => [band(0, at, low), band(at, 10_000, high)]);
    fc.assert(
      fc.property(bands, fc.double({ min: -100, max: 10_100, noNaN: true }), (grid, ticks) => {
        let below: number | undefined;
        let above: number | undefined;
        for (let price = 0; price <= 10_000; price++) {
          if (!onGrid(grid, price)) continue;
          if (price <= ticks) below = price;
          if (price >= ticks) above ??= price;
        }
        expect([floorToGrid(grid, ticks), ceilToGrid(grid, ticks)]).toEqual([below, above]);
      }),
      { numRuns: 60 },
    );
  });
});
