import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SettlesBy, StrikeType } from '../../src/domain/contracts.ts';
import { SETTLEMENT_PRINTS } from '../../src/domain/settlement-sums.ts';
import { SECOND } from '../../src/domain/time.ts';
import { closeMoments, type OpenMoments } from '../../src/pricing/close-moments.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { momentsOf, probabilityOf, reach } from '../../src/pricing/settlement.ts';
import { CLOSE_AT, contractOf, inputAt, printsFrom, SPOT_CENTS } from './worlds.ts';

const { law } = pricingSettings.parse({});

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

/** The law of a close so narrow that every sum that can come can be counted: some cents around the spot. */
const narrow = (() => {
  const moments = closeMoments(inputAt(900), law) as OpenMoments;
  return { ...moments, centreUnits: SPOT_CENTS, sdLog: 1 / SPOT_CENTS, scale: 1 };
})();

describe('fair values under the rule of the series', () => {
  test('property: a fair value is the sum over every value the sixty prints can have, each compared by its rule', () => {
    const middle = Math.round(SETTLEMENT_PRINTS * narrow.centreUnits);
    const reached = Array.from(
      { length: 2 * 6_000 + 1 },
      (_, i) => reach(narrow, middle - 6_000 + i).probability,
    );
    fc.assert(
      fc.property(
        fc.constantFrom<StrikeType>('greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'),
        fc.constantFrom<SettlesBy>('rounded', 'average'),
        fc.integer({ min: -4, max: 4 }),
        fc.nat(3),
        (strikeType, settlesBy, offset, width) => {
          const floorUnits = SPOT_CENTS + offset;
          const capUnits = floorUnits + width;
          const priced = probabilityOf(contractOf({ strikeType, floorUnits, capUnits, settlesBy }), narrow);
          let counted = 0;
          for (let i = 0; i + 1 < reached.length; i++) {
            const mean = (middle - 6_000 + i) / SETTLEMENT_PRINTS;
            const value = settlesBy === 'average' ? mean : Math.floor(mean + 0.5);
            if (meets(value, strikeType, floorUnits, capUnits))
              counted += (reached[i] as number) - (reached[i + 1] as number);
          }
          // What lies outside the sums that were counted.
          const outside = 1 - (reached[0] as number) + (reached.at(-1) as number);
          expect(priced.kind).toBe('priced');
          if (priced.kind === 'priced')
            expect(Math.abs(priced.probability - counted)).toBeLessThan(outside + 1e-9);
        },
      ),
      { numRuns: 60 },
    );
    expect(1 - (reached[0] as number) + (reached.at(-1) as number)).toBeLessThan(1e-3);
  });

  test('the rule is worth 2 cents of fair value where a cent of index is a large part of what may still come', () => {
    const fair = (settlesBy: SettlesBy) => {
      const priced = probabilityOf(contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS, settlesBy }), {
        ...narrow,
        sdLog: 10 / SPOT_CENTS,
      });
      return priced.kind === 'priced' ? priced.probability : Number.NaN;
    };
    expect(fair('average') - fair('rounded')).toBeGreaterThan(0.015);
    expect(fair('average') - fair('rounded')).toBeLessThan(0.025);
  });

  test('a certain close is compared by its rule: a mean a sixtieth of a cent above the strike is above it, and rounds to it', () => {
    const prints = printsFrom(CLOSE_AT - 60 * SECOND, [...new Array(59).fill(SPOT_CENTS), SPOT_CENTS + 1]);
    const input = inputAt(0.5, { prints });
    const paid = (settlesBy: SettlesBy) => {
      const above = contractOf({ strikeType: 'greater', floorUnits: SPOT_CENTS, settlesBy });
      const priced = probabilityOf(above, momentsOf(above, input, law));
      return priced.kind === 'priced' ? priced.probability : Number.NaN;
    };
    expect([paid('average'), paid('rounded')]).toEqual([1, 0]);
  });
});
