import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StrikeType } from '../../src/domain/contracts.ts';
import { SETTLEMENT_PRINTS, settlementSums } from '../../src/domain/settlement-sums.ts';

const meets = (value: number, type: StrikeType, floor: number, cap: number): boolean => {
  switch (type) {
    case 'greater':
      return value > floor;
    case 'greater_or_equal':
      return value >= floor;
    case 'less':
      return value < cap;
    case 'less_or_equal':
      return value <= cap;
    case 'between':
      return value >= floor && value <= cap;
  }
};

describe('settlementSums', () => {
  test('property: sixty prints pay YES by the rule of their series, whether it rounds the mean or compares it as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<StrikeType>('greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'),
        fc.constantFrom('rounded', 'average', undefined),
        fc.integer({ min: 1_000, max: 1_003 }),
        fc.nat(3),
        fc.integer({ min: 60 * 998, max: 60 * 1_008 }),
        (strikeType, settlesBy, floorUnits, width, sum) => {
          const capUnits = floorUnits + width;
          const sums = settlementSums({ strikeType, floorUnits, capUnits, ...(settlesBy && { settlesBy }) });
          const mean = sum / SETTLEMENT_PRINTS;
          const value = settlesBy === 'average' ? mean : Math.floor(mean + 0.5);
          expect(sums && sum >= sums.from && sum < sums.to).toBe(
            meets(value, strikeType, floorUnits, capUnits),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a contract without its strike has no sums', () => {
    for (const strikeType of ['greater', 'less', 'between'] as const)
      expect(settlementSums({ strikeType, floorUnits: undefined, capUnits: undefined })).toBeUndefined();
    expect(settlementSums({ strikeType: 'between', floorUnits: 5, capUnits: 4 })).toBeUndefined();
  });

  test('where the mean itself is compared, a mean equal to the strike reaches it and does not exceed it', () => {
    const from = (strikeType: 'greater' | 'greater_or_equal') =>
      settlementSums({ strikeType, floorUnits: 100, capUnits: undefined, settlesBy: 'average' })?.from;
    expect(from('greater_or_equal')).toBe(6_000);
    expect(from('greater')).toBe(6_001);
  });
});
