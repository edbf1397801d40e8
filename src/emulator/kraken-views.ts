import { krakenBook } from './kraken-book.ts';
import type { KrakenSides, KrakenTicks } from './kraken-emission.ts';

/** The public book, as deep as the market is, and what subscribers of each depth see of it. */
export interface KrakenViews {
  /** Takes a change of the market's book, or its whole. */
  readonly apply: (sides: KrakenSides, snapshot: boolean) => void;
  /** The view of a depth, whole, best first. */
  readonly whole: (depth: number) => KrakenSides;
  /**
   * What `apply` changed in the view of each followed depth since the last call, where it changed anything. Levels that re-enter are told, levels
   * pushed out are not.
   */
  readonly changes: () => readonly (readonly [depth: number, sides: KrakenSides])[];
  /** Starts to follow a depth. */
  readonly follow: (depth: number) => void;
}

interface View {
  bids: readonly KrakenTicks[];
  asks: readonly KrakenTicks[];
}

const CHECKED = 10;

/** Follows a book of `depth` levels a side. */
export function krakenViews(depth: number): KrakenViews {
  let book = krakenBook(depth);
  const views = new Map<number, View>();

  const top = (levels: number): KrakenSides => {
    // The checksum is over ten levels, which every depth that is granted has.
    const shown = krakenBook(CHECKED);
    for (const side of ['bids', 'asks'] as const)
      for (const { ticks, lots } of book[side].slice(0, CHECKED)) shown.set(side, ticks, lots);
    return {
      bids: book.bids.slice(0, levels),
      asks: book.asks.slice(0, levels),
      checksum: shown.whole().checksum,
    };
  };
  const moved = (
    before: readonly KrakenTicks[],
    after: readonly KrakenTicks[],
    held: readonly KrakenTicks[],
  ): readonly KrakenTicks[] => {
    const told = new Map(before.map(({ ticks, lots }) => [ticks, lots]));
    const set = after.filter(({ ticks, lots }) => told.get(ticks) !== lots);
    const standing = new Set(held.map(({ ticks }) => ticks));
    const gone = before.filter(({ ticks }) => !standing.has(ticks)).map(({ ticks }) => ({ ticks, lots: 0 }));
    return [...gone, ...set];
  };

  return {
    apply: (sides, snapshot) => {
      if (snapshot) book = krakenBook(depth);
      for (const side of ['bids', 'asks'] as const)
        for (const { ticks, lots } of sides[side]) book.set(side, ticks, lots);
      book.flush();
    },
    whole: top,
    follow: (levels) => {
      if (views.has(levels)) return;
      const { bids, asks } = top(levels);
      views.set(levels, { bids, asks });
    },
    changes: () =>
      [...views].flatMap(([levels, before]) => {
        const after = top(levels);
        const bids = moved(before.bids, after.bids, book.bids);
        const asks = moved(before.asks, after.asks, book.asks);
        views.set(levels, after);
        return bids.length + asks.length === 0
          ? []
          : [[levels, { bids, asks, checksum: after.checksum }] as const];
      }),
  };
}
