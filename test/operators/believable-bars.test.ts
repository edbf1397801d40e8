import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { believableBars } from '../../src/operators/believable-bars.ts';
import { readHistory } from '../../src/tape/history.ts';
import { dataPath, describeData } from '../support/data.ts';
import '../support/properties.ts';
import { random } from '../support/random.ts';

const FROM = 1_750_000_020 * SECOND;
const walk = (seed: number, length: number, deviation: number, start = 80_000): readonly MinuteBar[] => {
  const { uniform } = random(seed);
  let close = start;
  return Array.from({ length }, (_, n) => {
    const open = close * (1 + 0.2 * deviation * (uniform() - 0.5));
    close = open * Math.exp(deviation * (uniform() + uniform() - 1) * 2);
    const [high, low] = [Math.max(open, close), Math.min(open, close)];
    return { openAt: FROM + n * MINUTE, open, high, low, close, volume: 1, flag: 0 };
  });
};
const times = (bars: readonly MinuteBar[], factor: number): readonly MinuteBar[] =>
  bars.map((bar) => ({
    ...bar,
    open: bar.open * factor,
    high: bar.high * factor,
    low: bar.low * factor,
    close: bar.close * factor,
  }));
const seed = fc.integer({ min: 1, max: 1_000_000 });
const deviation = fc.constantFrom(0, 0.0002, 0.001, 0.003);

describe('believableBars', () => {
  test('a market that moves as it did is believed whole', () => {
    fc.assert(
      fc.property(seed, deviation, (at, sd) => {
        const bars = walk(at, 400, sd);
        expect(believableBars(bars)).toMatchObject({ bars, jump: undefined });
      }),
    );
  });

  test('what lies before a jump that volatility cannot explain is left out, wherever it is', () => {
    fc.assert(
      fc.property(
        seed,
        deviation,
        fc.integer({ min: 1, max: 399 }),
        fc.constantFrom(1 / 35, 0.8, 1.25, 35, 1_000),
        (at, sd, cut, factor) => {
          const bars = walk(at, 400, sd);
          const mixed = [...times(bars.slice(0, cut), factor), ...bars.slice(cut)];
          const { bars: kept, jump } = believableBars(mixed);
          expect(kept).toEqual(bars.slice(cut));
          expect(jump).toEqual([mixed[cut - 1], mixed[cut]]);
        },
      ),
    );
  });

  test('one false bar does not hide the jump back', () => {
    const bars = walk(7, 300, 0.0005);
    const wrong = [...bars.slice(0, 200), ...times(bars.slice(200, 201), 10), ...bars.slice(201)];
    expect(believableBars(wrong).bars).toEqual(bars.slice(201));
  });

  test('a price may have gone further in a hole, by the root of its minutes', () => {
    const { next } = believableBars(walk(9, 300, 0.001));
    const last = walk(9, 300, 0.001).at(-1)?.close ?? 0;
    expect([next.reaches(last * 1.05, 1), next.reaches(last * 1.05, 600)]).toEqual([false, true]);
  });
});

describeData('believableBars on recorded bars', () => {
  test('no bar of the worst days of a year is left out', async () => {
    for (const day of ['2025-10-10', '2026-02-05']) {
      const at = Date.parse(day) * 1_000;
      const range = { from: at - 1_440 * MINUTE, before: at + 2_880 * MINUTE };
      for (const file of ['kraken-1m.csv.gz', 'index-1m.csv.gz']) {
        const bars = await readHistory(dataPath('btcusd', file), range);
        expect(believableBars(bars).bars).toHaveLength(bars.length);
      }
    }
  });
});
