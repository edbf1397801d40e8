import { expect } from '@jest/globals';
import type { Audit } from '../../pipelines/graph.ts';
import type { ContractBookView } from '../../src/domain/events/market.ts';
import type { Emulation } from '../../src/emulator/emulation.ts';
import { only } from '../pipelines/market.ts';

/** Fails as soon as a decision is approved on state that is void. */
export const watchman = () => {
  const books = new Map<string, ContractBookView>();
  let kraken = false;
  let approved = 0;
  return {
    approved: () => approved,
    /** Whether Kraken's book and a Kalshi book stand. */
    whole: () => kraken && [...books.values()].some(({ live }) => live),
    look: (event: Audit): void => {
      if (event.kind === 'contractBook') books.set(event.ticker, event.book);
      if (event.kind === 'krakenBookChecked' && event.verdict !== 'ignored')
        kraken = event.verdict === 'passed';
      if (event.kind === 'gap' && event.venue === 'kraken' && event.cause === 'disconnect') kraken = false;
      if (event.kind !== 'decision' || event.verdict !== 'approved') return;
      approved++;
      if (!kraken) throw new Error(`approved ${event.id} while Kraken's book was void`);
      const book = books.get(event.ticker);
      if (!book?.live) throw new Error(`approved ${event.id} while the book of ${event.ticker} was void`);
    },
  };
};

const sideOf = (book: ContractBookView, side: 'bid' | 'ask'): readonly (readonly [number, number])[] => {
  const levels: (readonly [number, number])[] = [];
  book.walk(side, (ticks, count) => {
    levels.push([ticks, count]);
    return true;
  });
  return levels;
};

/** What must hold once the faults are over and healed: books equal the venues', every trade came exactly once. */
export function expectHealed({
  events,
  venues,
}: {
  readonly events: readonly Audit[];
  readonly venues: Pick<Emulation, 'kraken' | 'kalshi'>;
}): void {
  const top = only('spotTop', events).at(-1);
  const { bids, asks, lastTradeId } = venues.kraken.state();
  expect(only('krakenBookChecked', events).at(-1)?.verdict).toBe('passed');
  expect([top?.bid, top?.ask]).toEqual([(bids[0]?.[0] ?? 0) / 10, (asks[0]?.[0] ?? 0) / 10]);

  const books = new Map<string, ContractBookView>();
  for (const { ticker, book } of only('contractBook', events)) books.set(ticker, book);
  const state = venues.kalshi.state();
  const open = [...books].filter(([, book]) => book.live);
  expect(open.length).toBeGreaterThan(0);
  for (const [ticker, book] of open) {
    expect({ ticker, bids: sideOf(book, 'bid'), asks: sideOf(book, 'ask') }).toEqual({
      ticker,
      ...state[ticker],
    });
  }

  const ids = only('spotTrade', events).map(({ tradeId }) => tradeId);
  const unique = new Set(ids);
  expect(unique.size).toBe(ids.length);
  const first = Math.min(...ids);
  expect(unique.size).toBe((lastTradeId ?? 0) - first + 1);
}
