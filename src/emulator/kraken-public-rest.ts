import { MILLISECOND, MINUTE, type Micros, SECOND } from '../domain/time.ts';
import type { KrakenCandle, KrakenSides, KrakenTradeTicks } from './kraken-emission.ts';
import { KRAKEN_INTERVALS } from './kraken-intervals.ts';
import type { KrakenSystem } from './kraken-system.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedTimes } from './venue.ts';

/** What REST reads of the venue. */
export interface KrakenRestState {
  readonly times: EmulatedTimes;
  readonly rateLimited: boolean;
  readonly system: () => KrakenSystem;
  /** Oldest first. */
  readonly trades: () => readonly KrakenTradeTicks[];
  readonly candles: (span: Micros) => readonly KrakenCandle[];
  readonly book: () => KrakenSides;
}

const PAIRS = new Set(['XBTUSD', 'XXBTZUSD', 'BTC/USD', 'XBT/USD', 'BTCUSD']);
const KEY = 'XXBTZUSD';
const MOST_TRADES = 1_000;
const MOST_CANDLES = 720;
const LOTS = 1e8;
/** Calls of Trades or OHLC that may come at once, and how many a second after; the venue publishes no number. */
const BURST = 3;
const PER_SECOND = 1;

const price = (ticks: number): string => `${Math.floor(ticks / 10)}.${ticks % 10}`;
const volume = (lots: number): string => `${Math.floor(lots / LOTS)}.${String(lots % LOTS).padStart(8, '0')}`;
const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const refuse = (error: string): EmulatedAnswer => answer({ error: [error] });
const give = (result: unknown): EmulatedAnswer => answer({ error: [], result });

/** `since` in nanoseconds or, as REST also takes it, in seconds; as microseconds and the nanoseconds beyond them. NaN if it is no number. */
const sinceOf = (text: string): { readonly micros: Micros; readonly nanos: number } =>
  text.length > 15
    ? { micros: Number(text.slice(0, -3)), nanos: Number(text.slice(-3)) }
    : { micros: Math.round(Number(text) * SECOND), nanos: 0 };
/** Trades of one microsecond are a nanosecond apart, so that a page may end between them and none is lost. */
const withNanos = (
  trades: readonly KrakenTradeTicks[],
): readonly (KrakenTradeTicks & { nanos: number })[] => {
  let before: Micros | undefined;
  let nanos = 0;
  return trades.map((trade) => {
    nanos = trade.at === before ? nanos + 1 : 0;
    before = trade.at;
    return { ...trade, nanos };
  });
};

/**
 * Kraken's public REST: Time, SystemStatus, AssetPairs, OHLC, Trades, Depth (docs.kraken.com/api/docs/rest-api). Trades go back to the start of the run; candles
 * to the start of its history. Trades and OHLC are limited together by rate, as the venue limits them by address and pair.
 */
export function krakenPublicRest(state: KrakenRestState): (request: EmulatedRequest) => EmulatedAnswer {
  const { times, rateLimited } = state;
  let tokens = BURST;
  let refilledMs = times.wallMillis();
  const allowed = (): boolean => {
    if (!rateLimited) return true;
    const now = times.wallMillis();
    tokens = Math.min(BURST, tokens + ((now - refilledMs) / 1000) * PER_SECOND);
    refilledMs = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };

  const tradesAfter = (query: URLSearchParams): EmulatedAnswer => {
    const since = query.get('since');
    const count = Math.min(MOST_TRADES, Math.max(1, Number(query.get('count') ?? MOST_TRADES)));
    const { micros, nanos } = sinceOf(since ?? '0');
    if (Number.isNaN(micros + nanos + count)) return refuse('EGeneral:Invalid arguments');
    const all = withNanos(state.trades());
    const from =
      since === null
        ? all.slice(-count)
        : all
            .filter((trade) => trade.at > micros || (trade.at === micros && trade.nanos > nanos))
            .slice(0, count);
    const rows = from.map(({ at, side, ticks, lots, tradeId }) => [
      price(ticks),
      volume(lots),
      at / SECOND,
      side === 'buy' ? 'b' : 's',
      tradeId % 3 === 0 ? 'm' : 'l',
      '',
      tradeId,
    ]);
    const last = from.at(-1);
    return give({
      [KEY]: rows,
      last: last ? `${last.at}${String(last.nanos).padStart(3, '0')}` : (since ?? '0'),
    });
  };
  const candles = (query: URLSearchParams): EmulatedAnswer => {
    const minutes = Number(query.get('interval') ?? 1);
    const { micros } = sinceOf(query.get('since') ?? '0');
    if (!KRAKEN_INTERVALS.includes(minutes) || Number.isNaN(micros))
      return refuse('EGeneral:Invalid arguments');
    const all = state.candles(minutes * MINUTE).slice(-MOST_CANDLES - 1);
    // The newest candle is not finished and always shown.
    const shown = all.filter(({ openAt }, i) => openAt > micros || i === all.length - 1);
    const rows = shown.map(({ openAt, open, high, low, close, lots, turnover, trades }) => [
      openAt / SECOND,
      price(open),
      price(high),
      price(low),
      price(close),
      lots > 0 ? price(Math.round(turnover / lots)) : '0.0',
      volume(lots),
      trades,
    ]);
    return give({ [KEY]: rows, last: (all.at(-2)?.openAt ?? 0) / SECOND });
  };

  return ({ method, path }) => {
    const url = new URL(path, 'http://kraken');
    const query = url.searchParams;
    const name = /^\/0\/public\/(\w+)$/.exec(url.pathname)?.[1];
    if (method !== 'GET' || name === undefined) return answer({ error: ['EGeneral:Unknown method'] }, 404);
    const now = times.now();
    const pair = query.get('pair');
    if (['OHLC', 'Trades', 'Depth', 'AssetPairs'].includes(name) && pair !== null && !PAIRS.has(pair))
      return refuse('EQuery:Unknown asset pair');
    if (['OHLC', 'Trades', 'Depth'].includes(name) && pair === null)
      return refuse('EGeneral:Invalid arguments');
    if ((name === 'OHLC' || name === 'Trades') && !allowed()) return refuse('EGeneral:Too many requests');
    switch (name) {
      case 'Time':
        return give({
          unixtime: Math.floor(now / SECOND),
          rfc1123: new Date(now / MILLISECOND).toUTCString(),
        });
      case 'SystemStatus':
        return give({ status: state.system(), timestamp: new Date(now / MILLISECOND).toISOString() });
      case 'AssetPairs':
        return give({
          [KEY]: {
            altname: 'XBTUSD',
            wsname: 'XBT/USD',
            base: 'XXBT',
            quote: 'ZUSD',
            pair_decimals: 1,
            cost_decimals: 5,
            lot_decimals: 8,
            ordermin: '0.00005',
            costmin: '0.5',
            tick_size: '0.1',
            status: state.system() === 'online' ? 'online' : 'cancel_only',
          },
        });
      case 'OHLC':
        return candles(query);
      case 'Trades':
        return tradesAfter(query);
      case 'Depth': {
        const count = Math.min(500, Math.max(1, Number(query.get('count') ?? 100)));
        const { bids, asks } = state.book();
        const rows = (levels: typeof bids) =>
          levels
            .slice(0, count)
            .map(({ ticks, lots }) => [price(ticks), (lots / LOTS).toFixed(3), Math.floor(now / SECOND)]);
        return give({ [KEY]: { asks: rows(asks), bids: rows(bids) } });
      }
      default:
        return answer({ error: ['EGeneral:Unknown method'] }, 404);
    }
  };
}
