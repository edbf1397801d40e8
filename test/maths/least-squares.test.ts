import { describe, expect, test } from '@jest/globals';
import { normalEquations } from '../../src/maths/least-squares.ts';
import { random } from '../support/random.ts';

const draw = (rows: number, noise: number) => {
  const { normal } = random(11);
  const equations = normalEquations(3, 4);
  const [slopes, offsets] = [[2, -0.5, 7] as const, [0.1, -0.2, 0.4, -0.3] as const];
  for (let i = 0; i < rows; i++) {
    const x = [normal(), normal(), 1];
    const group = i % 4;
    const target = x.reduce((sum, value, c) => sum + value * (slopes[c] ?? 0), offsets[group] ?? 0);
    equations.add(x, group, target + noise * normal());
  }
  return { equations, slopes, offsets };
};

describe('normalEquations', () => {
  test('it recovers the coefficients that made the data', () => {
    const { equations, slopes, offsets } = draw(400, 0);
    const { dense, groups } = equations.solve({ dense: 0, group: 1e-4 });
    for (const [i, slope] of slopes.entries()) expect(dense[i]).toBeCloseTo(slope, 5);
    for (const [i, offset] of offsets.entries()) expect(groups[i]).toBeCloseTo(offset, 5);
  });

  test('a penalty draws groups to 0 and leaves the columns near the truth', () => {
    const { equations, slopes } = draw(20_000, 1);
    const { dense, groups } = equations.solve({ dense: 0, group: 1e9 });
    for (const [i, slope] of slopes.entries()) expect(Math.abs((dense[i] ?? 0) - slope)).toBeLessThan(0.03);
    for (const group of groups) expect(Math.abs(group)).toBeLessThan(1e-4);
  });

  test('dependent columns without a penalty throw', () => {
    const equations = normalEquations(2, 1);
    for (const x of [1, 2, 3]) equations.add([x, 2 * x], 0, x);
    expect(() => equations.solve({ dense: 0, group: 1 })).toThrow(
      'leastSquares: columns must be independent or penalised, was singular after 3 rows',
    );
  });
});
