import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bestLevels } from '../../src/console/best-levels.ts';
import '../support/properties.ts';

describe('bestLevels', () => {
  test('property: the best of a side, best first, as sorting the whole side gives', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1 })), {
          selector: ([ticks]) => ticks,
          maxLength: 60,
        }),
        fc.constantFrom<'bid' | 'ask'>('bid', 'ask'),
        fc.integer({ min: 1, max: 12 }),
        (levels, side, most) => {
          const sorted = [...levels].sort(([a], [b]) => (side === 'bid' ? b - a : a - b)).slice(0, most);
          expect(bestLevels(new Map(levels), side, most)).toEqual(sorted);
        },
      ),
    );
  });
});
