import { describe, expect, test } from '@jest/globals';
import { from, lastValueFrom, toArray } from 'rxjs';
import { type FeatureInput, featureRows } from '../../../src/features/rows/feature-rows.ts';
import { minuteFeatures } from '../../../src/features/rows/minute-features.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { featureListHash } from '../../../src/features/sets/feature-list-hash.ts';
import { BTC } from '../../support/btc.ts';
import { marbles } from '../../support/marbles.ts';
import { randomBars } from '../bars.ts';

const bars = randomBars(8, 800);
const warm = (history = bars.slice(0, 750)): FeatureInput => ({
  kind: 'warm',
  at: 1,
  receivedAt: 7,
  history,
});
const minute = (i: number): FeatureInput => {
  const bar = bars[i] ?? (bars[0] as (typeof bars)[number]);
  return { kind: 'minute', at: bar.openAt + 60_000_000, receivedAt: i, bar };
};
const collect = (inputs: readonly FeatureInput[]) =>
  lastValueFrom(from(inputs).pipe(featureRows(BTC), toArray()));

describe('featureRows', () => {
  test('a history gives its last row, and each minute after it one more', async () => {
    const features = minuteFeatures(BTC);
    for (const bar of bars.slice(0, 749)) features.digest(bar);
    const rows = await collect([warm(), minute(750), { kind: 'hole', at: 1, receivedAt: 1 }, minute(751)]);
    const expected = [749, 750, 751].map((i) => features.push(bars[i] as (typeof bars)[number], i));
    expect(rows).toEqual([{ ...expected[0], receivedAt: 7 }, expected[1], expected[2]]);
  });

  test('a new session forgets the one before; an empty history gives no row', async () => {
    const rows = await collect([warm(), warm([]), minute(760)]);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ bars: 1, warm: false });
  });

  test('each subscriber has its own windows; errors and completion pass', () => {
    marbles(({ cold, expectObservable }) => {
      const counted = cold('-m-m-|', { m: minute(3) }).pipe(featureRows(BTC));
      const row = minuteFeatures(BTC).push(bars[3] as (typeof bars)[number], 3);
      expectObservable(counted).toBe('-r---|', { r: row });
      expectObservable(counted).toBe('-r---|', { r: row });
      expectObservable(cold<FeatureInput>('--#').pipe(featureRows(BTC))).toBe('--#');
    });
  });
});

describe('barFeatures', () => {
  test('names are unique and say what each feature is', () => {
    expect(new Set(barFeatures.map(({ name }) => name)).size).toBe(barFeatures.length);
    for (const { about, unit, warmUpMinutes, spanMinutes } of barFeatures) {
      expect(about && unit).toBeTruthy();
      expect(warmUpMinutes).toBeLessThanOrEqual(spanMinutes);
    }
  });

  test('the hash depends on names and their order', () => {
    const [a, b] = [{ name: 'a' }, { name: 'b' }];
    expect(new Set([[a, b], [b, a], [a], [{ name: 'a\nb' }, a]].map(featureListHash)).size).toBe(4);
    // printf 'a\nb' | sha256sum
    expect(featureListHash([a, b])).toBe('7e18f737311b2dc3b2f269dd78396b0351f14fb66efa879f768cb23181883c78');
  });
});
