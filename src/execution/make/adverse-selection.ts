import type { Fill } from '../../domain/events/order.ts';
import type { Micros } from '../../domain/time.ts';
import type { MakeSettings } from './make-settings.ts';

/** Measures how far the market moves against our fills. */
export interface AdverseSelection {
  /** A resting order filled while the middle of its book was `middleDollars`. */
  readonly filled: (fill: Pick<Fill, 'ticker' | 'side' | 'at'>, middleDollars: number) => void;
  /** The middle of a book now. Fills that are old enough are measured by it. */
  readonly observe: (ticker: string, middleDollars: number, now: Micros) => void;
  /** A contract settled or its book is gone: what was not measured is left out. */
  readonly forget: (ticker: string) => void;
  /** Mean move against a fill, in dollars, at least 0. */
  readonly allowanceDollars: () => number;
}

/**
 * Starts at the setting, which counts for `adverseFills` fills; each measured fill counts for one. The move is
 * that of the middle from the fill until `markoutMicros` later, so it does not depend on how wide we quoted. A
 * mean that favours us gives 0, not a narrower quote.
 */
export function adverseSelection({
  adverseDollars,
  adverseFills,
  markoutMicros,
}: Pick<MakeSettings, 'adverseDollars' | 'adverseFills' | 'markoutMicros'>): AdverseSelection {
  const waiting = new Map<
    string,
    { readonly sign: number; readonly at: Micros; readonly middle: number }[]
  >();
  let total = adverseDollars * adverseFills;
  let fills = adverseFills;
  return {
    filled: ({ ticker, side, at }, middle) => {
      if (Number.isNaN(middle)) return;
      const list = waiting.get(ticker) ?? [];
      list.push({ sign: side === 'bid' ? 1 : -1, at, middle });
      waiting.set(ticker, list);
    },
    observe: (ticker, middle, now) => {
      const list = waiting.get(ticker);
      if (!list || Number.isNaN(middle)) return;
      while (list[0] && now - list[0].at >= markoutMicros) {
        const { sign, middle: before } = list[0];
        total += sign * (before - middle);
        fills++;
        list.shift();
      }
      if (list.length === 0) waiting.delete(ticker);
    },
    forget: (ticker) => {
      waiting.delete(ticker);
    },
    allowanceDollars: () => Math.max(0, total / fills),
  };
}
