import { MINUTE, type Micros } from '../../domain/time.ts';
import { rfc3339Text } from '../world/rfc3339-text.ts';
import type { KrakenCandle, KrakenEmission, KrakenSides, KrakenTicks, KrakenTradeTicks } from './emission.ts';
import { decimalText, type KrakenPair } from './pair.ts';

const CONNECTION_ID = '9470563194566763544';

const envelope = (channel: string, snapshot: boolean, rest: string) =>
  `{"channel":"${channel}","type":"${snapshot ? 'snapshot' : 'update'}",${rest}}`;

/** Writes small numbers as the venue's encoder does: 5e-05, where JSON.stringify gives 0.00005. */
const small = (value: number): string =>
  value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(value);
const step = (decimals: number): string => small(Number(`1e-${decimals}`));
const instrument = ({ symbol, base, quote, priceDecimals, quantityDecimals, least }: KrakenPair): string =>
  `{"symbol":"${symbol}","base":"${base}","quote":"${quote}","status":"online","qty_precision":${quantityDecimals},"qty_increment":${step(quantityDecimals)},` +
  `"price_precision":${priceDecimals},"cost_precision":5,"marginable":true,"has_index":true,"cost_min":0.5,"margin_initial":0.2,` +
  `"position_limit_long":300,"position_limit_short":240,"tick_size":${step(priceDecimals)},"price_increment":${step(priceDecimals)},"qty_min":${small(least)}}`;
const STATUS = `{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":${CONNECTION_ID},"upcoming_maintenance":[],"emergency":[]}]}`;
const HEARTBEAT = '{"channel":"heartbeat"}';

/** The text of one pair's emissions: the rows of book, trades and candles. */
function rowsOf(pair: KrakenPair, time: (at: Micros) => string) {
  const { symbol } = pair;
  const price = decimalText(pair.priceDecimals);
  const quantity = decimalText(pair.quantityDecimals);
  const level = ({ ticks, lots }: KrakenTicks) => `{"price":${price(ticks)},"qty":${quantity(lots)}}`;
  return {
    book: ({ bids, asks, checksum }: KrakenSides, at: Micros) =>
      `{"symbol":"${symbol}","bids":[${bids.map(level).join()}],"asks":[${asks.map(level).join()}],"checksum":${checksum},"timestamp":"${time(at)}"}`,
    trade: ({ at, side, ticks, lots, tradeId }: KrakenTradeTicks) =>
      `{"symbol":"${symbol}","side":"${side}","price":${price(ticks)},"qty":${quantity(lots)},"ord_type":"${tradeId % 3 === 0 ? 'market' : 'limit'}","trade_id":${tradeId},"timestamp":"${time(at)}"}`,
    candle: (c: KrakenCandle) => {
      const begin = time(c.openAt).replace('Z', '000Z');
      const vwap = price(c.lots > 0 ? Math.round(c.turnover / c.lots) : c.close);
      return `{"symbol":"${symbol}","open":${price(c.open)},"high":${price(c.high)},"low":${price(c.low)},"close":${price(c.close)},"trades":${c.trades},"volume":${quantity(c.lots)},"vwap":${vwap},"interval_begin":"${begin}","interval":1,"timestamp":"${time(c.openAt + MINUTE)}"}`;
    },
  };
}

/**
 * Writes the emissions of the emulated Kraken as WebSocket v2 frames (docs.kraken.com, websocket-v2). Numbers
 * have exactly the declared decimals, such as 0.00005100, so no JSON encoder is used. `depth` is the depth in
 * the book's acknowledgement. Throws for a pair that is not among `pairs`.
 */
export function krakenWire(
  depth: number,
  pairs: readonly KrakenPair[],
): (emission: KrakenEmission) => string {
  const time = rfc3339Text();
  const rows = new Map(pairs.map((pair) => [pair.symbol, rowsOf(pair, time)]));
  const listed = envelope(
    'instrument',
    true,
    `"data":{"assets":[],"pairs":[${pairs.map(instrument).join()}]}`,
  );
  const of = (symbol: string) => {
    const found = rows.get(symbol);
    if (!found) throw new Error(`kraken-wire: the pair must be listed, was ${symbol}`);
    return found;
  };
  const ack = ({ channel, symbol, at }: Extract<KrakenEmission, { kind: 'ack' }>) => {
    const result =
      channel === 'book'
        ? `"channel":"book","depth":${depth},"snapshot":true,"symbol":"${symbol}"`
        : channel === 'ohlc'
          ? `"channel":"ohlc","interval":1,"snapshot":true,"symbol":"${symbol}"`
          : channel === 'trade'
            ? `"channel":"trade","snapshot":true,"symbol":"${symbol}"`
            : '"channel":"instrument","snapshot":true';
    return `{"method":"subscribe","result":{${result}},"success":true,"time_in":"${time(at - 40)}","time_out":"${time(at)}"}`;
  };
  return (emission) => {
    switch (emission.kind) {
      case 'status':
        return STATUS;
      case 'instrument':
        return listed;
      case 'heartbeat':
        return HEARTBEAT;
      case 'ack':
        return ack(emission);
      case 'book': {
        const row = of(emission.symbol).book(emission.sides, emission.at);
        return envelope('book', emission.snapshot, `"data":[${row}]`);
      }
      case 'trades': {
        const { trade } = of(emission.symbol);
        return envelope('trade', emission.snapshot, `"data":[${emission.trades.map(trade).join()}]`);
      }
      case 'ohlc': {
        const { candle } = of(emission.symbol);
        const stamp = time(emission.at).replace('Z', '000Z');
        return envelope(
          'ohlc',
          emission.snapshot,
          `"timestamp":"${stamp}","data":[${emission.candles.map(candle).join()}]`,
        );
      }
    }
  };
}
