import { describe, expect, test } from '@jest/globals';
import { minuteFeatures } from '../../../src/features/rows/minute-features.ts';
import { featureRowOf } from '../../../src/features/rows/minute-row.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { treeSet } from '../../../src/features/sets/tree-set.ts';
import { BTC } from '../../support/btc.ts';
import { randomBars } from '../bars.ts';

const bars = randomBars(5, 700);
const rowOf = (asset: Parameters<typeof minuteFeatures>[0], count = bars.length) => {
  const features = minuteFeatures(asset);
  for (const bar of bars.slice(0, count)) features.digest(bar);
  const row = features.row();
  if (!row) throw new Error('minute-row.test: a row must come, was none');
  return row;
};

describe('featureRowOf', () => {
  test('tells a row as plain data: the same after JSON, null for what is not known yet', () => {
    const row = rowOf(BTC, 100);
    const told = featureRowOf(row);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
    expect(structuredClone(told)).toEqual(told);
    expect(told).toMatchObject({ kind: 'featureRow', asset: 'BTC', at: row.at, warm: false, bars: 100 });
    expect(told.values.map((value) => value ?? Number.NaN)).toEqual([...row.values]);
    expect(told.inputs.map((value) => value ?? Number.NaN)).toEqual([...row.inputs]);
    expect(told.values).toContain(null);
  });
});

describe('floors', () => {
  test('the asset’s own floors lie under its features: variances, net moves and distances each by theirs', () => {
    const changed = (floors: Partial<typeof BTC.floors>): readonly string[] => {
      const [one, other] = [rowOf(BTC), rowOf({ name: 'ETH', floors: { ...BTC.floors, ...floors } })];
      const names = (sets: readonly { readonly name: string }[], a: Float64Array, b: Float64Array) =>
        sets.flatMap(({ name }, i) => (Object.is(a[i], b[i]) ? [] : [name]));
      return [
        ...names(barFeatures, one.values, other.values),
        ...names(treeSet, one.inputs, other.inputs),
        ...(one.window.every((value, i) => value === other.window[i]) ? [] : ['window']),
      ];
    };
    expect(changed({})).toEqual([]);
    expect(changed({ net: 1e-7 })).toEqual(['net15', 'net60', 'net240', 'net15', 'net60', 'net240']);
    const near = changed({ distance: 1e-9 });
    expect(near.length).toBeGreaterThan(6);
    for (const name of near) expect(name).toMatch(/^(high|low)\d+$/);
    const variances = changed({ variance: 1e-8 });
    expect(variances).toEqual(
      expect.arrayContaining(['variance5', 'rv5', 'pk15', 'range60', 'max240', 'window']),
    );
    for (const name of variances) expect(name).not.toMatch(/^(net|high|low|ret|vol|rq|abs)\d+$/);
  });
});
