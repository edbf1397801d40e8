import { expect, test } from '@jest/globals';
import { known } from '../../src/domain/known.ts';

test('a number that is known is said as it is, and what is none as null, as JSON would', () => {
  for (const value of [0, 1e-300, -7.5, Number.MAX_VALUE]) expect(known(value)).toBe(value);
  expect(known(-0)).toBe(0);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(known(value)).toBeNull();
    expect(JSON.stringify(known(value))).toBe(JSON.stringify(value));
  }
});
