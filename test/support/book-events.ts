import type { BookChange, ContractBookChanged, ContractTop } from '../../src/domain/events/market.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import type { Stamped } from '../../src/domain/time.ts';
import { createBook } from '../../src/venues/kalshi/book.ts';

/** One book, and the event of each change of it. */
export function bookTeller(ticker: string) {
  const book = createBook(ticker);
  let version = 0;
  const topOf = (): ContractTop => {
    const { live, bidTicks, askTicks, bidCount, askCount, crossed } = book;
    return { ticker, live, bidTicks, askTicks, bidCount, askCount, crossed };
  };
  const told = ({ at, receivedAt }: Stamped, change: BookChange, topChanged = true): ContractBookChanged => ({
    kind: 'contractBook',
    at,
    receivedAt,
    ticker,
    version: ++version,
    top: topOf(),
    topChanged,
    change,
  });
  return {
    book,
    top: topOf,
    /** Replaces every level: price and count alternating, best first. */
    load: (stamp: Stamped, bids: readonly number[], asks: readonly number[]): ContractBookChanged => {
      book.load(bids, asks);
      return told(stamp, { kind: 'snapshot', bids, asks });
    },
    change: (stamp: Stamped, side: 'bid' | 'ask', ticks: number, by: number): ContractBookChanged => {
      const at = priceTicks(ticks);
      const moved = book.change(side, at, count(by));
      return told(stamp, { kind: 'delta', side, priceTicks: at, change: count(by) }, moved === 'top');
    },
    void: (stamp: Stamped): ContractBookChanged => {
      book.quarantine();
      return told(stamp, { kind: 'void' });
    },
  };
}
