import type { MinuteBar } from '../domain/bars.ts';
import { type PriceJump, priceJump } from './price-jump.ts';

/** What of a history can be believed. */
export interface BelievableBars {
  /** The bars after the last jump that volatility cannot explain; all of them where there is none. */
  readonly bars: readonly MinuteBar[];
  /** The bars on both sides of that jump. */
  readonly jump: readonly [before: MinuteBar, after: MinuteBar] | undefined;
  /** Knows those bars, for the price that comes next. */
  readonly next: PriceJump;
}

/**
 * The part of a history, oldest first, that is of one market with its newest bar. A jump is a hole, never a
 * return: what lies before it says nothing about what comes after.
 */
export function believableBars(history: readonly MinuteBar[]): BelievableBars {
  const next = priceJump();
  let from = 0;
  for (const [i, bar] of history.entries()) if (!next.follows(bar)) from = i;
  const [before, after] = [history[from - 1], history[from]];
  return {
    bars: from === 0 ? history : history.slice(from),
    jump: from > 0 && before && after ? [before, after] : undefined,
    next,
  };
}
