import type { SeriesKind } from '../../../domain/asset.ts';
import { MILLISECOND, type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedSeries } from '../../emulated-asset.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedTimes } from '../../transport/emulated-venue.ts';
import { bookObject, isoText, marketObject, marketStatus } from './market-object.ts';
import type { KalshiPublic } from './state.ts';
import { fixedPointText, priceText } from './text.ts';

/** The state that market-data REST reads. */
export interface MarketRestState {
  readonly times: EmulatedTimes;
  readonly state: KalshiPublic;
  readonly series: readonly EmulatedSeries[];
  /** Whether the exchange trades now. */
  readonly trading: () => boolean;
}

const MOST = 1_000;
const USUAL = 100;
/** The words after the coin in a series' title, and how often the series lists markets. */
const KINDS: Readonly<Record<SeriesKind, { readonly words: string; readonly frequency: string }>> = {
  range: { words: 'price range', frequency: 'hourly' },
  above: { words: 'price Above/below', frequency: 'hourly' },
  quarterHour: { words: 'price up down', frequency: 'fifteen_min' },
};
const DEFAULT_SHARD = 0;

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const notFound = (): EmulatedAnswer => answer({ error: { code: 'not_found', message: 'not found' } }, 404);
/**
 * Words of the `status` filter, which are not the words of the objects (docs.kalshi.com, market lifecycle).
 */
const matches = (filter: string, status: string): boolean => {
  switch (filter) {
    case 'unopened':
      return status === 'initialized';
    case 'open':
      return status === 'active';
    case 'paused':
      return status === 'inactive';
    case 'closed':
      return status === 'closed' || status === 'determined';
    case 'settled':
      return status === 'finalized';
    default:
      return false;
  }
};

/**
 * Kalshi's public REST: exchange, series, events, markets, books, trades (docs.kalshi.com/api-reference).
 * Undefined for other paths. `path` is below `/trade-api/v2`.
 */
