import { MINUTE, type Micros } from '../domain/time.ts';
import type {
  KrakenCandle,
  KrakenEmission,
  KrakenSides,
  KrakenTicks,
  KrakenTradeTicks,
} from './kraken-emission.ts';
import { rfc3339Text } from './rfc3339-text.ts';

const SYMBOL = 'BTC/USD';
const CONNECTION_ID = '9470563194566763544';
const LOTS = 100_000_000;

const price = (ticks: number) => `${Math.floor(ticks / 10)}.${ticks % 10}`;
const quantity = (lots: number) => `${Math.floor(lots / LOTS)}.${String(lots % LOTS).padStart(8, '0')}`;
const level = ({ ticks, lots }: KrakenTicks) => `{"price":${price(ticks)},"qty":${quantity(lots)}}`;
const envelope = (channel: string, snapshot: boolean, rest: string) =>
  `{"channel":"${channel}","type":"${snapshot ? 'snapshot' : 'update'}",${rest}}`;

const PAIR =
  `{"symbol":"${SYMBOL}","base":"BTC","quote":"USD","status":"online","qty_precision":8,"qty_increment":1e-08,` +
  '"price_precision":1,"cost_precision":5,"marginable":true,"has_index":true,"cost_min":0.5,"margin_initial":0.2,' +
  '"position_limit_long":300,"position_limit_short":240,"tick_size":0.1,"price_increment":0.1,"qty_min":5e-05}';
const STATUS = `{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":${CONNECTION_ID},"upcoming_maintenance":[],"emergency":[]}]}`;
const INSTRUMENT = envelope('instrument', true, `"data":{"assets":[],"pairs":[${PAIR}]}`);
const HEARTBEAT = '{"channel":"heartbeat"}';

/**
 * Writes what the emulated Kraken says as WebSocket v2 frames (docs.kraken.com, websocket-v2). Numbers have exactly the declared
 * decimals, such as 0.00005100, which is why no JSON encoder is used. `depth` is what the book's acknowledgement names.
 */
export function krakenWire(depth: number): (emission: KrakenEmission) => string {
  const time = rfc3339Text();
  const ack = (channel: string, at: Micros) => {
    const result =
      channel === 'book'
        ? `"channel":"book","depth":${depth},"snapshot":true,"symbol":"${SYMBOL}"`
        : channel === 'ohlc'
          ? `"channel":"ohlc","interval":1,"snapshot":true,"symbol":"${SYMBOL}"`
          : channel === 'trade'
            ? `"channel":"trade","snapshot":true,"symbol":"${SYMBOL}"`
            : '"channel":"instrument","snapshot":true';
    return `{"method":"subscribe","result":{${result}},"success":true,"time_in":"${time(at - 40)}","time_out":"${time(at)}"}`;
  };
  const book = ({ bids, asks, checksum }: KrakenSides, at: Micros) =>
    `"data":[{"symbol":"${SYMBOL}","bids":[${bids.map(level).join()}],"asks":[${asks.map(level).join()}],"checksum":${checksum},"timestamp":"${time(at)}"}]`;
  const trade = ({ at, side, ticks, lots, tradeId }: KrakenTradeTicks) =>
    `{"symbol":"${SYMBOL}","side":"${side}","price":${price(ticks)},"qty":${quantity(lots)},"ord_type":"${tradeId % 3 === 0 ? 'market' : 'limit'}","trade_id":${tradeId},"timestamp":"${time(at)}"}`;
  const candle = (c: KrakenCandle) => {
    const begin = time(c.openAt).replace('Z', '000Z');
    const vwap = price(c.lots > 0 ? Math.round(c.turnover / c.lots) : c.close);
    return `{"symbol":"${SYMBOL}","open":${price(c.open)},"high":${price(c.high)},"low":${price(c.low)},"close":${price(c.close)},"trades":${c.trades},"volume":${quantity(c.lots)},"vwap":${vwap},"interval_begin":"${begin}","interval":1,"timestamp":"${time(c.openAt + MINUTE)}"}`;
  };
  return (emission) => {
    switch (emission.kind) {
      case 'status':
        return STATUS;
      case 'instrument':
        return INSTRUMENT;
      case 'heartbeat':
        return HEARTBEAT;
      case 'ack':
        return ack(emission.channel, emission.at);
      case 'book':
        return envelope('book', emission.snapshot, book(emission.sides, emission.at));
      case 'trades':
        return envelope('trade', emission.snapshot, `"data":[${emission.trades.map(trade).join()}]`);
      case 'ohlc': {
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
