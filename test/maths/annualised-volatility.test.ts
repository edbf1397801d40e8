import { expect, test } from '@jest/globals';
import { annualisedVolatility } from '../../src/maths/annualised-volatility.ts';

test('a variance of a year of 365 days is its own square, and one of an hour counts 8,760 times', () => {
  expect(annualisedVolatility(Math.log(0.16), 525_600)).toBeCloseTo(0.4, 12);
  expect(annualisedVolatility(Math.log(6e-6), 60)).toBeCloseTo(Math.sqrt(6e-6 * 8_760), 12);
});
