import { describe, expect, test } from '@jest/globals';
import { HOUR, SECOND } from '../../../../src/domain/time.ts';
import { CONTRACT, exchangeBench, START } from './exchange-bench.ts';

const quoted = (openingDollars?: number) => {
  const bench = exchangeBench(openingDollars);
  bench.open(
    [
      [49, 10],
      [48, 20],
    ],
    [
      [51, 10],
      [52, 20],
    ],
  );
  return bench;
};

describe('orders that take', () => {
  test('walk the makers’ levels best first, and the book keeps what they took away', () => {
    const bench = quoted();
    const { json } = bench.order({ count: '15.00', price: '0.5200', time_in_force: 'immediate_or_cancel' });
    expect(json).toMatchObject({
      fill_count: '15.00',
      remaining_count: '0.00',
      average_fill_price: '0.513333',
    });
    expect(bench.book().asks).toEqual([[52, 15]]);
    expect(bench.trades().map(({ taker, ticks, count }) => [taker, ticks, count])).toEqual([
      ['bid', 5_100, 1_000],
      ['bid', 5_200, 500],
    ]);
    expect(bench.position()).toBe(15);
  });

  test('leave a level empty when the makers then withdraw what they believe is still there', () => {
    const bench = quoted();
    bench.order({ count: '4.00', price: '0.5100', time_in_force: 'immediate_or_cancel' });
    bench.makers('ask', 51, -10);
    expect(bench.book().asks).toEqual([[52, 20]]);
  });

  test('that find less than all are cancelled in part, or refused whole if they must be filled whole', () => {
    const bench = quoted();
    expect(bench.order({ count: '50.00', price: '0.5100', time_in_force: 'fill_or_kill' }).status).toBe(409);
    expect(bench.book().asks[0]).toEqual([51, 10]);
    const { json } = bench.order({ count: '50.00', price: '0.5100', time_in_force: 'immediate_or_cancel' });
    expect(json).toMatchObject({ fill_count: '10.00', remaining_count: '0.00' });
    const [row] = bench.call('GET', '/portfolio/orders').json['orders'] as { status: string }[];
    expect(row?.status).toBe('canceled');
  });

  test('that meet an own order stop there with nothing filled, or remove it, as they were asked to', () => {
    const bench = quoted();
    bench.order({ price: '0.5000', post_only: true });
    const stopped = bench.order({ side: 'ask', price: '0.5000', time_in_force: 'immediate_or_cancel' });
    expect(stopped).toMatchObject({ status: 201, json: { fill_count: '0.00', remaining_count: '0.00' } });
    expect(bench.book().bids[0]).toEqual([50, 1]);
    const through = bench.order({
      side: 'ask',
      price: '0.4900',
      time_in_force: 'immediate_or_cancel',
      self_trade_prevention_type: 'maker',
    });
    expect(through.json).toMatchObject({ fill_count: '1.00', average_fill_price: '0.4900' });
    expect(bench.book().bids[0]).toEqual([49, 9]);
  });
});

describe('orders that rest', () => {
  test('are filled at their own price by makers who come across, and only what is left is shown', () => {
    const bench = quoted();
    bench.order({ price: '0.5000', count: '5.00' });
    bench.makers('ask', 50, 3);
    expect(bench.book()).toEqual({
      bids: [
        [50, 2],
        [49, 10],
        [48, 20],
      ],
      asks: [
        [51, 10],
        [52, 20],
      ],
    });
    expect(bench.position()).toBe(3);
    bench.makers('ask', 50, 4);
    expect(bench.book().asks[0]).toEqual([50, 2]);
    expect(bench.position()).toBe(5);
  });

  test('wait until what stood before them has traded, and cancels behind them do not help', () => {
    const bench = quoted();
    bench.order({ price: '0.4900', count: '5.00' });
    bench.makers('bid', 49, 30);
    bench.takers('ask', 49, 6);
    expect(bench.position()).toBe(0);
    bench.takers('ask', 49, 6);
    expect(bench.position()).toBe(2);
  });

  test('stand before worse makers: a taker at the makers’ price meets them first', () => {
    const bench = quoted();
    bench.order({ side: 'ask', price: '0.5000', count: '2.00' });
    bench.takers('bid', 51, 1);
    expect(bench.position()).toBe(-1);
  });

  test('pay no fee in the BTC series, and takers the published one', () => {
    const bench = quoted();
    bench.order({ price: '0.5000', count: '1.00' });
    bench.makers('ask', 50, 1);
    expect(bench.balance()).toBe(9_999.5);
    bench.order({ price: '0.5100', count: '1.00', time_in_force: 'immediate_or_cancel' });
    // 0.07 · 0.51 · 0.49 = 0.017493; the balance is floored to $0.0001.
    expect(bench.balance()).toBe(9_998.9725);
  });

  test('expire, end with the market, and end with a pause if they asked for it', () => {
    const bench = quoted();
    bench.order({ price: '0.1000', expiration_time: START / SECOND + 10 });
    bench.order({ price: '0.1100', cancel_order_on_pause: true });
    bench.order({ price: '0.1200' });
    bench.pass(10 * SECOND);
    expect(bench.book().bids.map(([cents]) => cents)).toEqual([49, 48, 12, 11]);
    bench.exchange.strike({ kind: 'tradingPause', on: true });
    bench.pass(0);
    expect(bench.book().bids.map(([cents]) => cents)).toEqual([49, 48, 12]);
    expect(bench.order().json).toMatchObject({ error: { code: 'trading_is_paused' } });
    bench.pass(HOUR);
    expect(bench.book().bids.map(([cents]) => cents)).toEqual([49, 48]);
    expect(bench.order().json).toMatchObject({ error: { code: 'MARKET_INACTIVE' } });
  });

  test('take collateral at once and give it back when they are cancelled; closing orders need none', () => {
    const bench = quoted(10);
    const { json } = bench.order({ count: '18.00', price: '0.4900' });
    expect(bench.balance()).toBe(1.18);
    expect(bench.order({ count: '3.00', price: '0.4800' }).json).toMatchObject({
      error: { code: 'insufficient_balance' },
    });
    bench.call('DELETE', `/portfolio/events/orders/${String(json['order_id'])}?exchange_index=2`);
    expect(bench.balance()).toBe(10);
    bench.order({ count: '10.00', price: '0.5100', time_in_force: 'immediate_or_cancel' });
    const left = bench.balance();
    expect(bench.order({ side: 'ask', count: '10.00', price: '0.9000' }).status).toBe(201);
    expect(bench.balance()).toBe(left);
    expect(bench.order({ side: 'ask', count: '60.00', price: '0.9000' }).status).toBe(400);
  });
});

