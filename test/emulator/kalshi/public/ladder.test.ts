import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EmulatedContract, quarterContract } from '../../../../src/emulator/kalshi/public/contract.ts';
import { gridOf, kalshiLadder } from '../../../../src/emulator/kalshi/public/ladder.ts';
import { emulatedBtc } from '../../assets.ts';

const { tickBands } = quarterContract(emulatedBtc, 0, undefined)[0] as EmulatedContract;
const grid = gridOf(tickBands);

describe('kalshiLadder', () => {
  test('the tapered grid moves by a tenth of a cent outside 0.10 to 0.90', () => {
    expect(grid).toHaveLength(99 + 81 + 99);
    expect([grid[0], grid[98], grid[99], grid[100], grid[179], grid[180], grid.at(-1)]).toEqual([
      10, 990, 1_000, 1_100, 9_000, 9_010, 9_990,
    ]);
  });

  test('property: any price is between its floor and its ceiling, one position apart or the same', () => {
    const ladder = kalshiLadder(tickBands);
    fc.assert(
      fc.property(fc.double({ min: -50, max: 10_050, noNaN: true }), (ticks) => {
        const [below, above] = [ladder.floor(ticks), ladder.ceil(ticks)];
        expect(grid[below] ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(ticks);
        expect(grid[above] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(ticks);
        expect(above - below).toBe(grid.includes(ticks) ? 0 : 1);
      }),
    );
  });

  test('property: it equals a map of levels, and refuses what would cross it or go below zero', () => {
    const step = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      position: fc.integer({ min: 120, max: 128 }),
      change: fc.integer({ min: -3, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ladder = kalshiLadder(tickBands);
        const naive = { bid: new Map<number, number>(), ask: new Map<number, number>() };
        const best = (side: 'bid' | 'ask') => {
          const held = [...naive[side]].filter(([, count]) => count > 0).map(([position]) => position);
          return side === 'bid' ? Math.max(-1, ...held) : Math.min(grid.length, ...held);
        };
        for (const { side, position, change } of steps) {
          const after = (naive[side].get(position) ?? 0) + change;
          const crosses = after > 0 && (side === 'bid' ? position >= best('ask') : position <= best('bid'));
          const act = () => ladder.change(side, position, change);
          if (after < 0) expect(act).toThrow('negative');
          else if (crosses) expect(act).toThrow('cross');
          else {
            act();
            naive[side].set(position, after);
          }
          expect([ladder.bestBid(), ladder.bestAsk()]).toEqual([best('bid'), best('ask')]);
          expect(ladder.countAt(side, position)).toBe(naive[side].get(position) ?? 0);
        }
      }),
    );
  });
});
