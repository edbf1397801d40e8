import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KalshiOutput } from '../../../../src/emulator/kalshi/exchange/port.ts';
import { kalshiPrivateText } from '../../../../src/emulator/kalshi/exchange/private-wire.ts';
import { exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

type Row = Readonly<Record<string, unknown>>;
const ORDERS = '/portfolio/events/orders';
let transfers = 0;

const funded = (cents: Readonly<Record<number, number>>) => {
  const bench = exchangeBench(1_000);
  bench.open([[48, 100]], [[52, 100]]);
  const transfer = (from: number, to: number, amount: number, id = `transfer-${++transfers}`) =>
    bench.call('POST', '/portfolio/subaccounts/transfer', {
      client_transfer_id: id,
      from_subaccount: from,
      to_subaccount: to,
      amount_cents: amount,
    });
  for (const [to, amount] of Object.entries(cents)) transfer(0, Number(to), amount);
  return {
    ...bench,
    transfer,
    cash: (subaccount: number) =>
      Number(bench.call('GET', `/portfolio/balance?subaccount=${subaccount}`).json['balance_dollars']),
    rows: (path: string, list: string) => bench.call('GET', path).json[list] as readonly Row[],
    take: (subaccount: number, contracts: number) =>
      bench.order({
        subaccount,
        price: '0.5200',
        count: contracts.toFixed(2),
        time_in_force: 'immediate_or_cancel',
      }),
  };
};

describe('subaccounts', () => {
  test('have their own cash: without a transfer there is none, and one’s own does not pay another’s order', () => {
    const { order, transfer, cash } = funded({});
    expect(order({ subaccount: 5 }).json).toMatchObject({ error: { code: 'insufficient_balance' } });
    expect(transfer(0, 5, 1_000).status).toBe(200);
    expect([cash(0), cash(5)]).toEqual([990, 10]);
    expect(order({ subaccount: 5, count: '19.00' }).status).toBe(201);
    expect([cash(0), cash(5)]).toEqual([990, 0.5]);
    expect(transfer(5, 0, 51).json).toMatchObject({ error: { code: 'insufficient_balance' } });
  });

  test('a transfer that is sent twice moves its money once', () => {
    const { transfer, cash } = funded({});
    expect([transfer(0, 1, 100, 'same').status, transfer(0, 1, 100, 'same').status]).toEqual([200, 200]);
    expect([cash(0), cash(1)]).toEqual([999, 1]);
  });

  test('have their own positions, and settle each by its own', () => {
    const { take, rows, finish, cash } = funded({ 3: 10_000 });
    take(0, 2);
    take(3, 5);
    const position = (query: string) =>
      rows(`/portfolio/positions${query}`, 'market_positions').map((row) => row['position_fp']);
    expect([
      position(''),
      position('?subaccount=0'),
      position('?subaccount=3'),
      position('?subaccount=4'),
    ]).toEqual([['2.00'], ['2.00'], ['5.00'], []]);
    const [first, third] = [cash(0), cash(3)];
    finish('yes');
    expect([cash(0), cash(3)]).toEqual([first + 2, third + 5]);
    const settled = (query: string) =>
      rows(`/portfolio/settlements${query}`, 'settlements').map((row) => row['yes_count_fp']);
    expect([settled('').toSorted(), settled('?subaccount=3')]).toEqual([['2.00', '5.00'], ['5.00']]);
  });

  test('left out of a list of orders, fills or settlements means all of them; of a balance or position, 0', () => {
    const { order, take, rows } = funded({ 1: 10_000, 63: 10_000 });
    for (const subaccount of [0, 1, 63]) {
      order({ subaccount });
      take(subaccount, 1);
    }
    const numbers = (path: string, list: string) =>
      [...new Set(rows(path, list).map((row) => row['subaccount_number']))].toSorted();
    expect(numbers('/portfolio/orders', 'orders')).toEqual([0, 1, 63]);
    expect(numbers('/portfolio/orders?subaccount=63', 'orders')).toEqual([63]);
    expect(numbers('/portfolio/fills', 'fills')).toEqual([0, 1, 63]);
    expect(numbers('/portfolio/fills?subaccount=1', 'fills')).toEqual([1]);
    expect(rows('/portfolio/orders/queue_positions', 'queue_positions')).toHaveLength(1);
    expect(rows('/portfolio/subaccounts/balances', 'subaccount_balances')).toMatchObject([
      { subaccount_number: 0 },
      { subaccount_number: 1 },
      { subaccount_number: 63 },
    ]);
  });

  test('a cancel of one order finds those of 0 alone, and cancel-all those of all, unless one is named', () => {
    const { order, call, rows } = funded({ 1: 1_000, 2: 1_000 });
    const ids = [0, 1, 2].map((subaccount) => String(order({ subaccount }).json['order_id']));
    expect(call('DELETE', `${ORDERS}/${ids[1]}?exchange_index=2`).status).toBe(404);
    expect(call('DELETE', `${ORDERS}/${ids[1]}?exchange_index=2&subaccount=1`).status).toBe(200);
    const resting = () =>
      rows('/portfolio/orders?status=resting', 'orders').map((row) => row['subaccount_number']);
    expect(call('DELETE', `${ORDERS}?subaccount=2`).status).toBe(204);
    expect(resting()).toEqual([0]);
    order({ subaccount: 1 });
    expect(call('DELETE', ORDERS).status).toBe(204);
    expect(resting()).toEqual([]);
  });

  test('are told on the member’s channels', () => {
    const { take, said } = funded({ 7: 1_000 });
    take(7, 1);
    const told = said.flatMap((each: KalshiOutput) =>
      each.kind === 'fill' || each.kind === 'userOrder' || each.kind === 'marketPosition'
        ? [(JSON.parse(kalshiPrivateText(each, 1, () => 1)) as { msg: Row }).msg]
        : [],
    );
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const msg of told) expect(msg['subaccount'] ?? msg['subaccount_number']).toBe(7);
  });

  test('property: numbers from 0 to 63 are subaccounts and no others', () => {
    const { order } = funded({});
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -5, max: 70 }), fc.constantFrom(0.5, '1', null)),
        (subaccount) => {
          const { status, json } = order({ subaccount });
          const known = Number.isInteger(subaccount) && Number(subaccount) >= 0 && Number(subaccount) <= 63;
          // Only the primary account has money.
          const { code } = (json['error'] ?? {}) as { code?: string };
          expect(
            known
              ? status === 201 || code === 'insufficient_balance'
              : status === 400 && code !== 'insufficient_balance',
          ).toBe(true);
        },
      ),
    );
  });
});
