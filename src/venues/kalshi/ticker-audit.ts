import { Observable, type OperatorFunction } from 'rxjs';
import type { ContractBookChanged, ContractBookView } from '../../domain/events/market.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Stamped } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';

/** Kalshi's own top of book against the one rebuilt from deltas, at a ticker frame. */
export interface TickerComparison extends Stamped {
  readonly kind: 'tickerComparison';
  readonly ticker: string;
  /** Both best prices are equal. */
  readonly exact: boolean;
  /** Both best prices are within $0.01. */
  readonly withinCent: boolean;
}

const CENT = 100;

/**
 * Compares each `contractTicker` with the book of its market as it stands then, wherever that is live and has both sides. A side that
 * the ticker shows as empty counts as the venue prints it: a bid of nothing, an ask of one dollar. The ticker comes about once a second
 * and lags the deltas, so a book in motion differs in passing; a book that is wrong keeps differing.
 *
 * Feed it the events of `kalshiBooks` merged with what that was fed.
 */
export function tickerAudit(): OperatorFunction<ContractBookChanged | Decoded, TickerComparison> {
  return (source) =>
    new Observable((to) => {
      const books = new Map<string, ContractBookView>();
      return source.subscribe({
        next: (event) => {
          if (event.kind === 'contractBook') {
            if (event.delta !== undefined) return;
            // Books change by snapshots and gaps without a delta; in between the view in hand stays current by itself.
            if (event.book.live) books.set(event.ticker, event.book);
            else books.delete(event.ticker);
            return;
          }
          if (event.kind !== 'contractTicker') return;
          const book = books.get(event.ticker);
          if (!book?.live || book.bidTicks === undefined || book.askTicks === undefined) return;
          const bidApart = Math.abs((event.bidTicks ?? 0) - book.bidTicks);
          const askApart = Math.abs((event.askTicks ?? DOLLAR_TICKS) - book.askTicks);
          to.next({
            kind: 'tickerComparison',
            at: event.at,
            receivedAt: event.receivedAt,
            ticker: event.ticker,
            exact: bidApart === 0 && askApart === 0,
            withinCent: bidApart <= CENT && askApart <= CENT,
          });
        },
        error: (cause: unknown) => to.error(cause),
        complete: () => to.complete(),
      });
    });
}
