import type { ContractBookChanged, ContractTop } from '../../src/domain/events/market.ts';

type Side = 'bid' | 'ask';

/** One book, rebuilt from what was told of it. */
export interface ToldBook {
  readonly top: ContractTop;
  /** Price and count, best first. */
  readonly levels: (side: Side) => readonly (readonly [ticks: number, count: number])[];
  /** Displayed at a price; 0 where there is none. */
  readonly countAt: (side: Side, ticks: number) => number;
}

/** Every book rebuilt from the audit alone, by maps of its own. Throws if a change is missing from what was told. */
export function toldBooks() {
  const books = new Map<
    string,
    { version: number; top: ContractTop; sides: Record<Side, Map<number, number>> }
  >();
  const pairs = (flat: readonly number[]): Map<number, number> =>
    new Map(flat.flatMap((ticks, i) => (i % 2 === 0 ? [[ticks, flat[i + 1] ?? 0] as const] : [])));
  const read = ({
    top,
    sides,
  }: {
    top: ContractTop;
    sides: Record<Side, Map<number, number>>;
  }): ToldBook => ({
    top,
    levels: (side) => [...sides[side]].sort(([a], [b]) => (side === 'bid' ? b - a : a - b)),
    countAt: (side, ticks) => sides[side].get(ticks) ?? 0,
  });
  return {
    add: ({ ticker, version, top, change }: ContractBookChanged): void => {
      const before = books.get(ticker);
      if (version !== 1 && version !== (before?.version ?? 0) + 1)
        throw new Error(`toldBooks: ${ticker} must go on after ${before?.version ?? 0}, was ${version}`);
      const sides = before?.sides ?? { bid: new Map(), ask: new Map() };
      switch (change.kind) {
        case 'delta': {
          const left = (sides[change.side].get(change.priceTicks) ?? 0) + change.change;
          if (left === 0) sides[change.side].delete(change.priceTicks);
          else sides[change.side].set(change.priceTicks, left);
          break;
        }
        case 'snapshot':
          sides.bid = pairs(change.bids);
          sides.ask = pairs(change.asks);
          break;
        case 'void':
          sides.bid = new Map();
          sides.ask = new Map();
          break;
      }
      books.set(ticker, { version, top, sides });
    },
    get: (ticker: string): ToldBook | undefined => {
      const book = books.get(ticker);
      return book && read(book);
    },
    all: (): readonly (readonly [ticker: string, book: ToldBook])[] =>
      [...books].map(([ticker, book]) => [ticker, read(book)]),
  };
}
