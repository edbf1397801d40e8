import type { KrakenOhlc, SpotTrade, VenueEvent } from '../../domain/events/venue.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';
import { boundBroken } from '../../transport/json-bounds.ts';
import { jsonOf } from '../../transport/json-of.ts';
import { rejectedFrame } from '../../transport/rejected-frame.ts';
import { schemaSentence } from '../../transport/schema-sentence.ts';
import { wsSymbol } from './pair.ts';
import { type KrakenOhlcRow, type KrakenTradeRow, ohlcBody, rowsOf, tradesBody } from './rest-wire.ts';

/**
 * Converts seconds with up to seven decimals in a double. At these times half a microsecond is twice the
 * spacing of doubles, so rounding gives the right microsecond.
 */
const microsOf = (seconds: number): Micros => Math.round(seconds * 1e6);

/**
 * Reads a body of Kraken's public REST. It is total like `decodeKraken`: errors and unknown shapes give one
 * `rejected`, and a resource other than `Trades` and `OHLC` gives nothing. Trades are marked as `replayed`;
 * `krakenTrades` finds the new ones among them. The last candle is left out because it is not finished.
 */
export function decodeKrakenRest(resource: string, text: string, receivedAt: Micros): readonly VenueEvent[] {
  const rejected = (why: string): readonly VenueEvent[] => [
    rejectedFrame('kraken', text, receivedAt, `REST ${why}`),
  ];
  if (!URL.canParse(resource, 'http://kraken')) return [];
  const url = new URL(resource, 'http://kraken');
  const method = /^\/0\/public\/(\w+)$/.exec(url.pathname)?.[1];
  if (method !== 'Trades' && method !== 'OHLC') return [];
  const json = jsonOf(text);
  if (json === undefined) return rejected(`${method}: ${boundBroken(text) ?? 'no JSON'}`);
  const { success, data, error } = (method === 'Trades' ? tradesBody : ohlcBody).safeParse(json);
  if (!success) return rejected(`${method}: ${schemaSentence(error)}`);
  if (data.error.length > 0) return rejected(`${method}: ${data.error.join(', ')}`);
  const read = rowsOf(data.result as Readonly<Record<string, unknown>>);
  if (!read) return [];
  const symbol = wsSymbol(read.key);
  if (symbol === undefined) return rejected(`${method}: unknown pair ${read.key}`);
  return method === 'Trades'
    ? (read.rows as readonly KrakenTradeRow[]).map((row) => tradeOf(row, symbol, receivedAt))
    : (read.rows as readonly KrakenOhlcRow[])
        .slice(0, -1)
        .map((row) => candleOf(row, symbol, Number(url.searchParams.get('interval') ?? 1), receivedAt));
}

const tradeOf = (
  [price, volume, seconds, side, , , tradeId]: KrakenTradeRow,
  symbol: string,
  receivedAt: Micros,
): SpotTrade => ({
  kind: 'spotTrade',
  at: microsOf(seconds),
  receivedAt,
  venue: 'kraken',
  symbol,
  price: Number(price),
  quantity: Number(volume),
  taker: side === 'b' ? 'buy' : 'sell',
  tradeId,
  replayed: true,
});

const candleOf = (
  [seconds, open, high, low, close, , volume]: KrakenOhlcRow,
  symbol: string,
  intervalMinutes: number,
  receivedAt: Micros,
): KrakenOhlc => ({
  kind: 'krakenOhlc',
  at: Math.floor((seconds * SECOND) / MINUTE) * MINUTE,
  receivedAt,
  symbol,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
  volume: Number(volume),
  intervalMinutes,
  snapshot: true,
});
