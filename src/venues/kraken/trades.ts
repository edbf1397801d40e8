import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { SpotTrade } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';

/** How far the trades of one symbol are known. */
interface Known {
  lastId: number;
  /** Receipt of the snapshot from which we know them: its trades are from before we listened. Undefined where an update came first. */
  firstReceivedAt: Micros | undefined;
}

/**
 * Holds Kraken's trades together by `trade_id`, which is consecutive for each symbol. Trades already seen are dropped, so that the 50 trades
 * a new subscription repeats are not counted twice; those of them above the last one seen are the ones a disconnect hid: they follow as new
 * (`replayed` false) where they join on. A hole gives a `gap` of cause `tradeId` before the trade that shows it, and trades replayed past
 * a hole stay `replayed`. The first snapshot's trades pass as `replayed`. A gap of cause `session` forgets every id. Everything else passes.
 */
export function krakenTrades(): MonoTypeOperatorFunction<Decoded> {
  return (source) =>
    new Observable((subscriber) => {
      const known = new Map<string, Known>();

      const onTrade = (trade: SpotTrade): void => {
        const { at, receivedAt, symbol, tradeId, replayed } = trade;
        const before = known.get(symbol);
        if (!before) {
          known.set(symbol, { lastId: tradeId, firstReceivedAt: replayed ? receivedAt : undefined });
          subscriber.next(trade);
          return;
        }
        if (tradeId <= before.lastId) return;
        const missed = tradeId - before.lastId - 1;
        if (missed > 0) {
          const detail = `missed ${missed}: from ${before.lastId + 1} to ${tradeId - 1}`;
          subscriber.next({
            kind: 'gap',
            at,
            receivedAt,
            venue: 'kraken',
            cause: 'tradeId',
            scope: symbol,
            detail,
          });
          if (replayed) before.firstReceivedAt = receivedAt;
        }
        before.lastId = tradeId;
        subscriber.next(
          replayed && receivedAt !== before.firstReceivedAt ? { ...trade, replayed: false } : trade,
        );
      };

      return source.subscribe({
        next: (event) => {
          if (event.kind === 'gap' && event.cause === 'session') known.clear();
          if (event.kind === 'spotTrade' && event.venue === 'kraken') onTrade(event);
          else subscriber.next(event);
        },
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => subscriber.complete(),
      });
    });
}
