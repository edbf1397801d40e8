import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keptMinutes } from '../../pipelines/run/kept-minutes.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE } from '../../src/domain/time.ts';
import '../support/properties.ts';

const bar = (minute: number): MinuteBar => ({
  openAt: minute * MINUTE,
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 0,
  flag: 0,
});

describe('keptMinutes', () => {
  test('goes on from the history by asset, and bars without a name are the first asset’s', () => {
    const kept = keptMinutes(
      [
        { asset: undefined, bars: [bar(1)] },
        { asset: 'ETH', bars: [bar(5)] },
      ],
      'BTC',
    );
    kept.add({ asset: 'BTC', bar: bar(2) });
    const before = kept.read();
    kept.add({ asset: 'ETH', bar: bar(6) });
    expect(before).toEqual([
      { asset: 'BTC', bars: [bar(1), bar(2)] },
      { asset: 'ETH', bars: [bar(5)] },
    ]);
  });

  test('is in order, holds no minute twice, and no more than eight days', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 })), fc.nat(13_000), (minutes, span) => {
        const kept = keptMinutes(
          [{ asset: 'BTC', bars: Array.from({ length: span }, (_, i) => bar(i - span)) }],
          'BTC',
        );
        for (const minute of minutes) kept.add({ asset: 'BTC', bar: bar(minute) });
        const opens = kept.read()[0]?.bars.map(({ openAt }) => openAt) ?? [];
        expect(opens).toEqual([...new Set(opens)].sort((a, b) => a - b));
        expect(opens.length).toBeLessThanOrEqual(8 * 1_440);
        expect(opens.at(-1)).toBe((minutes.length > 0 ? Math.max(...minutes) : -1) * MINUTE || opens.at(-1));
      }),
      { numRuns: 20 },
    );
  });
});
