import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../../src/domain/bars.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { minuteFeatures } from '../../../src/features/rows/minute-features.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { BTC } from '../../support/btc.ts';
import { FIRST_OPEN, randomBars } from '../bars.ts';

/** From the definitions alone: a slot a minute, every window summed anew. */
function naive(bars: readonly MinuteBar[], at: number): number[] {
  const first = bars[0]?.openAt ?? 0;
  const slots = new Map(bars.map((bar) => [(bar.openAt - first) / MINUTE, bar]));
  const end = (at - first) / MINUTE;
  const good = (i: number): MinuteBar | undefined => (slots.get(i)?.flag === 0 ? slots.get(i) : undefined);
  const step = (i: number): { move: number; covers: number } | undefined => {
    const bar = good(i);
    if (!bar) return undefined;
    for (let back = 1; back <= 5; back++) {
      const before = good(i - back);
      if (before) return { move: Math.log(bar.close / before.close), covers: back };
    }
    return undefined;
  };
  const measures: Record<string, (i: number) => readonly [number, number] | undefined> = {
    variance: (i) => {
      const found = step(i);
      return found && [found.move ** 2, found.covers];
    },
    net: (i) => {
      const found = step(i);
      return found && [found.move, found.covers];
    },
    parkinson: (i) => {
      const bar = good(i);
      return bar && [Math.log(bar.high / bar.low) ** 2 / (4 * Math.LN2), 1];
    },
    garmanKlass: (i) => {
      const bar = good(i);
      if (!bar) return undefined;
      const body = (2 * Math.LN2 - 1) * Math.log(bar.close / bar.open) ** 2;
      return [Math.max(0, 0.5 * Math.log(bar.high / bar.low) ** 2 - body), 1];
    },
    bipower: (i) => {
      const [now, before] = [step(i), step(i - 1)];
      return now?.covers === 1 && before?.covers === 1
        ? [(Math.PI / 2) * Math.abs(now.move * before.move), 1]
        : undefined;
    },
    coarse: (i) => {
      const [now, before] = [good(i), good(i - 5)];
      return now && before ? [Math.log(now.close / before.close) ** 2 / 5, 1] : undefined;
    },
  };
  return barFeatures.map(({ name, spanMinutes, warmUpMinutes }) => {
    const kind = name.replace(/\d+/, '');
    let [sum, covered] = [0, 0];
    for (let i = Math.max(0, end - spanMinutes); i < end; i++) {
      const [value, covers] = measures[kind]?.(i) ?? [0, 0];
      sum += value;
      covered += covers;
    }
    if (covered < warmUpMinutes) return Number.NaN;
    return kind === 'net' ? Math.log(sum ** 2 / covered + 1e-8) : Math.log(sum / covered + 1e-9);
  });
}

/** Bars with some minutes missing and some flagged. */
const ragged = (seed: number, length: number, choose: (i: number) => number): MinuteBar[] =>
  randomBars(seed, length)
    .map((bar, i): MinuteBar => ({ ...bar, flag: choose(i) === 1 ? 1 : choose(i) === 2 ? 2 : 0 }))
    .filter((_, i) => i === 0 || choose(i) !== 3);

describe('minuteFeatures', () => {
  test('property: rows equal the features computed from scratch, through holes and flagged bars', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3), { minLength: 40, maxLength: 90 }),
        (seed, pattern) => {
          const bars = ragged(seed, 1_300, (i) => pattern[(i * 7) % pattern.length] ?? 0);
          const features = minuteFeatures(BTC);
          for (const [i, bar] of bars.entries()) {
            const row = features.push(bar);
            if (i % 211 !== 0 && i < bars.length - 3) continue;
            const expected = naive(bars.slice(0, i + 1), bar.openAt + MINUTE);
            for (const [j, value] of expected.entries())
              if (Number.isNaN(value)) expect(row?.values[j]).toBeNaN();
              else expect(row?.values[j]).toBeCloseTo(value, 4);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  test('a week later the sums hold what a fresh start holds, to the last bit', () => {
    const bars = randomBars(3, 21_000);
    const long = minuteFeatures(BTC);
    const short = minuteFeatures(BTC);
    for (const bar of bars) long.digest(bar);
    // One bar more than a week: the first return of a start reaches back to a close.
    for (const bar of bars.slice(-10_086)) short.digest(bar);
    expect(long.row()?.values).toEqual(short.row()?.values);
  });

  test('a row knows nothing of later bars', () => {
    const bars = randomBars(5, 1_500);
    const later = randomBars(99, 1_500, 5e-3).slice(1_200);
    const [one, other] = [minuteFeatures(BTC), minuteFeatures(BTC)];
    const rows = bars.map((bar) => one.push(bar));
    const shuffled = [...bars.slice(0, 1_200), ...later].map((bar) => other.push(bar));
    expect(shuffled.slice(0, 1_200)).toEqual(rows.slice(0, 1_200));
    expect(shuffled[1_250]?.values).not.toEqual(rows[1_250]?.values);
  });

  test('it is warm after the 720 minutes that a venue gives at once, and not after 500', () => {
    const features = minuteFeatures(BTC);
    const rows = randomBars(1, 720).map((bar) => features.push(bar));
    expect(rows[719]).toMatchObject({ warm: true, bars: 720, at: FIRST_OPEN + 720 * MINUTE });
    expect(rows[499]?.warm).toBe(false);
  });

  test('a hole makes short windows cold and leaves long ones as they are', () => {
    const bars = randomBars(2, 1_000);
    const features = minuteFeatures(BTC);
    for (const bar of bars.slice(0, 900)) features.digest(bar);
    const row = features.push(bars[930] as MinuteBar);
    const cold = barFeatures.filter((_, i) => Number.isNaN(row?.values[i])).map(({ name }) => name);
    expect(cold).toEqual(
      expect.arrayContaining(['variance5', 'variance15', 'variance30', 'parkinson15', 'net15']),
    );
    expect(cold).not.toContain('variance240');
    expect(row?.warm).toBe(false);
  });

  test('a bar that is not later than the last one changes nothing', () => {
    const bars = randomBars(4, 700);
    const features = minuteFeatures(BTC);
    for (const bar of bars) features.digest(bar);
    const before = features.row();
    expect(features.push({ ...(bars[699] as MinuteBar), close: 1 })).toBeUndefined();
    expect(features.row()).toEqual(before);
  });

  test('a close that never moves gives the floor, not minus infinity', () => {
    const features = minuteFeatures(BTC);
    const flat = randomBars(1, 700).map((bar) => ({ ...bar, open: 5, high: 5, low: 5, close: 5 }));
    const row = flat.map((bar) => features.push(bar)).at(-1);
    expect(row?.warm).toBe(true);
    expect(row?.values[0]).toBeCloseTo(Math.log(1e-9), 12);
  });
});
