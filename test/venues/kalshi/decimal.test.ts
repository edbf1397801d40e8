import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fixedPoint } from '../../../src/domain/money.ts';
import { decimal } from '../../../src/venues/kalshi/decimal.ts';

describe('decimal', () => {
  test.each([
    ['0.9600', 4, 9600],
    ['-54.00', 2, -5400],
    ['-0.00', 2, 0],
    ['0.96', 4, 9600],
    ['167652.59', 2, 16_765_259],
    [0.96, 4, 9600],
    [-54, 2, -5400],
    ['1.005', 2, undefined],
    ['999999999999.99', 2, 99_999_999_999_999],
    ['999999999999.9999', 4, undefined],
    ['-999999999999.999999', 6, undefined],
    [999999999999.9999, 4, undefined],
    ['1000000000000.00', 2, undefined],
    ['.5000', 4, undefined],
    ['-.50', 2, undefined],
    ['0,9600', 4, undefined],
    ['0.96o0', 4, undefined],
    ['+1.00', 2, undefined],
    ['1e3', 2, undefined],
    ['', 2, undefined],
    [1e21, 2, undefined],
  ])('%p with %p decimals is %p', (value, decimals, expected) => {
    expect(decimal(value, decimals)).toBe(expected);
  });

  test('property: it says what fixedPoint says of any text', () => {
    const wireLike = fc.stringMatching(/^-?[0-9]{0,14}\.?[0-9]{0,7}[ e-]?$/);
    fc.assert(
      fc.property(fc.oneof(wireLike, fc.string()), fc.constantFrom(2, 4), (text, decimals) => {
        expect(decimal(text, decimals)).toBe(fixedPoint(text, decimals));
      }),
      { numRuns: 3_000 },
    );
  });
});
