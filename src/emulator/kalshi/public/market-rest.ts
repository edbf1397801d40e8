import type { SeriesKind } from '../../../domain/asset.ts';
import { MILLISECOND, type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedSeries } from '../../emulated-asset.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedTimes } from '../../transport/emulated-venue.ts';
import { eventRest } from './event-rest.ts';
import { exchangeRest, type KalshiStatus } from './exchange-rest.ts';
import { bookObject, marketObject, marketStatus } from './market-object.ts';
import type { KalshiPublic } from './state.ts';
import { statusMatches } from './status-filter.ts';
import { fixedPointText, priceText } from './text.ts';

/** The state that market-data REST reads. */
export interface MarketRestState {
  readonly times: EmulatedTimes;
  readonly state: KalshiPublic;
  readonly series: readonly EmulatedSeries[];
  readonly status: () => KalshiStatus;
  /** Whether there is a weekly pause, for the schedule. */
  readonly weeklyPause: boolean;
}

const MOST = 1_000;
const USUAL = 100;
const CATEGORY = 'Crypto';
/** The words after the coin in a series' title, and how often the series lists markets. */
const KINDS: Readonly<Record<SeriesKind, { readonly words: string; readonly frequency: string }>> = {
  range: { words: 'price range', frequency: 'hourly' },
  above: { words: 'price Above/below', frequency: 'hourly' },
  quarterHour: { words: 'price up down', frequency: 'fifteen_min' },
};

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const notFound = (): EmulatedAnswer => answer({ error: { code: 'not_found', message: 'not found' } }, 404);
/** A part of a path; what is not decodable names nothing. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
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
  status: exchangeStatus,
  weeklyPause,
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
          (status === null || statusMatches(status, marketStatus(market, now))) &&
          (least === undefined || market.contract.closeAt >= least) &&
          (most === undefined || market.contract.closeAt <= most),
      );
    const offset = Number(query.get('cursor')?.replace(/^o/, '') || 0) || 0;
    const page = found.slice(offset, offset + limit);
    const next = offset + limit < found.length ? `o${offset + limit}` : '';
    return answer({ cursor: next, markets: page.map((market) => marketObject(market, now)) });
  };
  const seriesObject = (of: EmulatedSeries): Readonly<Record<string, unknown>> => ({
    ticker: of.ticker,
    title: `${of.coin} ${KINDS[of.kind].words}`,
    frequency: KINDS[of.kind].frequency,
    category: CATEGORY,
    categories: [CATEGORY],
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
  const exchange = exchangeRest(
    listed.map(({ exchangeIndex }) => exchangeIndex),
    exchangeStatus,
    weeklyPause,
  );
  const events = eventRest(state, times.now);
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

  const books = (query: URLSearchParams): EmulatedAnswer =>
    answer({
      orderbooks: query.getAll('tickers').flatMap((ticker) => {
        const market = state.market(ticker);
        return market ? [{ ticker, orderbook_fp: bookObject(market, 0) }] : [];
      }),
    });

  return ({ method }, path) => {
    if (method !== 'GET') return undefined;
    const url = new URL(path, 'http://kalshi');
    const query = url.searchParams;
    const [room = '', ...parts] = url.pathname.slice(1).split('/').map(decoded);
    const [name, rest] = parts;
    if (parts.length > 2) return undefined;
    switch (room) {
      case 'exchange':
        return rest === undefined ? exchange(name) : undefined;
      case 'series': {
        if (name === undefined)
          return answer({
            series: (query.get('category') ?? CATEGORY) === CATEGORY ? listed.map(seriesObject) : [],
          });
        if (rest !== undefined) return undefined;
        if (name === 'fee_changes') return answer({ series_fee_change_arr: [] });
        const found = listed.find(({ ticker }) => ticker === name);
        return found ? answer({ series: seriesObject(found) }) : notFound();
      }
      case 'events':
        return rest === undefined ? events(name, query) : undefined;
      case 'markets': {
        if (name === undefined || name === '') return rest === undefined ? list(query) : undefined;
        if (name === 'trades') return rest === undefined ? trades(query) : undefined;
        if (name === 'orderbooks') return rest === undefined ? books(query) : undefined;
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