describe('amending', () => {
  test('keeps the place for a smaller size at the same price, and loses it otherwise', () => {
    const bench = quoted();
    const id = String(bench.order({ price: '0.4900', count: '5.00' }).json['order_id']);
    bench.makers('bid', 49, 7);
    const ahead = () => bench.call('GET', `/portfolio/orders/${id}/queue_position`).json['queue_position_fp'];
    const amend = (price: string, count: string) =>
      bench.call('POST', `/portfolio/events/orders/${id}/amend`, {
        ticker: CONTRACT.ticker,
        side: 'bid',
        price,
        count,
      });
    expect(ahead()).toBe('10.00');
    expect(amend('0.4900', '4.00').json['remaining_count']).toBe('4.00');
    expect(ahead()).toBe('10.00');
    expect(amend('0.4900', '6.00').json['remaining_count']).toBe('6.00');
    expect(ahead()).toBe('17.00');
    expect(amend('0.5100', '12.00').json).toMatchObject({ fill_count: '10.00', remaining_count: '2.00' });
    expect(bench.book().bids[0]).toEqual([51, 2]);
    expect(amend('0.5100', '10.00').json).toMatchObject({ error: { code: 'invalid_order' } });
  });
});

describe('order groups', () => {
  test('trigger when more than their limit matches within 15 seconds, and cancel what is left of them', () => {
    const bench = quoted();
    const { json } = bench.call('POST', '/portfolio/order_groups/create', {
      contracts_limit: 5,
      exchange_index: 2,
    });
    const group = String(json['order_group_id']);
    bench.order({ price: '0.5000', count: '4.00', order_group_id: group });
    bench.order({ price: '0.3000', count: '4.00', order_group_id: group });
    bench.makers('ask', 50, 3);
    bench.pass(16 * SECOND);
    bench.makers('ask', 50, 1);
    expect(bench.book().bids.map(([cents]) => cents)).toContain(30);
    bench.order({ price: '0.5100', count: '4.00', order_group_id: group });
    expect(bench.book().bids.map(([cents]) => cents)).toEqual([49, 48]);
    const { json: told } = bench.call('GET', `/portfolio/order_groups/${group}`);
    expect(told['is_auto_cancel_enabled']).toBe(false);
  });
});

describe('settlement', () => {
  test.each([
    ['yes', 2],
    ['no', 3],
  ] as const)('%s pays one dollar for each contract that was right', (result, dollars) => {
    const bench = quoted();
    const side = result === 'yes' ? 'bid' : 'ask';
    const price = result === 'yes' ? '0.5100' : '0.4900';
    bench.order({ side, price, count: `${dollars}.00`, time_in_force: 'immediate_or_cancel' });
    const before = bench.balance();
    bench.finish(result);
    expect(bench.balance()).toBeCloseTo(before + dollars, 4);
    expect(bench.position()).toBe(0);
    const [row] = bench.call('GET', '/portfolio/settlements').json['settlements'] as Record<
      string,
      unknown
    >[];
    expect(row).toMatchObject({ market_result: result, revenue: dollars * 100 });
  });
});
