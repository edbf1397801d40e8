import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  CreateOrderV2Request,
  ExchangeApi,
  MarketApi,
  OrderGroupsApi,
  OrdersApi,
  PortfolioApi,
  Configuration as SdkConfiguration,
} from 'kalshi-typescript';
import { type RunningEmulation, startEmulation } from '../../../pipelines/edges/start-emulation.ts';
import { settingsSchema } from '../../../src/config/settings.ts';
import { BTC, ETH } from '../../support/assets.ts';

// The SDK is CommonJS under a module field; required, its classes are its own.
const sdk = createRequire(import.meta.url)('kalshi-typescript') as typeof import('kalshi-typescript');

interface Apis {
  readonly orders: OrdersApi;
  readonly portfolio: PortfolioApi;
  readonly markets: MarketApi;
  readonly exchange: ExchangeApi;
  readonly groups: OrderGroupsApi;
}

let venues: RunningEmulation;
let apis: Apis;
let ids = 0;

/** The error answer of a call that must fail. */
const refused = async (call: Promise<unknown>): Promise<{ status: number; code: unknown }> => {
  try {
    await call;
  } catch (cause) {
    const { response } = cause as { response?: { status: number; data: { error?: { code: unknown } } } };
    if (response) return { status: response.status, code: response.data.error?.code };
    throw cause;
  }
  throw new Error('the call was accepted');
};
const order = (ticker: string, change: Partial<CreateOrderV2Request> = {}): CreateOrderV2Request => ({
  ticker,
  client_order_id: `sdk-${++ids}`,
  side: 'bid',
  count: '2.00',
  price: '0.0100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  ...change,
});
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A market near the money: both its sides are quoted. */
async function quoted(
  series = 'KXBTCD',
): Promise<{ readonly ticker: string; readonly ask: number; readonly bid: number }> {
  const { data } = await apis.markets.getMarkets(100, undefined, undefined, series);
  const found = data.markets.find(
    ({ status, yes_bid_dollars: bid, yes_ask_dollars: ask }) =>
      status === 'active' && Number(bid) > 0.1 && Number(ask) < 0.9,
  );
  if (!found) throw new Error('no market is quoted');
  return { ticker: found.ticker, ask: Number(found.yes_ask_dollars), bid: Number(found.yes_bid_dollars) };
}

beforeAll(async () => {
  venues = await startEmulation({
    settings: {
      ...settingsSchema.parse({
        emulator: { seed: 'sdk', historyMinutes: 20, strikes: 8, density: 0.3, exchangeIndex: { KXETHD: 3 } },
      }),
      assets: [BTC, ETH],
    },
    krakenPort: 0,
    kalshiPort: 0,
    speed: 1,
    faults: [],
    fromNow: false,
  });
  const configuration: SdkConfiguration = new sdk.Configuration({
    apiKey: venues.kalshiKeyId,
    privateKeyPath: venues.kalshiPrivateKeyPath,
    basePath: venues.kalshiRest,
  });
  apis = {
    orders: new sdk.OrdersApi(configuration),
    portfolio: new sdk.PortfolioApi(configuration),
    markets: new sdk.MarketApi(configuration),
    exchange: new sdk.ExchangeApi(configuration),
    groups: new sdk.OrderGroupsApi(configuration),
  };
  // A market that opens has its books after a second.
  await wait(2_500);
});
afterAll(() => venues?.stop());
// The account is of the Basic tier: a second refills what it may write.
beforeEach(() => wait(1_100));

