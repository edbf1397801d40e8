import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MinuteBar } from '../../../src/domain/bars.ts';
import { MINUTE } from '../../../src/domain/time.ts';
import { CHANNELS, CONTEXT_MINUTES, minuteChannels } from '../../../src/features/minute/minute-channels.ts';
import { FIRST_OPEN, randomBars } from '../bars.ts';
import { type Fault, faultyBars } from '../sets/bars-oracle.ts';

const WIDTH = CHANNELS.length;
const NOTHING = [Math.log(1e-9), Math.log(1e-9), 0].map(Math.fround);
const fault = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fault>('none') },
  { weight: 3, arbitrary: fc.constantFrom<Fault>('forming', 'filled', 'missing', 'noVolume') },
);

/** From the definitions: the rows of the last 512 minutes up to the last bar, oldest first, and how many have a return. */
function naive(bars: readonly MinuteBar[]): { readonly rows: readonly number[]; readonly returns: number } {
  const at = new Map(bars.filter(({ flag }) => flag === 0).map((bar) => [bar.openAt, bar]));
  const last = bars.at(-1)?.openAt ?? FIRST_OPEN;
  let returns = 0;
  const rows = Array.from({ length: CONTEXT_MINUTES }, (_, k) => {
    const openAt = last - (CONTEXT_MINUTES - 1 - k) * MINUTE;
    const [bar, before] = [at.get(openAt), at.get(openAt - MINUTE)];
    if (!bar) return NOTHING;
    const range = Math.log(Math.log(bar.high / bar.low) ** 2 / (4 * Math.LN2) + 1e-9);
    if (!before) return [NOTHING[0] as number, Math.fround(range), 0];
    returns++;
    const move = Math.log(bar.close / before.close);
    return [Math.log(move * move + 1e-9), range, move].map(Math.fround);
  });
  return { rows: rows.flat(), returns };
}
const fed = (bars: readonly MinuteBar[]) => {
  const channels = minuteChannels(1e-9);
  for (const bar of bars) channels.push(bar);
  return channels;
};
const newestOf = (channels: ReturnType<typeof minuteChannels>): readonly number[] => {
  const row = new Float32Array(WIDTH);
  channels.newest(row);
  return [...row];
};

describe('minuteChannels', () => {
  test('property: the window is its definition after any bar, through holes short and longer than it, flagged bars and unknown volumes', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.array(fault, { minLength: 20, maxLength: 60 }),
        fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 500, max: 530 })),
        (seed, faults, hole) => {
          const faultOf = (i: number): Fault =>
            i >= 600 && i < 600 + hole ? 'missing' : (faults[i % faults.length] ?? 'none');
          const bars = faultyBars(seed, 1_400, faultOf);
          const channels = minuteChannels(1e-9);
          for (const [i, bar] of bars.entries()) {
            channels.push(bar);
            const near = bar.openAt - FIRST_OPEN - (600 + hole) * MINUTE;
            if (i % 173 !== 0 && !(near >= 0 && near < 3 * MINUTE) && i < bars.length - 2) continue;
            const expected = naive(bars.slice(0, i + 1));
            expect([...channels.window()]).toEqual(expected.rows);
            expect(channels.returns()).toBe(expected.returns);
            expect(newestOf(channels)).toEqual(expected.rows.slice(-WIDTH));
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  test('before any bar, and after a reset, the window says nothing of any minute', () => {
    const used = fed(randomBars(5, 700));
    used.reset();
    for (const channels of [minuteChannels(1e-9), used]) {
      const window = [...channels.window()];
      expect(window).toEqual(Array.from({ length: CONTEXT_MINUTES }, () => NOTHING).flat());
      expect(channels.returns()).toBe(0);
    }
    const bars = randomBars(6, 5);
    for (const bar of bars) used.push(bar);
    expect(used.window()).toEqual(fed(bars).window());
    expect(used.returns()).toBe(4);
  });

  test('a window is a copy: later minutes leave it as it is', () => {
    const bars = randomBars(7, 520);
    const channels = fed(bars.slice(0, 515));
    const window = channels.window();
    const was = [...window];
    for (const bar of bars.slice(515)) channels.push(bar);
    expect([...window]).toEqual(was);
  });

  test('the row of a minute without a bar is that which a hole leaves in the window', () => {
    const bars = randomBars(8, 10);
    const channels = fed([...bars.slice(0, 5), ...bars.slice(6)]);
    const absent = new Float32Array(WIDTH);
    channels.absent(absent);
    const at = (CONTEXT_MINUTES - 5) * WIDTH;
    expect([...absent]).toEqual(NOTHING);
    expect(channels.window().subarray(at, at + WIDTH)).toEqual(absent);
  });

  test('a hole of a week leaves only the bar after it, without a return', () => {
    const bars = randomBars(9, 900);
    const week = 10_080 * MINUTE;
    const late = bars[899] as MinuteBar;
    const channels = fed([...bars.slice(0, 899), { ...late, openAt: late.openAt + week }]);
    const rows = [...channels.window()];
    expect(channels.returns()).toBe(0);
    expect(rows.slice(0, -WIDTH)).toEqual(Array.from({ length: CONTEXT_MINUTES - 1 }, () => NOTHING).flat());
    expect(rows.at(-2)).not.toBe(NOTHING[1]);
  });

  test('neither a flagged bar nor the one after it has a return, and only the flagged one has no range', () => {
    const bars = randomBars(10, 8).map((bar, i): MinuteBar => (i === 5 ? { ...bar, flag: 1 } : bar));
    const rows = naive(bars).rows.slice(-3 * WIDTH);
    expect([...fed(bars).window()].slice(-3 * WIDTH)).toEqual(rows);
    expect(rows.slice(0, WIDTH)).toEqual(NOTHING);
    expect([rows[WIDTH], rows[WIDTH + 2]]).toEqual([NOTHING[0], 0]);
    expect(rows[WIDTH + 1]).toBeGreaterThan(NOTHING[1] as number);
    expect(rows[2 * WIDTH + 2]).not.toBe(0);
  });
});
