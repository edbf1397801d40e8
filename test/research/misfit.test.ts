import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { misfit } from '../../src/research/misfit.ts';
import '../support/properties.ts';
import { random } from '../support/random.ts';

const FROM = 1_750_000_020 * SECOND;
const SPAN = 2_000;

/** A market of random moves, about 50 % a year. */
const market = (seed: number, start = 80_000): readonly MinuteBar[] => {
  const { normal } = random(seed);
  let close = start;
  return Array.from({ length: SPAN }, (_, n) => {
    const open = close;
    close = Math.round(10 * open * Math.exp(0.0007 * normal())) / 10;
    const [high, low] = [Math.max(open, close), Math.min(open, close)];
    return { openAt: FROM + n * MINUTE, open, high, low, close, volume: 1, flag: 0 };
  });
};
const shifted = (bars: readonly MinuteBar[], minutes: number): readonly MinuteBar[] =>
  bars.map((bar) => ({ ...bar, openAt: bar.openAt + minutes * MINUTE }));
/** Another venue of the same pair: a basis, and noise of about a basis point. */
const elsewhere = (bars: readonly MinuteBar[], seed: number): readonly MinuteBar[] => {
  const { uniform } = random(seed);
  const factor = 1 + 0.0004 * (uniform() - 0.5);
  return bars.map((bar) => ({ ...bar, close: bar.close * factor * (1 + 0.0002 * (uniform() - 0.5)) }));
};
const seed = fc.integer({ min: 1, max: 1_000_000 });
const count = fc.integer({ min: 1, max: 240 });
const part = (bars: readonly MinuteBar[], minutes: number): readonly MinuteBar[] =>
  bars.slice(900, 900 + minutes);
const zone = fc
  .tuple(fc.integer({ min: 2, max: 56 }), fc.constantFrom(1, -1))
  .map(([quarters, sign]) => 15 * quarters * sign);

describe('misfit', () => {
  test('the venue’s own bars, and those of another venue of the pair, are never refused', () => {
    fc.assert(
      fc.property(seed, count, (at, minutes) => {
        const bars = market(at);
        expect(misfit(bars, part(bars, minutes))).toBeUndefined();
        expect(misfit(elsewhere(bars, at), part(bars, minutes))).toBeUndefined();
      }),
      { numRuns: 12 },
    );
  });

  test('the venue’s own bars in another zone are refused by their shift, from the first minute that moved', () => {
    fc.assert(
      fc.property(seed, count, zone, (at, minutes, shift) => {
        const bars = market(at);
        const venue = part(bars, minutes);
        fc.pre(venue.every(({ open, close }) => open !== close));
        const word = shift > 0 ? 'later' : 'earlier';
        expect(misfit(shifted(bars, shift), venue)).toMatch(
          new RegExp(`when they are read ${Math.abs(shift)} minutes ${word}`),
        );
      }),
      { numRuns: 12 },
    );
  });

  test('another venue’s bars in another zone are refused within two hours', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 120, max: 720 }), zone, (at, minutes, shift) => {
        const bars = market(at);
        expect(misfit(shifted(elsewhere(bars, at), shift), part(bars, minutes))).toBeDefined();
      }),
      { numRuns: 8 },
    );
  });

  test('another pair is refused by its price within five minutes, and by its moves where the price is alike', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 5, max: 720 }),
        fc.constantFrom(1 / 35, 0.9, 1.1, 400),
        (at, minutes, factor) => {
          const bars = market(at);
          const other = bars.map((bar) => ({ ...bar, close: bar.close * factor }));
          expect(misfit(other, part(bars, minutes))).toMatch(
            /% away from the venue's .* is it of this pair\?/,
          );
        },
      ),
      { numRuns: 8 },
    );
    const [bars, other] = [market(1), market(2)];
    const factor = (bars[900]?.close ?? 1) / (other[900]?.close ?? 1);
    const stranger = other.map((bar) => ({ ...bar, close: bar.close * factor }));
    expect(misfit(stranger, part(bars, 300))).toMatch(/moves have nothing in common|% away/);
  });

  test('without common minutes there is nothing to say', () => {
    const bars = market(3);
    expect(misfit(bars.slice(0, 500), bars.slice(500))).toBeUndefined();
    expect(misfit([], bars)).toBeUndefined();
  });
});
