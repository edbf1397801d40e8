import { krakenBook } from './book.ts';
import type { KrakenSides, KrakenTicks } from './emission.ts';

/** The public book at the market's full depth, and its views for subscribers of each depth. */
export interface KrakenViews {
  /** Applies a change of the market's book, or the whole book. */
  readonly apply: (sides: KrakenSides, snapshot: boolean) => void;
  /** The whole view of a depth, best first. */
  readonly whole: (depth: number) => KrakenSides;
  /**
   * Changes of the view of each followed depth since the last call; views without changes are left out.
   * Levels that re-enter a view are listed, levels pushed out are not.
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
    // The checksum covers ten levels, which every permitted depth has.
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
    const lotsBefore = new Map(before.map(({ ticks, lots }) => [ticks, lots]));
    const set = after.filter(({ ticks, lots }) => lotsBefore.get(ticks) !== lots);
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
