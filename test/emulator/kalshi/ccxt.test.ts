import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ccxt from 'ccxt';
import { type RunningEmulation, startEmulation } from '../../../pipelines/edges/start-emulation.ts';
import { settingsSchema } from '../../../src/config/settings.ts';
import { BTC } from '../../support/assets.ts';

/** What the test needs of ccxt's Kalshi client, whose types leave most of it open. */
interface Client {
  urls: { api: Record<string, string> };
  readonly fetchEvents: (params: object) => Promise<readonly { markets: readonly unknown[] }[]>;
  readonly fetchBalance: () => Promise<{ USD: { total: number } }>;
  readonly fetchOrderBook: (
    outcome: string,
  ) => Promise<{ bids: readonly unknown[]; asks: readonly unknown[] }>;
  readonly fetchOpenOrders: (outcome?: string) => Promise<readonly { id: string }[]>;
  readonly fetchStatus: () => Promise<{ status: string }>;
  readonly createOrder: (
    outcome: string,
    type: string,
    side: string,
    amount: number,
    price: number,
    params?: object,
  ) => Promise<{ id: string }>;
  readonly cancelOrder: (
    id: string,
    outcome?: string,
    params?: object,
  ) => Promise<{ id: string; status: string }>;
  readonly close?: () => Promise<void>;
}
type Maker = new (options: object) => Client;

let venues: RunningEmulation;
let client: Client;
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

beforeAll(async () => {
  venues = await startEmulation({
    settings: {
      ...settingsSchema.parse({ emulator: { seed: 'ccxt', historyMinutes: 20, strikes: 6, density: 0.3 } }),
      assets: [BTC],
    },
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults: [],
    fromNow: false,
  });
  const { kalshi } = (ccxt as unknown as { prediction: { kalshi: Maker } }).prediction;
  client = new kalshi({
    apiKey: venues.kalshiKeyId,
    privateKey: readFileSync(venues.kalshiPrivateKeyPath, 'utf8'),
  });
  for (const name of Object.keys(client.urls.api)) client.urls.api[name] = venues.kalshiRest;
  await wait(2_500);
});
afterAll(async () => {
  await client?.close?.();
  await venues?.stop();
});

describe('the emulated Kalshi, driven by ccxt', () => {
  it('lists events with their markets, and knows the state of the exchange', async () => {
    const events = await client.fetchEvents({ series_ticker: 'KXBTCD' });
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(event.markets.length).toBeGreaterThan(0);
    expect((await client.fetchStatus()).status).toBe('ok');
  });

  it('reads books and balances, rests an order, and cancels it once the cancel says where it is', async () => {
    const answer = await fetch(`${venues.kalshiRest}/markets?series_ticker=KXBTCD&status=open`);
    const { markets } = (await answer.json()) as { markets: readonly { ticker: string }[] };
    const ticker = String(markets[0]?.ticker);
    const book = await client.fetchOrderBook(ticker);
    expect(book.bids.length + book.asks.length).toBeGreaterThan(0);
    const before = (await client.fetchBalance()).USD.total;
    const { id } = await client.createOrder(ticker, 'limit', 'buy', 2, 0.01, { client_order_id: 'ccxt-1' });
    expect((await client.fetchOpenOrders()).map((order) => order.id)).toEqual([id]);
    expect((await client.fetchBalance()).USD.total).toBeCloseTo(before - 0.02, 2);
    // Without a shard or a market the call goes to shard 0, which does not know the order.
    await expect(client.cancelOrder(id)).rejects.toThrow(/not_found/);
    expect((await client.cancelOrder(id, undefined, { market_ticker: ticker })).status).toBe('canceled');
    expect(await client.fetchOpenOrders()).toEqual([]);
  });
});
