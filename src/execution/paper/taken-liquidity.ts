import type { BookChange, ContractBookView } from '../../domain/events/market.ts';
import { type Count, count as countOf, type PriceTicks } from '../../domain/money.ts';

/** The count that one order takes from one level. */
export interface TakenLevel {
  readonly priceTicks: PriceTicks;
  readonly count: Count;
}

/** The liquidity that paper orders took but the recorded book still displays. */
export interface TakenLiquidity {
  /** Takes up to `count` at `limitTicks` or better, best level first; `side` is the order's. */
  readonly take: (
    book: ContractBookView,
    side: 'bid' | 'ask',
    limitTicks: PriceTicks,
    count: Count,
  ) => readonly TakenLevel[];
  /** Whether `take` would give the whole count. */
  readonly holds: (
    book: ContractBookView,
    side: 'bid' | 'ask',
    limitTicks: PriceTicks,
    count: Count,
  ) => boolean;
  /** Limits the remembered counts to what the book displays. */
  readonly observe: (book: ContractBookView, change: BookChange) => void;
  readonly forget: (ticker: string) => void;
  readonly clear: () => void;
}

const keyOf = (side: 'bid' | 'ask', ticks: number): number => (side === 'bid' ? -ticks : ticks);

/**
 * Paper orders are not in the real market, so the book goes on showing what they took. Where a level shows d
 * and paper took c, d − c is left. What is added later is new and can be taken. What is removed is assumed to
 * be what was left, not what paper took: c falls only when less than c is shown. Neither a snapshot nor a gap
 * gives liquidity back, so paper never takes more than was there.
 */
export function takenLiquidity(): TakenLiquidity {
  const byTicker = new Map<string, Map<number, number>>();

  const cap = (book: ContractBookView, levels: Map<number, number>, key: number): void => {
    const taken = levels.get(key);
    if (taken === undefined) return;
    const shown = book.countAt(key < 0 ? 'bid' : 'ask', Math.abs(key) as PriceTicks);
    if (shown >= taken) return;
    if (shown > 0) levels.set(key, shown);
    else levels.delete(key);
  };

  return {
    holds: (book, side, limitTicks, count) => {
      const from = side === 'bid' ? 'ask' : 'bid';
      const levels = byTicker.get(book.ticker);
      let wanted: number = count;
      book.walk(from, (ticks, shown) => {
        if (side === 'bid' ? ticks > limitTicks : ticks < limitTicks) return false;
        wanted -= Math.max(0, shown - (levels?.get(keyOf(from, ticks)) ?? 0));
        return wanted > 0;
      });
      return wanted <= 0;
    },
    take: (book, side, limitTicks, count) => {
      const from = side === 'bid' ? 'ask' : 'bid';
      const levels = byTicker.get(book.ticker) ?? new Map<number, number>();
      const fills: TakenLevel[] = [];
      let wanted: number = count;
      book.walk(from, (ticks, shown) => {
        if (side === 'bid' ? ticks > limitTicks : ticks < limitTicks) return false;
        const key = keyOf(from, ticks);
        const taken = levels.get(key) ?? 0;
        const part = Math.min(wanted, shown - taken);
        if (part > 0) {
          levels.set(key, taken + part);
          fills.push({ priceTicks: ticks, count: countOf(part) });
          wanted -= part;
        }
        return wanted > 0;
      });
      if (levels.size > 0) byTicker.set(book.ticker, levels);
      return fills;
    },
    observe: (book, change) => {
      if (byTicker.size === 0) return;
      const levels = byTicker.get(book.ticker);
      if (!levels || !book.live) return;
      if (change.kind === 'delta') cap(book, levels, keyOf(change.side, change.priceTicks));
      else for (const key of [...levels.keys()]) cap(book, levels, key);
      if (levels.size === 0) byTicker.delete(book.ticker);
    },
    forget: (ticker) => {
      byTicker.delete(ticker);
    },
    clear: () => byTicker.clear(),
  };
}
