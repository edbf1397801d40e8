import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CHECKSUM_START,
  checksumOf,
  digitsOf,
  levelShare,
  withLevel,
} from '../../../src/venues/kraken/checksum.ts';

const ticks = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 51 - 1 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.constantFrom(9, 10, 99, 100, 999_999_999, 1_000_000_000, 1_000_000_001, 1e15, 2 ** 31, 2 ** 51 - 1),
);

describe('checksum', () => {
  test("property: chained level shares are zlib's CRC32 of the concatenated digits", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(ticks, ticks), { maxLength: 20 }), (levels) => {
        let register = CHECKSUM_START;
        for (const [price, quantity] of levels)
          register = withLevel(register, levelShare(price, quantity), digitsOf(price) + digitsOf(quantity));
        expect(checksumOf(register)).toBe(
          crc32(levels.map(([price, quantity]) => `${price}${quantity}`).join('')),
        );
      }),
    );
  });

  test('property: digitsOf is the length of the number as text', () => {
    fc.assert(fc.property(ticks, (value) => expect(digitsOf(value)).toBe(String(value).length)));
  });
});
