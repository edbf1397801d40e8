import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOff } from '../../src/transport/back-off.ts';

/** As Kraken's own client counts (reference CLI): two fast tries, then doubled within 5 and 30 s, up to 750 ms of jitter. */
const KRAKEN = {
  fastTries: 2,
  fastMs: 1_000,
  baseMs: 4_000,
  factor: 2,
  leastMs: 5_000,
  mostMs: 30_000,
  jitterMs: 750,
  stableMs: 30_000,
  budget: { attempts: 120, spanMs: 600_000 },
};

const numbers = fc.record({
  fastTries: fc.integer({ min: 0, max: 5 }),
  fastMs: fc.integer({ min: 0, max: 2_000 }),
  baseMs: fc.integer({ min: 1, max: 10_000 }),
  factor: fc.integer({ min: 1, max: 5 }),
  leastMs: fc.integer({ min: 0, max: 5_000 }),
  mostMs: fc.integer({ min: 5_000, max: 60_000 }),
  jitterMs: fc.integer({ min: 0, max: 2_000 }),
});

describe('backOff', () => {
  test('is fast at first, then doubles from the least wait to the most', () => {
    const { delayMs } = backOff(KRAKEN);
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => delayMs(attempt, 0))).toEqual([
      1_000, 1_000, 5_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  test('jitter comes on top of every wait, in proportion to the random number', () => {
    const { delayMs } = backOff(KRAKEN);
    expect([delayMs(1, 0.5), delayMs(3, 0.5), delayMs(9, 0.5)]).toEqual([1_375, 5_375, 30_375]);
  });

  test('passes on what counts as stable, and the budget', () => {
    expect(backOff(KRAKEN)).toMatchObject({
      stableMs: 30_000,
      budget: { attempts: 120, spanMs: 600_000 },
    });
  });

  test('property: past the fast tries, waits grow, stay within their limits, and repeat the product by hand', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (chosen, slowTries, random) => {
          const { delayMs } = backOff({ ...KRAKEN, ...chosen });
          let product = chosen.baseMs;
          let before = 0;
          for (let n = 1; n <= slowTries; n++) {
            const wait = delayMs(chosen.fastTries + n, 0);
            const jittered = delayMs(chosen.fastTries + n, random);
            expect(wait).toBe(
              product < chosen.leastMs ? chosen.leastMs : product > chosen.mostMs ? chosen.mostMs : product,
            );
            expect(wait).toBeGreaterThanOrEqual(before);
            expect(jittered - wait).toBeCloseTo(chosen.jitterMs * random, 6);
            product *= chosen.factor;
            before = wait;
          }
          for (let n = 1; n <= chosen.fastTries; n++) expect(delayMs(n, 0)).toBe(chosen.fastMs);
        },
      ),
    );
  });

  test('a back-off that has waited for years still waits no longer than the most', () => {
    expect(backOff(KRAKEN).delayMs(100_000, 0)).toBe(30_000);
  });
});
