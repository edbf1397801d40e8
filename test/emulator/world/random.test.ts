import { describe, expect, test } from '@jest/globals';
import { randomOf } from '../../../src/emulator/world/random.ts';

const DRAWS = 40_000;
const moments = (draw: () => number) => {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS };
};

describe('randomOf', () => {
  test('one seed gives one sequence, another seed another', () => {
    const three = (seed: string) => {
      const random = randomOf(seed);
      return [random.uniform(), random.normal(), random.studentT(5)];
    };
    expect(three('a')).toEqual(three('a'));
    expect(three('a')).not.toEqual(three('b'));
  });

  test('what one source draws leaves the sources split from it alone', () => {
    const quiet = randomOf('a');
    const busy = randomOf('a');
    for (let i = 0; i < 100; i++) busy.normal();
    expect(busy.split('x').uniform()).toBe(quiet.split('x').uniform());
    expect(quiet.split('x').uniform()).not.toBe(quiet.split('y').uniform());
  });

  test.each([
    ['uniform', 1 / 2, 1 / 12],
    ['normal', 0, 1],
    ['exponential', 1, 1],
  ] as const)('%s draws have the mean and variance of their law', (name, mean, variance) => {
    const drawn = moments(randomOf(name)[name]);
    // Five standard errors of a mean of 40,000 draws.
    expect(Math.abs(drawn.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
    expect(drawn.variance / variance).toBeCloseTo(1, 1);
  });

  test('Poisson draws have mean and variance equal, for means below and above a chunk', () => {
    for (const mean of [0.3, 4, 75]) {
      const random = randomOf(`poisson ${mean}`);
      const drawn = moments(() => random.poisson(mean));
      expect(drawn.mean / mean).toBeCloseTo(1, 1);
      expect(drawn.variance / mean).toBeCloseTo(1, 1);
    }
    expect(randomOf('zero').poisson(0)).toBe(0);
  });

  test("Student's t has the variance ν/(ν−2)", () => {
    const random = randomOf('t');
    expect(moments(() => random.studentT(8)).variance / (8 / 6)).toBeCloseTo(1, 1);
  });

  test('below gives every integer under its bound and no other', () => {
    const random = randomOf('below');
    expect(new Set(Array.from({ length: 500 }, () => random.below(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});
