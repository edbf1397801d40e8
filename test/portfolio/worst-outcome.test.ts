import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Contract, StrikeType } from '../../src/domain/contracts.ts';
import { type Exposure, worstOutcome } from '../../src/portfolio/worst-outcome.ts';
import { contractOf } from './samples.ts';

/** The law of settlement written out: is V, in cents, a YES? */
function isYes({ strikeType, floorUnits = Number.NaN, capUnits = Number.NaN }: Contract, value: number) {
  switch (strikeType) {
    case 'greater':
      return value > floorUnits;
    case 'greater_or_equal':
      return value >= floorUnits;
    case 'less':
      return value < capUnits;
    case 'less_or_equal':
      return value <= capUnits;
    case 'between':
      return value >= floorUnits && value <= capUnits;
  }
}

const exposure = fc
  .record({
    strikeType: fc.constantFrom<StrikeType>(
      'greater',
      'greater_or_equal',
      'less',
      'less_or_equal',
      'between',
    ),
    floorUnits: fc.integer({ min: 100, max: 120 }),
    width: fc.nat(8),
    yes: fc.integer({ min: -500, max: 500 }),
    no: fc.integer({ min: -500, max: 500 }),
  })
  .map(
    ({ strikeType, floorUnits, width, yes, no }): Exposure => ({
      contract: contractOf({ strikeType, floorUnits, capUnits: floorUnits + width }),
      yes,
      no,
    }),
  );

describe('worstOutcome', () => {
  test('nothing held loses nothing', () => {
    expect(worstOutcome([])).toBe(0);
  });

  test('property: it is the least total over every settlement value there can be', () => {
    fc.assert(
      fc.property(fc.array(exposure, { maxLength: 8 }), (exposures) => {
        let least = Number.POSITIVE_INFINITY;
        for (let value = 90; value <= 140; value++) {
          let total = 0;
          for (const { contract, yes, no } of exposures)
            total += contract && isYes(contract, value) ? yes : no;
          least = Math.min(least, total);
        }
        expect(worstOutcome(exposures)).toBe(least);
      }),
      { numRuns: 500 },
    );
  });

  test('a range and its complement held together are safe, and apart are not', () => {
    const range = contractOf({ strikeType: 'between', floorUnits: 100, capUnits: 199 });
    const below = contractOf({ strikeType: 'less', floorUnits: undefined, capUnits: 100 });
    const above = contractOf({ strikeType: 'greater', floorUnits: 199 });
    const held = [range, below, above].map((contract) => ({ contract, yes: 70, no: -30 }));
    expect(worstOutcome(held)).toBe(10);
    expect(worstOutcome(held.slice(0, 2))).toBe(-60);
  });

  test('terms that are unknown count as the worse end, whatever else is held', () => {
    const unknown = contractOf({ strikeType: 'greater_or_equal', floorUnits: undefined });
    expect(worstOutcome([{ contract: unknown, yes: 60, no: -40 }])).toBe(-40);
    expect(worstOutcome([{ contract: undefined, yes: -7, no: -7 }])).toBe(-7);
    expect(worstOutcome([{ contract: contractOf({ floorUnits: Number.NaN }), yes: -9, no: 4 }])).toBe(-9);
  });

  test('a number that is NaN makes the whole NaN', () => {
    expect(worstOutcome([{ contract: contractOf(), yes: Number.NaN, no: -1 }])).toBeNaN();
    expect(
      worstOutcome([
        { contract: contractOf(), yes: 3, no: Number.NaN },
        { contract: contractOf(), yes: 1, no: 2 },
      ]),
    ).toBeNaN();
  });
});
