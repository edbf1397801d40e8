import { Observable, type OperatorFunction } from 'rxjs';
import type { ContractBookChanged, ContractTop, TickerComparison } from '../../domain/events/market.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';

const CENT = 100;

/**
 * Compares each `contractTicker` with the current book of its market, if that is live and has both sides. A
 * side that the ticker shows as empty counts as the venue sends it: a bid of zero, an ask of one dollar. The
 * ticker comes about once a second and lags behind the deltas, so a moving book differs for a moment. A wrong
 * book keeps differing.
 *
 * Its source must be the output of `kalshiBooks` merged with the input of `kalshiBooks`.
 */
export function tickerAudit(): OperatorFunction<ContractBookChanged | Decoded, TickerComparison> {
  return (source) =>
    new Observable((to) => {
      const tops = new Map<string, ContractTop>();
      return follow(source, to, {
        next: (event) => {
          if (event.kind === 'contractBook') {
            if (!event.topChanged) return;
            if (event.top.live) tops.set(event.ticker, event.top);
            else tops.delete(event.ticker);
            return;
          }
          if (event.kind !== 'contractTicker') return;
          const book = tops.get(event.ticker);
          if (!book || book.bidTicks === undefined || book.askTicks === undefined) return;
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
