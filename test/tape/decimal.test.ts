import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from '../../src/tape/decimal.ts';

const read = (text: string): number => decimal(Buffer.from(`x${text},`), 1, 1 + text.length);

describe('decimal', () => {
  test.each(['0', '61740.6', '-0.5', '9.6e-05', '1E3', '.5', '5.', '000123.4500', '123456789012345678.9'])(
    '%s is read as Number reads it',
    (text) => expect(read(text)).toBe(Number(text)),
  );

  test.each(['', '-', '.', '1.2.3', '0x10', ' 1', '1 ', 'Infinity', 'NaN', '1e', '--1', '+1'])(
    '%j is no number',
    (text) => expect(read(text)).toBeNaN(),
  );

  test('property: any double printed and read again is the same double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(read(String(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  test('property: prices of up to 15 digits are the nearest double', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(15), (digits, decimals) => {
        const all = String(digits % 10 ** 15).padStart(decimals + 1, '0');
        const text = `${all.slice(0, all.length - decimals)}.${all.slice(all.length - decimals)}`;
        expect(read(text)).toBe(Number(text));
      }),
    );
  });
});
