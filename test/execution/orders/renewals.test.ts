import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApprovedOrder } from '../../../src/domain/events/order.ts';
import { type Count, count } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { renewedOrder, restingOrderOf } from '../../../src/execution/orders/order-of.ts';
import { renewals } from '../../../src/execution/orders/renewals.ts';
import { orderOf } from '../../portfolio/samples.ts';
import '../../support/properties.ts';

const TERMS = { restMicros: 60 * SECOND, leadMicros: 10 * SECOND };
const resting = (id: string, at: number, size = 100): ApprovedOrder =>
  orderOf({
    clientOrderId: id,
    timeInForce: 'gtc',
    postOnly: true,
    at,
    count: size,
    expiresAt: at + TERMS.restMicros,
  }) as ApprovedOrder;
const done = (order: ApprovedOrder, filled: number) =>
  ({
    kind: 'orderDone',
    clientOrderId: order.clientOrderId,
    ticker: order.ticker,
    at: 0,
    state: 'cancelled',
    filled: count(filled),
  }) as const;

describe('renewals', () => {
  test('an order is due once, its lead before its end, and what its end leaves may be placed again', () => {
    const quotes = renewals(TERMS);
    const order = resting('a', 0);
    quotes.sent(order);
    expect(quotes.beat(50 * SECOND - 1)).toEqual([]);
    expect(quotes.beat(50 * SECOND)).toEqual([order]);
    expect(quotes.beat(51 * SECOND)).toEqual([]);
    expect(quotes.answered(done(order, 40))).toEqual({ ended: order, remaining: 60 });
    expect(quotes.answered(done(order, 40))).toBeUndefined();
  });

  test.each([
    ['ended before it was due', (): void => {}, 0],
    [
      'was wholly filled meanwhile',
      (quotes: ReturnType<typeof renewals>) => void quotes.beat(55 * SECOND),
      100,
    ],
  ])('an order that %s is not placed again', (_, before, filled) => {
    const quotes = renewals(TERMS);
    const order = resting('a', 0);
    quotes.sent(order);
    before(quotes);
    expect(quotes.answered(done(order, filled))).toBeUndefined();
    expect(quotes.beat(59 * SECOND)).toEqual([]);
  });

  test('an order that was refused, dropped, or has no end is not renewed', () => {
    const quotes = renewals(TERMS);
    const [refused, dropped] = [resting('a', 0), resting('b', 0)];
    for (const order of [refused, dropped, orderOf({ clientOrderId: 'c' }) as ApprovedOrder])
      quotes.sent(order);
    expect(quotes.beat(55 * SECOND)).toEqual([refused, dropped]);
    quotes.drop('b');
    expect(quotes.answered(done(dropped, 0))).toBeUndefined();
    const { clientOrderId, ticker } = refused;
    expect(
      quotes.answered({ kind: 'orderRejected', clientOrderId, ticker, at: 0, why: 'no' }),
    ).toBeUndefined();
  });

  test('property: whatever fills on the way, all renewals together order no more than the first, and no id comes twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 12 }),
        (size, fills) => {
          const quotes = renewals(TERMS);
          let now = 0;
          let filled = 0;
          let order: ApprovedOrder | undefined = resting('v1-7', now, size);
          const ids = new Set<string>();
          for (const fill of fills) {
            if (!order) break;
            expect(ids.has(order.clientOrderId)).toBe(false);
            ids.add(order.clientOrderId);
            expect(filled + order.count).toBe(size);
            quotes.sent(order);
            now += TERMS.restMicros - TERMS.leadMicros;
            expect(quotes.beat(now)).toEqual([order]);
            const part = Math.min(fill, order.count);
            filled += part;
            const left = quotes.answered(done(order, part));
            order = left && renewedOrder(left.ended, { ...left, at: now, expiresAt: quotes.expiresAt(now) });
          }
        },
      ),
    );
  });

  test('a lead that leaves no rest is refused', () => {
    for (const leadMicros of [0, -1, 60 * SECOND, Number.NaN])
      expect(() => renewals({ ...TERMS, leadMicros })).toThrow(RangeError);
  });
});

describe('restingOrderOf and renewedOrder', () => {
  const decision = {
    id: 7,
    at: 5,
    proposal: { ticker: 'KXBTCD-A', side: 'ask', limitTicks: 4_000, count: 100 },
  } as unknown as Parameters<typeof restingOrderOf>[0];

  test('rest only, end by themselves, and follow their decision by their ids', () => {
    const first = restingOrderOf(decision, 36 * SECOND, 2, 9 * SECOND);
    expect(first).toMatchObject({
      clientOrderId: 'vlfls0-7',
      timeInForce: 'gtc',
      postOnly: true,
      expiresAt: 9 * SECOND,
    });
    const left = { remaining: 60 as Count, at: 8 * SECOND, expiresAt: 20 * SECOND };
    const second = renewedOrder(first, left) as ApprovedOrder;
    expect(second).toEqual({
      ...first,
      clientOrderId: 'vlfls0-7-r1',
      count: 60,
      at: 8 * SECOND,
      expiresAt: 20 * SECOND,
    });
    expect(renewedOrder(second, left)?.clientOrderId).toBe('vlfls0-7-r2');
    for (const nothing of [0, -1, Number.NaN])
      expect(renewedOrder(first, { ...left, remaining: nothing as Count })).toBeUndefined();
  });
});
