import type { ContractBookView } from '../../domain/events/market.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';

const price = (ticks: number): string => (ticks / DOLLAR_TICKS).toFixed(4);

/**
 * A book as the venue would send it on a new subscription: the text of an `orderbook_snapshot`. `useYesPrice`
 * says that the subscription asked for YES prices of NO levels.
 */
export function snapshotText(book: ContractBookView, sid: number, seq: number, useYesPrice: boolean): string {
  const levels = (side: 'bid' | 'ask'): readonly (readonly [string, string])[] => {
    const found: (readonly [string, string])[] = [];
    book.walk(side, (ticks, count) => {
      const shown = side === 'bid' || useYesPrice ? ticks : DOLLAR_TICKS - ticks;
      found.push([price(shown), (count / 100).toFixed(2)]);
      return true;
    });
    return found;
  };
  return JSON.stringify({
    type: 'orderbook_snapshot',
    sid,
    seq,
    msg: { market_ticker: book.ticker, yes_dollars_fp: levels('bid'), no_dollars_fp: levels('ask') },
  });
}
