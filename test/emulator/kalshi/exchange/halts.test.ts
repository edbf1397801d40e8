import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE, SECOND } from '../../../../src/domain/time.ts';
import type { KalshiTrouble } from '../../../../src/emulator/kalshi/exchange/port.ts';
import { weeklyPauseEnd } from '../../../../src/emulator/kalshi/exchange/weekly-pause.ts';
import { CONTRACT, exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const ORDERS = '/portfolio/events/orders';
const micros = (text: string): number => Date.parse(text) * 1_000;

/** Two orders that rest, the second of which ends with a pause. */
const resting = (startAt?: number) => {
  const bench = exchangeBench(10_000, startAt === undefined ? {} : { startAt });
  bench.open([[48, 5]], [[52, 5]]);
  const ids = [
    bench.order({ price: '0.4000' }),
    bench.order({ price: '0.4100', cancel_order_on_pause: true }),
  ].map(({ json }) => String(json['order_id']));
  const statuses = () =>
    ids.map(
      (id) => (bench.call('GET', `/portfolio/orders/${id}`).json['order'] as { status: string }).status,
    );
  return {
    ...bench,
    ids,
    statuses,
    amend: () =>
      bench.call('POST', `${ORDERS}/${ids[0]}/amend`, {
        ticker: bench.contract.ticker,
        side: 'bid',
        price: '0.3900',
        count: '1.00',
      }),
    cancel: () => bench.call('DELETE', `${ORDERS}/${ids[0]}?exchange_index=2`),
    strike: (trouble: KalshiTrouble) => {
      bench.exchange.strike(trouble);
      bench.pass(0);
    },
  };
};
const refusedAs = (code: string) => ({ status: 409, json: { error: { code } } });
const HALT = { kind: 'marketHalt', ticker: CONTRACT.ticker } as const;

describe('a pause', () => {
  test.each([
    ['of trading', { kind: 'tradingPause' } as const],
    ['of one market', HALT],
  ])('%s refuses orders and amendments, takes cancels, and ends with what rests', (_, trouble) => {
    const { strike, order, amend, cancel, statuses, ids, call } = resting();
    const other = String(order({ price: '0.3000' }).json['order_id']);
    strike({ ...trouble, on: true });
    expect(statuses()).toEqual(['resting', 'canceled']);
    expect(order()).toMatchObject(refusedAs('trading_is_paused'));
    expect(amend()).toMatchObject(refusedAs('trading_is_paused'));
    expect(call('POST', `${ORDERS}/batched`, { orders: [] }).status).toBe(400);
    expect(
      call('POST', `${ORDERS}/${ids[0]}/decrease`, { reduce_to: '0.50', exchange_index: 2 }).status,
    ).toBe(200);
    expect(cancel().status).toBe(200);
    strike({ ...trouble, on: false });
    expect(order().status).toBe(201);
    expect(call('GET', `/portfolio/orders/${other}`).json).toMatchObject({ order: { status: 'canceled' } });
  });

  test('of one market leaves the others trading', () => {
    const { market, strike, order, now } = resting();
    const second = { ...CONTRACT, ticker: 'KXBTCD-26SEP2509-T84199.99' };
    market({ kind: 'snapshot', at: now(), contract: second, bids: [], asks: [] });
    strike({ ...HALT, on: true });
    expect(order({ ticker: second.ticker }).status).toBe(201);
    expect(order()).toMatchObject(refusedAs('trading_is_paused'));
  });

  test('of one market is told by lifecycle and shows in its status', () => {
    const { strike, said, audience } = resting();
    const paused = () => audience.market(CONTRACT.ticker)?.paused;
    strike({ ...HALT, on: true });
    expect(paused()).toBe(true);
    strike({ ...HALT, on: false });
    expect(paused()).toBe(false);
    expect(said.flatMap((each) => (each.kind === 'halted' ? [each.paused] : []))).toEqual([true, false]);
  });

  test('of the exchange refuses every change, cancels and groups too', () => {
    const { strike, order, amend, cancel, call, statuses, exchange } = resting();
    strike({ kind: 'exchangePause', on: true });
    for (const answer of [
      order(),
      amend(),
      cancel(),
      call('DELETE', ORDERS),
      call('DELETE', `${ORDERS}/batched`, { orders: [{ order_id: 'any' }] }),
      call('POST', `${ORDERS}/batched`, { orders: [{}] }),
      call('POST', '/portfolio/order_groups/create', { contracts_limit: 1 }),
      call('PUT', '/portfolio/order_groups/any/trigger'),
    ])
      expect(answer).toMatchObject(refusedAs('exchange_is_paused'));
    expect(statuses()).toEqual(['resting', 'canceled']);
    expect(exchange.status()).toEqual({ exchangeActive: false, tradingActive: false, resumesAt: undefined });
    strike({ kind: 'exchangePause', on: false });
    expect(statuses()).toEqual(['canceled', 'canceled']);
    expect(order().status).toBe(201);
  });

  test('fills nobody: makers who cross an order that rests meet it neither in the pause nor after it', () => {
    const { strike, makers, takers, book, said, statuses } = resting();
    strike({ kind: 'tradingPause', on: true });
    makers('ask', 40, 3);
    takers('ask', 48, 5);
    expect(said.filter(({ kind }) => kind === 'fill' || kind === 'trade')).toEqual([]);
    expect(book().asks).toEqual([[52, 5]]);
    strike({ kind: 'tradingPause', on: false });
    expect(statuses()).toEqual(['canceled', 'canceled']);
    expect(said.filter(({ kind }) => kind === 'fill')).toEqual([]);
    expect(book()).toEqual({
      bids: [],
      asks: [
        [40, 3],
        [52, 5],
      ],
    });
  });
});

describe('the weekly pause', () => {
  test.each([
    ['in summer', '2026-09-24T06:59:00Z', '2026-09-24T09:00:00Z'],
    ['in winter', '2026-12-03T07:59:00Z', '2026-12-03T10:00:00Z'],
  ])('is on Thursday from three to five in New York, %s', (_, before, end) => {
    const { pass, order, cancel, statuses, exchange } = resting(micros(before));
    expect(order().status).toBe(201);
    pass(MINUTE);
    expect(exchange.status()).toEqual({
      exchangeActive: true,
      tradingActive: false,
      resumesAt: micros(end),
    });
    expect(order()).toMatchObject(refusedAs('trading_is_paused'));
    expect(statuses()).toEqual(['resting', 'canceled']);
    expect(cancel().status).toBe(200);
  });

  test('sweeps what rests when it ends', () => {
    const { pass, market, contract, order, now, call, exchange } = exchangeBench(10_000, {
      startAt: micros('2026-09-24T06:30:00Z'),
    });
    const long = { ...contract, closeAt: contract.closeAt + 4 * HOUR };
    market({ kind: 'snapshot', at: now(), contract: long, bids: [], asks: [] });
    const id = String(order().json['order_id']);
    const status = () => (call('GET', `/portfolio/orders/${id}`).json['order'] as { status: string }).status;
    pass(150 * MINUTE - SECOND);
    expect([status(), exchange.status().tradingActive]).toEqual(['resting', false]);
    pass(SECOND);
    expect([status(), exchange.status().tradingActive]).toEqual(['canceled', true]);
    expect(order().status).toBe(201);
  });

  test('property: any instant of three years is in it exactly if New York’s own calendar says so', () => {
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    const hours = fc.integer({ min: 0, max: 3 * 366 * 24 * 60 });
    fc.assert(
      fc.property(hours, (minutes) => {
        const millis = Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000;
        const part = (type: string) =>
          local.formatToParts(millis).find((each) => each.type === type)?.value ?? '';
        const within = part('weekday') === 'Thu' && ['03', '04'].includes(part('hour'));
        const end = weeklyPauseEnd(millis * 1_000);
        expect(end !== undefined).toBe(within);
        if (end !== undefined) expect(weeklyPauseEnd(end)).toBeUndefined();
        if (end !== undefined) expect(weeklyPauseEnd(end - 1)).toBe(end);
      }),
      { numRuns: 2_000 },
    );
  });
});
