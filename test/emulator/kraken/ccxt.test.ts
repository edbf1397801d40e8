import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pro } from 'ccxt';
import { type RunningEmulation, startEmulation } from '../../../pipelines/edges/start-emulation.ts';
import { settingsSchema } from '../../../src/config/settings.ts';
import { BTC, ETH } from '../../support/assets.ts';
import { eventually } from '../../support/eventually.ts';

const SYMBOL = 'BTC/USD';
const MARKET = {
  id: 'XXBTZUSD',
  symbol: SYMBOL,
  base: 'BTC',
  quote: 'USD',
  baseId: 'XXBT',
  quoteId: 'ZUSD',
  type: 'spot',
  spot: true,
  active: true,
  precision: { price: 0.1, amount: 1e-8 },
  limits: {},
  info: { wsname: 'XBT/USD' },
};
const ETHER = 'ETH/USD';
const ETHER_MARKET = {
  ...MARKET,
  id: 'XETHZUSD',
  symbol: ETHER,
  base: 'ETH',
  baseId: 'XETH',
  precision: { price: 0.01, amount: 1e-8 },
  info: { wsname: 'ETH/USD' },
};
/** Event time per wall time: a second holds about 130 book messages and 20 trades. */
const SPEED = 10;
const BOOKS = 150;
const TRADES = 20;

/** Above every quantity of the emulated markets and below every price; and between the prices of ether and of bitcoin. */
const LEAST_PRICE = 1_000;
const BITCOIN_PRICE = 10_000;

/**
 * ccxt 4.5.84 splits the texts of levels that it holds as numbers, so that its check, off unless asked for, fails as shipped on any venue. Given each number as
 * the text that it was, at the pair's declared decimals, the check runs as ccxt wrote it.
 */
class Kraken extends pro.kraken {
  override formatNumber(data: unknown): string {
    const number = Number(data);
    return super.formatNumber(
      number.toFixed(number > BITCOIN_PRICE ? 1 : number > LEAST_PRICE ? 2 : 8) as never,
    );
  }
}

type Levels = readonly (readonly [price: number, quantity: number])[];
/** In ticks of $0.1 and lots of 1e-8. */
const integers = (levels: Levels): Levels =>
  levels.map(([price, quantity]) => [Math.round(price * 10), Math.round(quantity * 1e8)]);

/** What a new subscriber of the venue is told to begin with: its state, without ccxt. */
const bookOf = (
  { venues }: RunningEmulation,
  depth: number,
  symbol = SYMBOL,
): { readonly bids: Levels; readonly asks: Levels } => {
  const said: string[] = [];
  const peer = venues.kraken.upgrade(
    { method: 'GET', path: '/v2', headers: {}, body: '' },
    { say: (text) => said.push(text), end: () => {} },
  );
  if (peer.kind !== 'peer') throw new Error('the venue must take a subscriber');
  peer.hear(JSON.stringify({ method: 'subscribe', params: { channel: 'book', symbol: [symbol], depth } }));
  peer.left();
  type Side = readonly { readonly price: number; readonly qty: number }[];
  const { data } = JSON.parse(said.at(-1) ?? '') as { data: readonly [{ bids: Side; asks: Side }] };
  const side = (levels: Side): Levels => levels.map(({ price, qty }) => [price, qty]);
  return { bids: side(data[0].bids), asks: side(data[0].asks) };
};
/** Rows of a public REST answer, oldest first. */
const rowsOf = ({ venues }: RunningEmulation, call: string): readonly (readonly unknown[])[] => {
  const { body } = venues.kraken.http({ method: 'GET', path: `/0/public/${call}`, headers: {}, body: '' });
  return (JSON.parse(body) as { result: { XXBTZUSD: readonly (readonly unknown[])[] } }).result.XXBTZUSD;
};

