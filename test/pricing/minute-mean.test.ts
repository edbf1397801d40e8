import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { minuteMean } from '../../src/pricing/minute-mean.ts';
import '../support/properties.ts';

const CLOSE = 1_000 * 15 * MINUTE;
const FRESH = 5 * SECOND;

describe('minuteMean', () => {
  test('property: it is the mean of the price at each of the sixty seconds before the close, where enough are fresh', () => {
    const quotes = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 9_000 }), price: fc.integer({ min: 1, max: 1_000 }) }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(quotes, (steps) => {
        const mean = minuteMean(FRESH);
        const given: { at: number; price: number }[] = [];
        let at = CLOSE - 70 * SECOND;
        for (const { wait, price } of steps) {
          at += wait * MILLISECOND;
          given.push({ at, price });
          mean.add(at, price);
        }
        const seen: number[] = [];
        for (let second = CLOSE - MINUTE; second < CLOSE; second += SECOND) {
          const last = given.filter((each) => each.at <= second).at(-1);
          if (last && second - last.at <= FRESH) seen.push(last.price);
        }
        const found = mean.read(CLOSE);
        if (seen.length < 45) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(seen.reduce((sum, each) => sum + each, 0) / seen.length, 8);
        expect(mean.read(CLOSE)).toBe(found);
      }),
      { numRuns: 300 },
    );
  });

  test('a price that was cut stands for nothing after it, and a reset forgets', () => {
    const mean = minuteMean(MINUTE);
    mean.add(CLOSE - MINUTE, 100);
    mean.add(CLOSE - 10 * SECOND, 200);
    expect(mean.read(CLOSE)).toBeCloseTo((50 * 100 + 10 * 200) / 60, 9);
    mean.cut();
    expect(mean.read(CLOSE)).toBeCloseTo(100, 9);
    mean.reset();
    expect(mean.read(CLOSE)).toBeUndefined();
  });
});