export function kalshiMarketRest({
  times,
  state,
  series: listed,
  trading,
}: MarketRestState): (request: EmulatedRequest, path: string) => EmulatedAnswer | undefined {
  const list = (query: URLSearchParams): EmulatedAnswer => {
    const limit = Number(query.get('limit') ?? USUAL);
    if (!(limit >= 1 && limit <= MOST))
      return answer(
        {
          msg: "Parameter validation failed for GetMarkets: Key: 'GetMarketsParams.Limit' Error:Field validation for 'Limit' failed on the 'lte' tag",
        },
        400,
      );
    const now = times.now();
    const seconds = (name: string): Micros | undefined => {
      const value = query.get(name);
      return value === null ? undefined : Number(value) * SECOND;
    };
    const tickers = query.get('tickers')?.split(',');
    const status = query.get('status');
    const least = seconds('min_close_ts');
    const most = seconds('max_close_ts');
    const found = state
      .markets()
      .filter(
        (market) =>
          (query.get('series_ticker') ?? market.contract.series) === market.contract.series &&
          (query.get('event_ticker') ?? market.contract.event) === market.contract.event &&
          (tickers?.includes(market.contract.ticker) ?? true) &&
          (status === null || status.split(',').some((word) => matches(word, marketStatus(market, now)))) &&
          (least === undefined || market.contract.closeAt >= least) &&
          (most === undefined || market.contract.closeAt <= most),
      );
    const offset = Number(query.get('cursor')?.replace(/^o/, '') || 0) || 0;
    const page = found.slice(offset, offset + limit);
    const next = offset + limit < found.length ? `o${offset + limit}` : '';
    return answer({ cursor: next, markets: page.map((market) => marketObject(market, now)) });
  };
  const event = (ticker: string, nested: boolean): EmulatedAnswer => {
    const markets = state.markets().filter(({ contract }) => contract.event === ticker);
    const first = markets[0]?.contract;
    if (!first) return notFound();
    const objects = markets.map((market) => marketObject(market, times.now()));
    return answer({
      event: {
        event_ticker: ticker,
        series_ticker: first.series,
        sub_title: '(emulated)',
        title: first.title,
        collateral_return_type: first.kind === 'range' ? 'MECNET' : '',
        mutually_exclusive: first.kind === 'range',
        strike_date: isoText(first.closeAt),
        settlement_sources: [{ name: 'CF Benchmarks', url: '' }],
        last_updated_ts: isoText(first.openAt),
        exchange_index: first.exchangeIndex,
        ...(nested && { markets: objects }),
      },
      ...(!nested && { markets: objects }),
    });
  };
  const seriesObject = (of: EmulatedSeries): Readonly<Record<string, unknown>> => ({
    ticker: of.ticker,
    title: `${of.coin} ${KINDS[of.kind].words}`,
    frequency: KINDS[of.kind].frequency,
    category: 'Crypto',
    categories: ['Crypto'],
    tags: [of.asset],
    settlement_sources: [{ name: 'CF Benchmarks', url: '' }],
    contract_url: '',
    contract_terms_url: '',
    fee_type: of.fee.kind,
    fee_multiplier: of.fee.multiplier,
    additional_prohibitions: [],
    last_updated_ts: '2026-08-24T16:04:33.777344Z',
    exchange_index: of.exchangeIndex,
  });
  const shards = [...new Set(listed.map(({ exchangeIndex }) => exchangeIndex))].filter(
    (index) => index !== DEFAULT_SHARD,
  );
  const trades = (query: URLSearchParams): EmulatedAnswer => {
    const ticker = query.get('ticker');
    const limit = Math.min(MOST, Number(query.get('limit') ?? USUAL));
    const rows = state
      .trades()
      .filter(({ contract }) => ticker === null || contract.ticker === ticker)
      .slice(-limit)
      .reverse()
      .map(({ tradeId, contract, count, ticks, taker, at }) => ({
        trade_id: tradeId,
        ticker: contract.ticker,
        count_fp: fixedPointText(count),
        yes_price_dollars: priceText(ticks),
        no_price_dollars: priceText(10_000 - ticks),
        taker_side: taker === 'bid' ? 'yes' : 'no',
        taker_outcome_side: taker === 'bid' ? 'yes' : 'no',
        taker_book_side: taker,
        created_time: new Date(at / MILLISECOND).toISOString(),
        is_block_trade: false,
      }));
    return answer({ cursor: '', trades: rows });
  };

  return ({ method }, path) => {
    const url = new URL(path, 'http://kalshi');
    const query = url.searchParams;
    const [room = '', name, rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    if (method !== 'GET') return undefined;
    switch (room) {
      case 'exchange':
        if (name === 'status') {
          const on = trading();
          return answer({
            exchange_active: true,
            trading_active: on,
            intra_exchange_transfers_active: true,
            exchange_index_statuses: [
              { index: DEFAULT_SHARD, description: 'default' },
              ...shards.map((index) => ({ index, description: 'crypto' })),
            ].map(({ index, description }) => ({
              exchange_index: index,
              description,
              exchange_active: true,
              trading_active: on,
            })),
          });
        }
        if (name === 'schedule')
          return answer({
            schedule: {
              maintenance_windows: [],
              standard_hours: [{ start_time: '2022-06-15T00:00:00Z', end_time: '2100-01-01T00:00:00Z' }],
            },
          });
        return undefined;
      case 'series': {
        if (name === undefined) return answer({ series: listed.map(seriesObject) });
        if (name === 'fee_changes') return answer({ series_fee_change_arr: [] });
        const found = listed.find(({ ticker }) => ticker === name);
        return found ? answer({ series: seriesObject(found) }) : notFound();
      }
      case 'events':
        if (name === undefined) {
          const tickers = [...new Set(state.markets().map(({ contract }) => contract.event))];
          const wanted = query.get('series_ticker');
          const events = tickers
            .filter((ticker) => wanted === null || ticker.startsWith(`${wanted}-`))
            .map((ticker) => (JSON.parse(event(ticker, false).body) as { event: unknown }).event);
          return answer({ cursor: '', events });
        }
        return event(name, query.get('with_nested_markets') === 'true');
      case 'markets': {
        if (name === undefined || name === '') return list(query);
        if (name === 'trades') return trades(query);
        if (name === 'orderbooks')
          return answer({
            orderbooks: query.getAll('tickers').flatMap((ticker) => {
              const market = state.market(ticker);
              return market ? [{ ticker, orderbook_fp: bookObject(market, 0) }] : [];
            }),
          });
        const market = state.market(name);
        if (!market) return notFound();
        if (rest === undefined) return answer({ market: marketObject(market, times.now()) });
        if (rest === 'orderbook')
          return answer({ orderbook_fp: bookObject(market, Number(query.get('depth') ?? 0)) });
        return undefined;
      }
      default:
        return undefined;
    }
  };
}
