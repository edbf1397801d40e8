import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { indexPrints } from '../../../src/emulator/world/index-prints.ts';
import { dataPath, describeData } from '../../support/data.ts';

const CLOSE = 1_790_366_400;

const settled = (cents: readonly number[], first: number) => {
  const prints = indexPrints();
  cents.forEach((value, i) => {
    prints.record(first + i, value);
  });
  return prints.settlementUnits(CLOSE);
};

describe('indexPrints', () => {
  test('property: the settlement value is the mean of the last sixty prints, rounded half up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20_000_000 }), { minLength: 62, maxLength: 62 }),
        (cents) => {
          // The prints before and at the close do not count.
          const sum = cents.slice(1, 61).reduce((total, value) => total + BigInt(value), 0n);
          const twice = (sum * 2n) / 60n;
          expect(settled(cents, CLOSE - 61)).toBe(Number((twice + 1n) / 2n));
        },
      ),
    );
  });

  test('a tie of half a cent goes up', () => {
    expect(settled([...Array(30).fill(100), ...Array(30).fill(101)], CLOSE - 60)).toBe(101);
  });

  test('a missing print throws, and names its second', () => {
    expect(() => settled(Array(59).fill(1), CLOSE - 60)).toThrow(`was ${CLOSE - 1}`);
  });

  test('a print is forgotten once its place is taken', () => {
    const prints = indexPrints();
    for (let second = 0; second < 1_030; second++) prints.record(second, second);
    expect(prints.sum(6, 8)).toBe(13);
    expect(() => prints.sum(5, 8)).toThrow('was 5');
  });
});

describeData('recorded closes', () => {
  test('every published settlement value is reproduced to the cent', () => {
    const { expirations } = JSON.parse(
      readFileSync(dataPath('kalshi', 'wire', 'brti-settlement-windows.json'), 'utf8'),
    );
    expect(expirations.length).toBeGreaterThanOrEqual(5);
    for (const { close_ts, first_ts, brti_1hz_cents, expiration_value } of expirations) {
      const prints = indexPrints();
      brti_1hz_cents.forEach((cents: number, i: number) => {
        prints.record(first_ts + i, cents);
      });
      expect(prints.settlementUnits(close_ts)).toBe(
        Math.round(100 * Number(expiration_value.replace(',', ''))),
      );
    }
  });
});
