import { MILLISECOND, MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedTimes } from '../transport/emulated-venue.ts';
import { KRAKEN_INTERVALS } from './candles.ts';
import type { KrakenCandle, KrakenSides, KrakenTradeTicks } from './emission.ts';
import { decimalText, type KrakenPair, pairNamed } from './pair.ts';

/** The status of Kraken's matching engine; it trades only when `online`. */
export type KrakenSystem = 'online' | 'maintenance' | 'cancel_only' | 'post_only';

/** The state of the venue that REST reads. */
export interface KrakenRestState {
  readonly times: EmulatedTimes;
  readonly rateLimited: boolean;
  readonly system: () => KrakenSystem;
  readonly pairs: readonly KrakenPair[];
  /** By symbol, oldest first. */
  readonly trades: (symbol: string) => readonly KrakenTradeTicks[];
  readonly candles: (symbol: string, span: Micros) => readonly KrakenCandle[];
  readonly book: (symbol: string) => KrakenSides;
}

const MOST_TRADES = 1_000;
const MOST_CANDLES = 720;
/**
 * How many calls of Trades or OHLC for one pair may come at once, and how many a second after that. The venue
 * publishes no number.
 */
const BURST = 3;
const PER_SECOND = 1;

const answer = (body: unknown, status = 200): EmulatedAnswer => ({
  kind: 'answer',
  status,
  body: JSON.stringify(body),
});
const refuse = (error: string): EmulatedAnswer => answer({ error: [error] });
const give = (result: unknown): EmulatedAnswer => answer({ error: [], result });

/**
 * `since` in nanoseconds or, as REST also takes it, in seconds; as microseconds and the remaining
 * nanoseconds. NaN if it is not a number.
 */
const sinceOf = (text: string): { readonly micros: Micros; readonly nanos: number } =>
  text.length > 15
    ? { micros: Number(text.slice(0, -3)), nanos: Number(text.slice(-3)) }
    : { micros: Math.round(Number(text) * SECOND), nanos: 0 };
/**
 * Trades of one microsecond are a nanosecond apart, so that a page can end between them without losing one.
 */
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
 * Kraken's public REST: Time, SystemStatus, AssetPairs, OHLC, Trades, Depth
 * (docs.kraken.com/api/docs/rest-api). Trades go back to the start of the run; candles to the start of its
 * history. Trades and OHLC of a pair share one rate limit; the venue limits them by address and pair.
 */