describe('the emulated Kalshi, driven by the official SDK', () => {
  it('lists markets, a series, books, trades and the status of the exchange', async () => {
    const { ticker } = await quoted();
    const market = (await apis.markets.getMarket(ticker)).data.market;
    expect(market).toMatchObject({ ticker, status: 'active', exchange_index: 2 });
    const book = (await apis.markets.getMarketOrderbook(ticker)).data.orderbook_fp;
    expect(book.yes_dollars?.length).toBeGreaterThan(0);
    expect(book.no_dollars?.length).toBeGreaterThan(0);
    const books = (await apis.markets.getMarketOrderbooks([ticker, `${ticker}-NONE`])).data.orderbooks;
    expect(books.map((each) => each.ticker)).toEqual([ticker]);
    expect((await apis.markets.getSeries('KXBTCD')).data.series.fee_type).toBe('quadratic');
    expect((await apis.exchange.getExchangeStatus()).data.trading_active).toBe(true);
    expect((await apis.exchange.getSeriesFeeChanges()).data.series_fee_change_arr).toEqual([]);
    expect(Array.isArray((await apis.markets.getTrades()).data.trades)).toBe(true);
  });

  it('pages through the markets without losing or repeating one', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; cursor !== ''; ) {
      const { data } = await apis.markets.getMarkets(7, cursor);
      seen.push(...data.markets.map(({ ticker }) => ticker));
      cursor = data.cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(7);
  });

  it('rests an order, shows it in the public book and in the portfolio, and cancels it', async () => {
    const { ticker } = await quoted();
    const before = (await apis.portfolio.getBalance()).data.balance;
    const body = order(ticker);
    const created = await apis.orders.createOrderV2(body);
    expect(created.status).toBe(201);
    expect(created.data).toMatchObject({
      client_order_id: body.client_order_id,
      fill_count: '0.00',
      remaining_count: '2.00',
    });
    const { order_id: id } = created.data;
    expect((await apis.orders.getOrder(id)).data.order).toMatchObject({
      status: 'resting',
      book_side: 'bid',
      yes_price_dollars: '0.0100',
      remaining_count_fp: '2.00',
    });
    const book = (await apis.markets.getMarketOrderbook(ticker)).data.orderbook_fp;
    const level = book.yes_dollars?.find(([price]) => price === '0.0100');
    expect(Number(level?.[1])).toBeGreaterThanOrEqual(2);
    expect((await apis.portfolio.getBalance()).data.balance).toBe(before - 2);

    // Without a shard or a market the call goes to shard 0, which does not know the order.
    expect(await refused(apis.orders.cancelOrderV2(id))).toEqual({ status: 404, code: 'not_found' });
    expect((await apis.orders.getOrder(id)).data.order.status).toBe('resting');
    const cancelled = await apis.orders.cancelOrderV2(id, undefined, undefined, ticker);
    expect(cancelled.data).toMatchObject({ order_id: id, reduced_by: '2.00' });
    expect((await apis.portfolio.getBalance()).data.balance).toBe(before);
    expect(
      (await apis.orders.getOrders(ticker, undefined, undefined, undefined, 'canceled')).data.orders[0],
    ).toMatchObject({ order_id: id, remaining_count_fp: '0.00' });
    expect(await refused(apis.orders.cancelOrderV2(id, undefined, 2))).toEqual({
      status: 404,
      code: 'not_found',
    });
    expect(await refused(apis.orders.createOrderV2(body))).toEqual({
      status: 409,
      code: 'order_already_exists',
    });
  });

  it('fills an order that crosses, at the makers’ prices and with the published fee, and keeps the position', async () => {
    const { ticker } = await quoted();
    const before = Number((await apis.portfolio.getBalance()).data.balance_dollars);
    const { data } = await apis.orders.createOrderV2(
      order(ticker, { count: '1.00', price: '0.9900', time_in_force: 'immediate_or_cancel' }),
    );
    expect(data).toMatchObject({ fill_count: '1.00', remaining_count: '0.00' });
    const price = Number(data.average_fill_price);
    const fee = Math.ceil(0.07 * price * (1 - price) * 1e6 - 1e-6) / 1e6;
    const cash = Math.floor((-price - fee) * 1e4 + 1e-6) / 1e4;
    expect(Number(data.average_fee_paid)).toBeCloseTo(-cash - price, 6);
    const after = Number((await apis.portfolio.getBalance()).data.balance_dollars);
    expect(after - before).toBeCloseTo(cash, 4);
    const positions = (await apis.portfolio.getPositions()).data.market_positions;
    expect(positions.find((each) => each.ticker === ticker)).toMatchObject({ position_fp: '1.00' });
    const fills = (await apis.portfolio.getFills(ticker)).data.fills;
    expect(fills[0]).toMatchObject({ order_id: data.order_id, is_taker: true, book_side: 'bid' });
    expect((await apis.portfolio.getSettlements()).data.settlements).toEqual([]);
    expect((await apis.exchange.getUserDataTimestamp()).data.as_of_time).toMatch(/^\d{4}-/);
  });

  it('amends, decreases and batches', async () => {
    const { ticker } = await quoted();
    const batch = await apis.orders.batchCreateOrdersV2({
      orders: [order(ticker), order(ticker, { price: '0.0151' }), order(ticker, { price: '0.0200' })],
    });
    const [first, second, third] = batch.data.orders;
    expect(first?.remaining_count).toBe('2.00');
    expect(second?.error).toMatchObject({ code: 'invalid_price' });
    const id = first?.order_id ?? '';
    const amended = await apis.orders.amendOrderV2(id, {
      ticker,
      side: 'bid',
      price: '0.0300',
      count: '5.00',
    });
    expect(amended.data.remaining_count).toBe('5.00');
    expect(
      (await apis.orders.decreaseOrderV2(id, { reduce_by: '1.50', exchange_index: 2 })).data.remaining_count,
    ).toBe('3.50');
    expect((await apis.orders.getOrderQueuePosition(id)).data.queue_position_fp).toMatch(/^\d+\.\d\d$/);
    const queue = (await apis.orders.getOrderQueuePositions(ticker)).data.queue_positions;
    expect(queue.map((each) => each.order_id).sort()).toEqual([id, third?.order_id].sort());
    const cancelled = await apis.orders.batchCancelOrdersV2({
      orders: [
        { order_id: id, market_ticker: ticker },
        { order_id: 'none', exchange_index: 2 },
      ],
    });
    expect(cancelled.data.orders[0]).toMatchObject({ reduced_by: '3.50' });
    expect(cancelled.data.orders[1]?.error).toMatchObject({ code: 'not_found' });
    expect((await apis.orders.cancelAllOrders()).status).toBe(204);
    expect(
      (await apis.orders.getOrders(undefined, undefined, undefined, undefined, 'resting')).data.orders,
    ).toEqual([]);
  });

  it('lists, trades and keeps another asset’s market beside it, on the shard of its series', async () => {
    const { ticker } = await quoted('KXETHD');
    expect((await apis.markets.getSeries('KXETHD')).data.series.title).toBe('Ethereum price Above/below');
    expect((await apis.markets.getMarket(ticker)).data.market).toMatchObject({ exchange_index: 3 });
    const body = { count: '1.00', price: '0.9900', time_in_force: 'immediate_or_cancel' } as const;
    const wrong = { ...body, exchange_index: 2 };
    expect((await refused(apis.orders.createOrderV2(order(ticker, wrong)))).status).toBe(400);
    const { data } = await apis.orders.createOrderV2(order(ticker, { ...body, exchange_index: 3 }));
    expect(data).toMatchObject({ fill_count: '1.00' });
    expect((await apis.portfolio.getFills(ticker)).data.fills[0]).toMatchObject({ exchange_index: 3 });
    const positions = (await apis.portfolio.getPositions()).data.market_positions;
    expect(positions.find((each) => each.ticker === ticker)).toMatchObject({ position_fp: '1.00' });
  });

  it('cancels a triggered group’s orders and takes no new ones until it is reset', async () => {
    const { ticker } = await quoted();
    const { data: group } = await apis.groups.createOrderGroup({ contracts_limit: 10, exchange_index: 2 });
    const id = group.order_group_id;
    const { data } = await apis.orders.createOrderV2(order(ticker, { order_group_id: id }));
    expect((await apis.groups.getOrderGroup(id)).data.orders).toEqual([data.order_id]);
    await apis.groups.triggerOrderGroup(id, 0, 2);
    expect((await apis.orders.getOrder(data.order_id)).data.order.status).toBe('canceled');
    expect((await refused(apis.orders.createOrderV2(order(ticker, { order_group_id: id })))).code).toBe(
      'order_group_triggered',
    );
    await apis.groups.resetOrderGroup(id, 0, 2);
    expect((await apis.orders.createOrderV2(order(ticker, { order_group_id: id }))).status).toBe(201);
    await apis.groups.deleteOrderGroup(id, 0, 2);
    expect((await apis.groups.getOrderGroups()).data.order_groups).toEqual([]);
  });
});
