import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runningTotals } from '../../src/maths/block-bootstrap.ts';
import { random } from '../support/random.ts';
import '../support/properties.ts';

describe('runningTotals', () => {
  test('property: totals are sums, an interval begins with the third block, holds the total and scales with it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (sums, factor) => {
          const blocks = sums.map((sum, block) => ({ block, sum }));
          const totals = runningTotals(blocks);
          const scaled = runningTotals(blocks.map(({ block, sum }) => ({ block, sum: factor * sum })));
          let sum = 0;
          for (const [i, { total, low, high, blocks: seen }] of totals.entries()) {
            sum += sums[i] as number;
            expect(total).toBeCloseTo(sum, 9);
            expect(seen).toBe(i + 1);
            if (i < 2) {
              expect([low, high]).toEqual([null, null]);
              continue;
            }
            expect(low).toBeLessThanOrEqual(total + 1e-9);
            expect(high).toBeGreaterThanOrEqual(total - 1e-9);
            expect(scaled[i]?.low).toBeCloseTo(factor * (low as number), 6);
            expect(scaled[i]?.high).toBeCloseTo(factor * (high as number), 6);
          }
        },
      ),
    );
  });

  test('the interval of twelve hours without profit holds zero about nineteen times of twenty', () => {
    let held = 0;
    const tried = 400;
    for (let seed = 0; seed < tried; seed++) {
      const { normal } = random(seed);
      const blocks = Array.from({ length: 12 }, (_, i) => ({ block: 12 * seed + i, sum: normal() }));
      const { low, high } = runningTotals(blocks).at(-1) ?? {};
      if ((low ?? 1) <= 0 && (high ?? -1) >= 0) held++;
    }
    expect(held / tried).toBeGreaterThan(0.92);
    expect(held / tried).toBeLessThan(0.985);
  });
});
