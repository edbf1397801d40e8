import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import type { KalshiMatching } from './matching.ts';
import { jsonAnswer, refusals } from './refusal.ts';
import type { RouteQuery } from './routing.ts';

const eventOf = (ticker: string): string => ticker.split('-').slice(0, 2).join('-');

/**
 * How much is ahead of one resting order of a subaccount, or of each of them (`orderId` undefined), in 0.01
 * contracts (`/portfolio/orders/queue_positions`). It is read from the book.
 */
export function queuePositions(
  matching: KalshiMatching,
  orderId: string | undefined,
  query: URLSearchParams,
  { subaccount = 0 }: RouteQuery,
): EmulatedAnswer {
  const tickers = query.get('market_tickers')?.split(',');
  const event = query.get('event_ticker');
  const rows = matching
    .resting()
    .filter(({ view }) => view.subaccount === subaccount)
    .map(({ view }) => ({
      view,
      ahead: matching.market(view.ticker)?.overlay.resting(view.orderId)?.ahead ?? 0,
    }));
  if (orderId !== undefined) {
    const row = rows.find(({ view }) => view.orderId === orderId);
    return row ? jsonAnswer({ queue_position_fp: fixedPointText(row.ahead) }) : refusals.notFound();
  }
  return jsonAnswer({
    queue_positions: rows
      .filter(
        ({ view }) =>
          (tickers?.includes(view.ticker) ?? true) && (event === null || eventOf(view.ticker) === event),
      )
      .map(({ view, ahead }) => ({
        order_id: view.orderId,
        market_ticker: view.ticker,
        queue_position_fp: fixedPointText(ahead),
      })),
  });
}
