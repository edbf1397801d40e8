import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { treeSet } from '../../../src/features/sets/tree-set.ts';
import { treeInput } from '../../../src/forecast/members/tree-input.ts';
import { TREE_INPUTS } from '../../support/tree-inputs.ts';
import { INPUT, PLAIN } from './tree-inputs.ts';

const read = (name: string): number | undefined => treeInput(name)?.(INPUT);

describe('treeInput', () => {
  test('every input that data sets have a column for is read by its name', () => {
    expect([...PLAIN.keys()]).toEqual([...TREE_INPUTS]);
    for (const [name, value] of PLAIN) expect(read(name)).toBe(value);
  });

  test('a season is that of the window ahead less that of the last hour', () => {
    expect(read('season5')).toBe(0.25);
    expect(read('season60')).toBeCloseTo(0.55, 12);
  });

  test('property: two names with a dash between are their difference', () => {
    const name = fc.constantFrom(...PLAIN.keys());
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(read(`${a}-${b}`)).toBe((PLAIN.get(a) ?? Number.NaN) - (PLAIN.get(b) ?? Number.NaN));
      }),
    );
  });

  test('property: two names with a slash between are the ratio of the deviations that they are log variances of', () => {
    const name = fc.constantFrom(...PLAIN.keys());
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [top, bottom] = [a, b].map((each) => PLAIN.get(each) ?? Number.NaN) as [number, number];
        expect(Math.log(read(`${a}/${b}`) ?? Number.NaN) * 2).toBeCloseTo(top - bottom, 9);
      }),
    );
    expect(read('harx5/harx15')).toBeCloseTo(Math.sqrt(Math.exp(-16.1) / Math.exp(-16.2)), 12);
  });

  test('a difference or a ratio with something unknown in it is NaN, which trees can do with', () => {
    const inputs = new Float64Array(treeSet.length).fill(Number.NaN);
    expect(treeInput('rv15-harx60')?.({ ...INPUT, inputs })).toBeNaN();
    expect(treeInput('high60/harx60')?.({ ...INPUT, inputs })).toBeNaN();
  });

  test('a name that is none is undefined, alone and as either half of a difference or a ratio', () => {
    const none = [
      '',
      'rv',
      'rv16',
      'harx',
      'harx120',
      'harx015',
      'season',
      'season7',
      'Harx15',
      ' rv15',
      'toString',
    ];
    for (const name of none)
      for (const spelt of [name, `${name}-rv15`, `rv15-${name}`, `rv15/${name}`, `rv15-rv60-${name}`])
        if (spelt !== 'rv15-rv60') expect([spelt, treeInput(spelt)]).toEqual([spelt, undefined]);
    for (const three of ['rv15-rv60-rv240', 'rv15-rv60/rv240', 'rv15/rv60/'])
      expect(treeInput(three)).toBeUndefined();
  });
});
