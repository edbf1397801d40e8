import { expect } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Emulation } from '../../src/emulator/emulation.ts';
import { only } from '../pipelines/market.ts';
import { toldBooks } from './told-books.ts';

/** Fails as soon as a decision is approved on state that is void. */
export const watchman = () => {
  const live = new Map<string, boolean>();
  let kraken = false;
  let approved = 0;
  return {
    approved: () => approved,
    /** Whether Kraken's book and a Kalshi book stand. */
    whole: () => kraken && [...live.values()].includes(true),
    look: (event: AuditEvent): void => {
      if (event.kind === 'contractBook') live.set(event.ticker, event.top.live);
      if (event.kind === 'krakenBookChecked' && event.verdict !== 'ignored')
        kraken = event.verdict === 'passed';
      if (event.kind === 'gap' && event.venue === 'kraken' && event.cause === 'disconnect') kraken = false;
      if (event.kind !== 'decision' || event.verdict !== 'approved') return;
      approved++;
      if (!kraken) throw new Error(`approved ${event.id} while Kraken's book was void`);
      if (!live.get(event.ticker))
        throw new Error(`approved ${event.id} while the book of ${event.ticker} was void`);
    },
  };
};

/** What must hold once the faults are over and healed: books equal the venues', every trade came exactly once. */
export function expectHealed({
  events,
  venues,
}: {
  readonly events: readonly AuditEvent[];
  readonly venues: Pick<Emulation, 'kraken' | 'kalshi'>;
}): void {
  const top = only('spotTop', events).at(-1);
  const { bids, asks, lastTradeId } = venues.kraken.state()['BTC/USD'] ?? {
    bids: [],
    asks: [],
    lastTradeId: undefined,
  };
  expect(only('krakenBookChecked', events).at(-1)?.verdict).toBe('passed');
  expect([top?.bid, top?.ask]).toEqual([(bids[0]?.[0] ?? 0) / 10, (asks[0]?.[0] ?? 0) / 10]);

  const books = toldBooks();
  for (const event of only('contractBook', events)) books.add(event);
  const state = venues.kalshi.state();
  const open = books.all().filter(([, { top: of }]) => of.live);
  expect(open.length).toBeGreaterThan(0);
  for (const [ticker, book] of open) {
    expect({ ticker, bids: book.levels('bid'), asks: book.levels('ask') }).toEqual({
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