export function krakenPublicRest(state: KrakenRestState): (request: EmulatedRequest) => EmulatedAnswer {
  const { times, rateLimited } = state;
  const openedMs = times.wallMillis();
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  const allowed = ({ symbol }: KrakenPair): boolean => {
    if (!rateLimited) return true;
    const { tokens, atMs } = buckets.get(symbol) ?? { tokens: BURST, atMs: openedMs };
    const now = times.wallMillis();
    const filled = Math.min(BURST, tokens + ((now - atMs) / 1000) * PER_SECOND);
    buckets.set(symbol, { tokens: filled < 1 ? filled : filled - 1, atMs: now });
    return filled >= 1;
  };

  const tradesAfter = (pair: KrakenPair, query: URLSearchParams): EmulatedAnswer => {
    const price = decimalText(pair.priceDecimals);
    const volume = decimalText(pair.quantityDecimals);
    const since = query.get('since');
    const count = Math.min(MOST_TRADES, Math.max(1, Number(query.get('count') ?? MOST_TRADES)));
    const { micros, nanos } = sinceOf(since ?? '0');
    if (Number.isNaN(micros + nanos + count)) return refuse('EGeneral:Invalid arguments');
    const all = withNanos(state.trades(pair.symbol));
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
      [pair.restKey]: rows,
      last: last ? `${last.at}${String(last.nanos).padStart(3, '0')}` : (since ?? '0'),
    });
  };
  const candles = (pair: KrakenPair, query: URLSearchParams): EmulatedAnswer => {
    const price = decimalText(pair.priceDecimals);
    const volume = decimalText(pair.quantityDecimals);
    const minutes = Number(query.get('interval') ?? 1);
    const { micros } = sinceOf(query.get('since') ?? '0');
    if (!KRAKEN_INTERVALS.includes(minutes) || Number.isNaN(micros))
      return refuse('EGeneral:Invalid arguments');
    const all = state.candles(pair.symbol, minutes * MINUTE).slice(-MOST_CANDLES - 1);
    // The newest candle is unfinished and always shown.
    const shown = all.filter(({ openAt }, i) => openAt > micros || i === all.length - 1);
    const rows = shown.map(({ openAt, open, high, low, close, lots, turnover, trades }) => [
      openAt / SECOND,
      price(open),
      price(high),
      price(low),
      price(close),
      price(lots > 0 ? Math.round(turnover / lots) : 0),
      volume(lots),
      trades,
    ]);
    return give({ [pair.restKey]: rows, last: (all.at(-2)?.openAt ?? 0) / SECOND });
  };

  /** Fixed notation of a small number, which String would write with an exponent. */
  const plain = (value: number): string => value.toFixed(10).replace(/\.?0+$/, '');
  const assetPairs = (wanted: string | null): EmulatedAnswer => {
    const found = wanted === null ? undefined : pairNamed(state.pairs, wanted);
    if (wanted !== null && !found) return refuse('EQuery:Unknown asset pair');
    const status = state.system() === 'online' ? 'online' : 'cancel_only';
    const rows = (found ? [found] : state.pairs).map((pair) => [
      pair.restKey,
      {
        altname: pair.altName,
        wsname: pair.wsName,
        base: pair.restBase,
        quote: pair.restQuote,
        pair_decimals: pair.priceDecimals,
        cost_decimals: 5,
        lot_decimals: pair.quantityDecimals,
        ordermin: plain(pair.least),
        costmin: '0.5',
        tick_size: plain(Number(`1e-${pair.priceDecimals}`)),
        status,
      },
    ]);
    return give(Object.fromEntries(rows));
  };
  const depth = (pair: KrakenPair, query: URLSearchParams): EmulatedAnswer => {
    const price = decimalText(pair.priceDecimals);
    const count = Math.min(500, Math.max(1, Number(query.get('count') ?? 100)));
    const { bids, asks } = state.book(pair.symbol);
    const now = Math.floor(times.now() / SECOND);
    const rows = (levels: typeof bids) =>
      levels
        .slice(0, count)
        .map(({ ticks, lots }) => [price(ticks), (lots / 10 ** pair.quantityDecimals).toFixed(3), now]);
    return give({ [pair.restKey]: { asks: rows(asks), bids: rows(bids) } });
  };

  return ({ method, path }) => {
    const url = new URL(path, 'http://kraken');
    const query = url.searchParams;
    const name = /^\/0\/public\/(\w+)$/.exec(url.pathname)?.[1];
    if (method !== 'GET' || name === undefined) return answer({ error: ['EGeneral:Unknown method'] }, 404);
    const now = times.now();
    const wanted = query.get('pair');
    switch (name) {
      case 'Time':
        return give({
          unixtime: Math.floor(now / SECOND),
          rfc1123: new Date(now / MILLISECOND).toUTCString(),
        });
      case 'SystemStatus':
        return give({ status: state.system(), timestamp: new Date(now / MILLISECOND).toISOString() });
      case 'AssetPairs':
        return assetPairs(wanted);
      case 'OHLC':
      case 'Trades':
      case 'Depth':
        break;
      default:
        return answer({ error: ['EGeneral:Unknown method'] }, 404);
    }
    if (wanted === null) return refuse('EGeneral:Invalid arguments');
    const pair = pairNamed(state.pairs, wanted);
    if (!pair) return refuse('EQuery:Unknown asset pair');
    if (name === 'Depth') return depth(pair, query);
    if (!allowed(pair)) return refuse('EGeneral:Too many requests');
    return name === 'OHLC' ? candles(pair, query) : tradesAfter(pair, query);
  };
}