describe('ccxt, a client that is not ours, on the emulated Kraken', () => {
  const open = new Set<Kraken>();
  let running: RunningEmulation;
  const connect = async (): Promise<Kraken> => {
    const exchange = new Kraken({ options: { watchOrderBook: { checksum: true } } });
    (exchange.urls as { api: unknown }).api = { ws: { publicV2: running.krakenWs } };
    exchange.setMarkets([MARKET, ETHER_MARKET]);
    // A plain ws:// address needs it.
    await exchange.loadHttpProxyAgent();
    open.add(exchange);
    return exchange;
  };
  beforeAll(async () => {
    running = await startEmulation({
      settings: {
        ...settingsSchema.parse({ emulator: { seed: 'ccxt', historyMinutes: 20, strikes: 2, density: 1 } }),
        assets: [BTC, ETH],
      },
      krakenPort: 0,
      kalshiPort: 0,
      speed: SPEED,
      faults: [],
      fromNow: false,
    });
  });
  afterAll(async () => {
    for (const exchange of open) await exchange.close();
    await running.stop();
  });

  test('refuses a book whose checksum is wrong: its check is on', async () => {
    const exchange = await connect();
    await exchange.watchOrderBook(SYMBOL, 10);
    running.venues.faults.inject({ kind: 'checksum', venue: 'kraken', atMs: 0, spanMs: 0, value: 1 });
    const watching = async (): Promise<void> => {
      for (let i = 0; i < BOOKS; i++) await exchange.watchOrderBook(SYMBOL, 10);
    };
    await expect(watching()).rejects.toThrow(/checksum/);
    await exchange.close();
  });

  test('follows two pairs over one socket, each at its own decimals, and finds every checksum right', async () => {
    const exchange = await connect();
    const watch = async (symbol: string): Promise<void> => {
      for (let i = 0; i < BOOKS; i++) await exchange.watchOrderBook(symbol, 10);
    };
    await Promise.all([watch(SYMBOL), watch(ETHER)]);
    const top = (symbol: string) =>
      (exchange.orderbooks[symbol] as unknown as { bids: Levels }).bids[0]?.[0] ?? 0;
    expect(top(SYMBOL)).toBeGreaterThan(BITCOIN_PRICE);
    expect(top(ETHER)).toBeLessThan(BITCOIN_PRICE);
    expect(top(ETHER)).toBeGreaterThan(LEAST_PRICE);
    expect(bookOf(running, 10, ETHER).bids).toHaveLength(10);
    await exchange.close();
  });

  test('finds every checksum right at depths 10 and 25, and its book, trades and candles end as the venue’s', async () => {
    const [shallow, deep] = [await connect(), await connect()];
    const watch = async (times: number, next: () => Promise<unknown>): Promise<void> => {
      // A checksum that does not hold rejects.
      for (let i = 0; i < times; i++) await next();
    };
    await Promise.all([
      watch(BOOKS, () => shallow.watchOrderBook(SYMBOL, 10)),
      watch(BOOKS, () => deep.watchOrderBook(SYMBOL, 25)),
      watch(TRADES, () => shallow.watchTrades(SYMBOL)),
      watch(TRADES, () => shallow.watchOHLCV(SYMBOL, '1m')),
    ]);
    running.freeze();

    await eventually(() => {
      for (const [exchange, depth] of [
        [shallow, 10],
        [deep, 25],
      ] as const) {
        const { bids, asks } = exchange.orderbooks[SYMBOL] as unknown as { bids: Levels; asks: Levels };
        const venue = bookOf(running, depth);
        expect(venue.bids).toHaveLength(depth);
        expect({ bids: integers(bids), asks: integers(asks) }).toEqual({
          bids: integers(venue.bids),
          asks: integers(venue.asks),
        });
      }
    });

    const tape = rowsOf(running, 'Trades?pair=XBTUSD').map(([price, volume, time, side, , , id]) => ({
      id: String(id),
      price: Number(price),
      amount: Number(volume),
      side: side === 'b' ? 'buy' : 'sell',
      timestamp: Math.floor(Math.round(Number(time) * 1e6) / 1e3),
    }));
    await eventually(() => {
      const trades = (shallow.trades[SYMBOL] ?? []).map(({ id, price, amount, side, timestamp }) => ({
        id,
        price,
        amount,
        side,
        timestamp,
      }));
      // Those of the snapshot and some more.
      expect(trades.length).toBeGreaterThan(50);
      expect(trades).toEqual(tape.slice(-trades.length));
    });

    const bars = rowsOf(running, 'OHLC?pair=XBTUSD&interval=1').map(
      ([seconds, o, h, l, c, , volume]): readonly number[] => [
        Number(seconds) * 1_000,
        ...[o, h, l, c, volume].map(Number),
      ],
    );
    await eventually(() => {
      const candles = [...(shallow.ohlcvs[SYMBOL]?.['1m'] ?? [])];
      expect(candles.length).toBeGreaterThanOrEqual(20);
      expect(candles).toEqual(bars.slice(-candles.length));
    });
  });
});
