import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract } from '../../../src/domain/contracts.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { settledByPrints } from '../../../src/execution/desk/settled-by-prints.ts';
import { type PrintWindow, printWindow } from '../../../src/pricing/print-window.ts';
import { CLOSE_AT, contractOf } from '../../portfolio/samples.ts';
import { BTC } from '../../support/assets.ts';

/** The sixty prints that settle `closeAt`, the oldest first. */
const fill = (prints: PrintWindow, closeAt: number, cents: readonly number[]): void => {
  cents.forEach((value, i) => {
    const at = closeAt - (60 - i) * SECOND;
    prints.add({
      kind: 'indexPrint',
      at,
      receivedAt: at,
      indexId: 'BRTI',
      sid: 1,
      seq: 1,
      asset: 'BTC',
      units: value,
      decimals: 2,
      hertz: 1,
    });
  });
};
const settled = (terms: Partial<Contract>, cents: readonly number[]) => {
  const prints = printWindow(BTC);
  fill(prints, CLOSE_AT, cents);
  return settledByPrints(contractOf(terms), prints);
};
const quarter = (floorUnits: number | undefined): Partial<Contract> => ({
  series: 'KXBTC15M',
  strikeType: 'greater_or_equal',
  floorUnits,
});

describe('settledByPrints', () => {
  test('property: each strike type ends as its words say of the mean, rounded half up', () => {
    const cents = fc.array(fc.integer({ min: 7_999_900, max: 8_000_100 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(cents, fc.integer({ min: -3, max: 3 }), (values, off) => {
        // Half up in exact integers: the largest V with V − ½ ≤ mean.
        const sum = values.reduce((total, value) => total + BigInt(value), 0n);
        const value = Number((2n * sum + 60n) / 120n);
        const strike = value + off;
        const yes = (terms: Partial<Contract>) => settled(terms, values)?.result === 'yes';
        expect(settled({ floorUnits: strike }, values)?.valueUnits).toBe(value);
        expect(yes({ strikeType: 'greater', floorUnits: strike })).toBe(value > strike);
        expect(yes(quarter(strike))).toBe(value >= strike);
        expect(yes({ strikeType: 'less', floorUnits: undefined, capUnits: strike })).toBe(value < strike);
        expect(yes({ strikeType: 'less_or_equal', floorUnits: undefined, capUnits: strike })).toBe(
          value <= strike,
        );
        expect(yes({ strikeType: 'between', floorUnits: strike, capUnits: strike + 1 })).toBe(
          strike <= value && value <= strike + 1,
        );
      }),
    );
  });

  test('while one print is missing nothing is known, wherever it lies', () => {
    for (const missing of [0, 30, 59]) {
      const prints = printWindow(BTC);
      for (let i = 0; i < 60; i++)
        if (i !== missing)
          fill(prints, CLOSE_AT - (59 - i) * SECOND, [...Array(59).fill(Number.NaN), 8_000_000]);
      expect(settledByPrints(contractOf(), prints)).toBeUndefined();
      fill(prints, CLOSE_AT - (59 - missing) * SECOND, [...Array(59).fill(Number.NaN), 8_000_000]);
      expect(settledByPrints(contractOf(), prints)).toEqual({
        result: 'no',
        valueUnits: 8_000_000,
        valueDollars: 80_000,
      });
    }
  });

  test('a quarter-hour whose floor was never told takes it from the prints of the quarter before', () => {
    for (const [before, result] of [
      [8_000_000, 'yes'],
      [8_000_001, 'no'],
    ] as const) {
      const prints = printWindow(BTC);
      fill(prints, CLOSE_AT - 15 * MINUTE, Array(60).fill(before));
      fill(prints, CLOSE_AT, Array(60).fill(8_000_000));
      expect(settledByPrints(contractOf(quarter(undefined)), prints)).toEqual({
        result,
        valueUnits: 8_000_000,
        valueDollars: 80_000,
      });
    }
  });

  test('without that quarter, or without a strike of another type, nothing is known', () => {
    expect(settled(quarter(undefined), Array(60).fill(8_000_000))).toBeUndefined();
    expect(settled({ floorUnits: undefined }, Array(60).fill(8_000_000))).toBeUndefined();
  });
});
