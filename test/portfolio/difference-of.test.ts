import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fill, GatewayEvent } from '../../src/domain/events/order.ts';
import { cash } from '../../src/domain/money.ts';
import { ledger } from '../../src/execution/desk/ledger.ts';
import '../support/properties.ts';
import { contractOf, fillOf, orderOf } from './samples.ts';

const order = orderOf({ limitTicks: 5_000, count: 100 });
const good = fillOf(order, { feeCash: 175 });
const open = () => {
  const books = ledger(1_000);
  books.sent(order, contractOf(), cash(200));
  return books;
};
const view = (books: ReturnType<typeof ledger>) => {
  const { differences: _, lateFills: __, ...rest } = books.portfolio();
  return rest;
};
/** What a changed fill comes to, and whether the account stayed as it was. */
const told = (changes: Record<string, unknown>) => {
  const books = open();
  const before = view(books);
  const { entered, difference } = books.answered({ ...good, ...changes } as Fill);
  const same = JSON.stringify([...before.holdings]) === JSON.stringify([...view(books).holdings]);
  return { entered, why: difference?.why, same: same && before.cash === books.portfolio().cash };
};
const outcome = (result: 'yes' | 'no', valueUnits?: number) => ({
  ticker: order.ticker,
  at: order.at,
  result,
  valueUnits,
  valueDollars: undefined,
  source: 'venue' as const,
});

describe('what the portfolio believes', () => {
  test('a fill that can be is entered', () => {
    const books = open();
    expect(books.answered(good)).toEqual({ entered: true, difference: undefined });
    expect(books.portfolio().holdings.get(order.ticker)?.position).toBe(100);
    expect(books.answered(good)).toEqual({ entered: false, difference: undefined });
  });

  const never: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['of an unknown order', { clientOrderId: 'who' }, /we did not send that order/],
    ['of another contract', { ticker: 'KXBTCD-B' }, /was sent for KXBTCD-A/],
    ['on the wrong side', { side: 'ask' }, /the order was a bid/],
    ['beyond the limit', { priceTicks: 5_100, cash: -5_275 }, /beyond the limit 5000/],
    ['of $2', { priceTicks: 20_000 }, /must be above 0 and below 10000/],
    ['at nothing', { priceTicks: 0 }, /must be above 0/],
    ['at no number', { priceTicks: Number.NaN }, /price NaN/],
    ['of count 0', { count: 0 }, /count 0/],
    ['of count NaN', { count: Number.NaN }, /count NaN/],
    ['of a negative count', { count: -100 }, /count -100/],
    ['of half a step', { count: 0.5 }, /count 0.5/],
    ['of more than was left', { count: 101, cash: -5_226 }, /only 100 of 100 were left/],
    ['that pays us for buying', { cash: 1e9 }, /moves cash by 1000000000/],
    ['with a negative fee', { fee: -1 }, /fee -1/],
    ['with no fee', { fee: Number.NaN }, /fee NaN/],
  ];
  test.each(never)('a fill %s is a difference and never an entry', (_, changes, why) => {
    const { entered, same, ...found } = told(changes);
    expect([entered, same]).toEqual([false, true]);
    expect(found.why).toMatch(why);
  });

  test('property: whatever numbers a fill has, the account holds no more than was ordered, at no worse a price', () => {
    const number = fc.oneof(
      fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 0.5, 2 ** 53, 1e308, 1, 100, 101, 5_000, 5_001),
      fc.integer({ min: -20_000, max: 20_000 }),
    );
    const fill = fc.record(
      {
        count: number,
        priceTicks: number,
        cash: number,
        fee: number,
        fillId: fc.constantFrom('a', 'b', 'c'),
        side: fc.constantFrom('bid', 'ask'),
        clientOrderId: fc.constantFrom('o1', 'o2'),
        ticker: fc.constantFrom('KXBTCD-A', 'KXBTCD-B'),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 6 }), (fills) => {
        const books = open();
        for (const changes of fills) books.answered({ ...good, ...changes } as Fill);
        const { cash: left, holdings } = books.portfolio();
        const position = holdings.get(order.ticker)?.position ?? 0;
        expect([...holdings.keys()].filter((ticker) => ticker !== order.ticker)).toEqual([]);
        expect(position >= 0 && position <= 100 && Number.isSafeInteger(left)).toBe(true);
        const spent = 10_000_000 - left;
        expect(spent).toBeGreaterThanOrEqual(0);
        expect(spent).toBeLessThanOrEqual(50 * position + position * 100 + 101 * fills.length);
      }),
      { numRuns: 500 },
    );
  });

  test('a fill after the settlement is a difference, and so is the order’s end with impossible counts', () => {
    const books = open();
    books.settled(outcome('no'));
    expect(books.answered(good)).toMatchObject({ entered: false, difference: { about: 'fill' } });
    expect([books.portfolio().cash, books.portfolio().lateFills]).toEqual([10_000_000, 1]);
    const { clientOrderId, ticker, at } = order;
    for (const filled of [1e9, Number.NaN, -1, 0.5]) {
      const end = { kind: 'orderDone', clientOrderId, ticker, at, state: 'filled', filled } as GatewayEvent;
      const ends = open();
      expect(ends.answered(end)).toMatchObject({ entered: false, difference: { about: 'order' } });
      expect(ends.portfolio().orders.size).toBe(1);
    }
  });

  test('an event of an order that we never sent is a difference, whatever its kind', () => {
    const about = { clientOrderId: 'who', ticker: 'KXBTCD-A', at: 1 };
    for (const rest of [
      { kind: 'orderSubmitted' },
      { kind: 'orderUnknown', why: '' },
      { kind: 'orderResting', remaining: 1 },
      { kind: 'orderDone', state: 'filled', filled: 5 },
      { kind: 'orderRejected', why: '' },
    ])
      expect(open().answered({ ...about, ...rest } as GatewayEvent)).toMatchObject({
        entered: false,
        difference: { about: 'order', clientOrderId: 'who' },
      });
  });

  test('an order rejected after a part had filled, or filled after all, is entered and told', () => {
    const { clientOrderId, ticker, at } = order;
    const rejected: GatewayEvent = { kind: 'orderRejected', clientOrderId, ticker, at, why: 'timeout' };
    const part = open();
    part.answered(fillOf(order, { count: 50 }));
    expect(part.answered(rejected)).toMatchObject({ entered: true, difference: { about: 'order' } });
    const after = open();
    after.answered(rejected);
    expect(after.answered(good).entered).toBe(true);
    expect(after.portfolio().holdings.get(ticker)).toMatchObject({ position: 100, contract: contractOf() });
  });

  test('a second settlement that says otherwise is a difference: another result corrects, another value changes nothing', () => {
    const books = open();
    books.answered(good);
    expect(books.settled(outcome('yes', 8_000_100)).difference).toBeUndefined();
    expect(books.settled(outcome('yes', 8_000_100))).toEqual({
      settlement: undefined,
      difference: undefined,
    });
    const paid = books.portfolio().cash;
    expect(books.settled(outcome('yes', 8_000_200))).toMatchObject({
      settlement: undefined,
      difference: { entered: false, about: 'settlement' },
    });
    expect(books.portfolio().cash).toBe(paid);
    expect(books.settled(outcome('no'))).toMatchObject({ difference: { entered: true } });
    expect(books.portfolio().cash).toBe(paid - 10_000);
    books.resolved(order.ticker);
    expect(books.portfolio().differences.size).toBe(0);
  });
});
