import type { TickBand } from '../../../domain/contracts.ts';
import { DOLLAR_TICKS } from '../../../domain/money.ts';
import type { KalshiLevel } from './emission.ts';

/**
 * One contract's book by position on its price grid. Position −1 and `grid.length` stand for an empty side.
 */
export interface KalshiLadder {
  /** Prices in ticks, ascending, strictly between 0 and a dollar. */
  readonly grid: readonly number[];
  readonly bestBid: () => number;
  readonly bestAsk: () => number;
  readonly countAt: (side: 'bid' | 'ask', position: number) => number;
  /** Changes a level by `change` counts of 0.01. Throws when that would cross the book or go below zero. */
  readonly change: (side: 'bid' | 'ask', position: number, change: number) => void;
  readonly levels: (side: 'bid' | 'ask') => readonly KalshiLevel[];
  /** Last position at or below, first position at or above a price in ticks. */
  readonly floor: (ticks: number) => number;
  readonly ceil: (ticks: number) => number;
}

/** All prices of `bands` strictly between 0 and a dollar, ascending. */
export const gridOf = (bands: readonly TickBand[]): readonly number[] => [
  ...new Set(
    bands.flatMap(({ startTicks, endTicks, stepTicks }) =>
      Array.from(
        { length: (endTicks - startTicks) / stepTicks + 1 },
        (_, i) => startTicks + i * stepTicks,
      ).filter((ticks) => ticks > 0 && ticks < DOLLAR_TICKS),
    ),
  ),
];

/** An empty book on the grid of `bands`. */
export function kalshiLadder(bands: readonly TickBand[]): KalshiLadder {
  const grid = gridOf(bands);
  const size = grid.length;
  const counts = { bid: new Int32Array(size), ask: new Int32Array(size) };
  let bestBid = -1;
  let bestAsk = size;

  const floor = (ticks: number): number => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((grid[middle] as number) <= ticks) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return {
    grid,
    bestBid: () => bestBid,
    bestAsk: () => bestAsk,
    countAt: (side, position) => counts[side][position] ?? 0,
    change: (side, position, change) => {
      const after = (counts[side][position] ?? 0) + change;
      if (after < 0) throw new RangeError(`kalshi-ladder: a level must not be negative, was ${after}`);
      if (after > 0 && (side === 'bid' ? position >= bestAsk : position <= bestBid))
        throw new RangeError(`kalshi-ladder: a ${side} must not cross, was ${grid[position]} ticks`);
      counts[side][position] = after;
      if (side === 'bid') {
        if (after > 0) bestBid = Math.max(bestBid, position);
        while (bestBid >= 0 && counts.bid[bestBid] === 0) bestBid--;
      } else {
        if (after > 0) bestAsk = Math.min(bestAsk, position);
        while (bestAsk < size && counts.ask[bestAsk] === 0) bestAsk++;
      }
    },
    levels: (side) =>
      Array.from(counts[side], (count, i) => ({ ticks: grid[i] as number, count })).filter(
        ({ count }) => count > 0,
      ),
    floor,
    ceil: (ticks) => {
      const below = floor(ticks);
      return below >= 0 && grid[below] === ticks ? below : below + 1;
    },
  };
}
