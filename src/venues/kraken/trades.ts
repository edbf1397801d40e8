import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { SpotTrade } from '../../domain/events/venue.ts';
import type { Micros } from '../../domain/time.ts';
import type { Decoded } from '../../operators/decode.ts';
import { follow } from '../../operators/follow.ts';

/** A run of missed trades. Those of `ids` have come late since then. */
interface Hole {
  readonly firstId: number;
  readonly lastId: number;
  readonly ids: Set<number>;
}

/** How far the trades of one symbol are known. */
interface Known {
  lastId: number;
  /** The venue's time of the last one. */
  lastAt: Micros;
  /**
   * When the first snapshot was received. Its trades are from before our subscription. Undefined if an update
   * came first.
   */
  firstReceivedAt: Micros | undefined;
  readonly holes: Hole[];
}

/** Most holes that are remembered. Beyond that the oldest is given up. */
const MOST_HOLES = 64;

/**
 * Checks that no trade of Kraken's is missing or doubled, by `trade_id`, which is consecutive for each
 * symbol. Trades already seen are dropped, so the 50 trades that a new subscription repeats are not counted
 * twice. Repeated trades above the last one seen were missed in a disconnect. They pass as new (`replayed`
 * false) if they follow it without a hole. A hole gives a `gap` of cause `tradeId`, with what is `missing`,
 * before the trade that shows it; repeated trades beyond a hole stay `replayed`. Missed trades that come
 * later, by REST, pass once each as `replayed`, since they are too old to count as news. When a hole is
 * filled, `recovered` follows. The first snapshot's trades pass as `replayed`. A gap of cause `session`
 * forgets every id. All other events pass.
 */
export function krakenTrades(): MonoTypeOperatorFunction<Decoded> {
  return (source) =>
    new Observable((subscriber) => {
      const known = new Map<string, Known>();

      const fill = ({ holes }: Known, trade: SpotTrade): void => {
        const { at, receivedAt, symbol, tradeId } = trade;
        const index = holes.findIndex(({ firstId, lastId }) => tradeId >= firstId && tradeId <= lastId);
        const hole = holes[index];
        if (!hole || hole.ids.has(tradeId)) return;
        hole.ids.add(tradeId);
        subscriber.next({ ...trade, replayed: true });
        if (hole.ids.size <= hole.lastId - hole.firstId) return;
        holes.splice(index, 1);
        subscriber.next({
          kind: 'recovered',
          at,
          receivedAt,
          venue: 'kraken',
          cause: 'tradeId',
          scope: symbol,
          detail: `trades ${hole.firstId} to ${hole.lastId} came late`,
        });
      };

      const onTrade = (trade: SpotTrade): void => {
        const { at, receivedAt, symbol, tradeId, replayed } = trade;
        const before = known.get(symbol);
        if (!before) {
          known.set(symbol, {
            lastId: tradeId,
            lastAt: at,
            firstReceivedAt: replayed ? receivedAt : undefined,
            holes: [],
          });
          subscriber.next(trade);
          return;
        }
        if (tradeId <= before.lastId) {
          fill(before, trade);
          return;
        }
        const missed = tradeId - before.lastId - 1;
        if (missed > 0) {
          const missing = { firstId: before.lastId + 1, lastId: tradeId - 1, sinceAt: before.lastAt };
          before.holes.push({ firstId: missing.firstId, lastId: missing.lastId, ids: new Set() });
          if (before.holes.length > MOST_HOLES) before.holes.shift();
          subscriber.next({
            kind: 'gap',
            at,
            receivedAt,
            venue: 'kraken',
            cause: 'tradeId',
            scope: symbol,
            detail: `missed ${missed}: from ${missing.firstId} to ${missing.lastId}`,
            missing,
          });
          if (replayed) before.firstReceivedAt = receivedAt;
        }
        before.lastId = tradeId;
        before.lastAt = at;
        subscriber.next(
          replayed && receivedAt !== before.firstReceivedAt ? { ...trade, replayed: false } : trade,
        );
      };

      return follow(source, subscriber, {
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
