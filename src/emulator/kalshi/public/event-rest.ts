import type { Micros } from '../../../domain/time.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { isoText, marketObject, marketStatus } from './market-object.ts';
import type { KalshiPublic, PublicMarket } from './state.ts';
import { statusMatches } from './status-filter.ts';

const MOST = 200;

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});

/**
 * `GET /events` and `GET /events/{ticker}` (docs.kalshi.com/api-reference/events): pages of at most 200. With
 * `with_nested_markets=true` an event carries its markets; without, one event has them beside it.
 */
export function eventRest(
  state: KalshiPublic,
  now: () => Micros,
): (ticker: string | undefined, query: URLSearchParams) => EmulatedAnswer {
  const byEvent = (): ReadonlyMap<string, readonly PublicMarket[]> => {
    const events = new Map<string, PublicMarket[]>();
    for (const market of state.markets()) {
      const { event } = market.contract;
      const known = events.get(event);
      if (known) known.push(market);
      else events.set(event, [market]);
    }
    return events;
  };
  const objects = (markets: readonly PublicMarket[]) => markets.map((market) => marketObject(market, now()));
  const object = (event: string, markets: readonly PublicMarket[], nested: boolean) => {
    const first = markets[0]?.contract;
    return (
      first && {
        event_ticker: event,
        series_ticker: first.series,
        sub_title: '(emulated)',
        title: first.title,
        collateral_return_type: first.kind === 'range' ? 'MECNET' : '',
        mutually_exclusive: first.kind === 'range',
        strike_date: isoText(first.closeAt),
        settlement_sources: [{ name: 'CF Benchmarks', url: '' }],
        last_updated_ts: isoText(first.openAt),
        exchange_index: first.exchangeIndex,
        ...(nested && { markets: objects(markets) }),
      }
    );
  };
  const list = (query: URLSearchParams, nested: boolean): EmulatedAnswer => {
    const limit = Number(query.get('limit') ?? MOST);
    if (!(limit >= 1 && limit <= MOST))
      return answer({ msg: "Parameter validation failed: Field validation for 'Limit' failed" }, 400);
    const series = query.get('series_ticker');
    const status = query.get('status');
    const found = [...byEvent()].filter(
      ([, markets]) =>
        (series === null || markets[0]?.contract.series === series) &&
        (status === null || markets.some((market) => statusMatches(status, marketStatus(market, now())))),
    );
    const offset = Number(/^o(\d+)$/.exec(query.get('cursor') ?? '')?.[1] ?? 0);
    const next = offset + limit < found.length ? `o${offset + limit}` : '';
    return answer({
      cursor: next,
      events: found.slice(offset, offset + limit).map(([event, markets]) => object(event, markets, nested)),
    });
  };

  return (ticker, query) => {
    const nested = query.get('with_nested_markets') === 'true';
    if (ticker === undefined) return list(query, nested);
    const markets = byEvent().get(ticker) ?? [];
    const event = object(ticker, markets, nested);
    if (!event) return answer({ error: { code: 'not_found', message: 'not found' } }, 404);
    return answer({ event, ...(!nested && { markets: objects(markets) }) });
  };
}
