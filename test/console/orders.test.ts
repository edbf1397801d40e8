import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { orders } from '../../src/console/orders.ts';
import type { OrderView } from '../../src/console/state.ts';
import type { Draw } from '../../src/console/store.ts';
import type { ApprovedOrder } from '../../src/domain/events/order.ts';
import { count } from '../../src/domain/money.ts';
import { MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { fillOf, orderOf } from '../portfolio/samples.ts';
import '../support/properties.ts';

const AT = Date.UTC(2026, 5, 1, 14) * 1_000;

/** Collects what the part draws. */
function drawn() {
  const views = new Map<string, OrderView>();
  const to: Draw = {
    value: () => {},
    push: () => {},
    entry: (_, key, view) => {
      if (view === null) views.delete(key);
      else views.set(key, view as unknown as OrderView);
    },
  };
  return { views, to };
}
const sent = (id: string, side: 'bid' | 'ask', at = AT) => ({
  kind: 'orderSent' as const,
  at,
  order: orderOf({ clientOrderId: id, side, at, count: 1_000 }) as ApprovedOrder,
});

describe('orders', () => {
  test('property: a markout is the move of the middle in favour of the fills, at 1, 5, 30 and 60 seconds', () => {
    const fill = fc.record({
      afterMs: fc.nat(70_000),
      count: fc.integer({ min: 1, max: 300 }),
    });
    const middle = fc.option(fc.integer({ min: 100, max: 9_900 }), { freq: 8 });
    fc.assert(
      fc.property(
        fc.array(fill, { minLength: 1, maxLength: 3 }),
        fc.array(middle, { minLength: 150, maxLength: 150 }),
        fc.constantFrom<'bid' | 'ask'>('bid', 'ask'),
        (fills, middles, side) => {
          const { views, to } = drawn();
          const at = { now: AT };
          const middleOf = (time: number): number | undefined =>
            middles[Math.floor((time - AT) / SECOND)] ?? undefined;
          const own = orders(() => middleOf(at.now - 1));
          const order = sent('o', side);
          own.sent(order, AT);
          const filled = fills
            .map(({ afterMs, count: some }, i) =>
              fillOf(order.order, { id: `f${i}`, count: some, at: AT + afterMs * MILLISECOND }),
            )
            .sort((a, b) => a.at - b.at);
          const times = [
            ...filled.map((each) => ({ time: each.at, each })),
            ...Array.from({ length: 149 }, (_, i) => ({ time: AT + (i + 1) * SECOND, each: undefined })),
            ...filled.flatMap(({ at: time }) =>
              [1, 5, 30, 60].map((span) => ({ time: time + span * SECOND, each: undefined })),
            ),
          ].sort((a, b) => a.time - b.time);
          for (const { time, each } of times) {
            at.now = time;
            if (own.dueAt() <= time) own.mark(time);
            if (each) own.answered(each, time, to);
          }
          own.draw(to);
          for (const horizon of ['1', '5', '30', '60'] as const) {
            let ticks = 0;
            let contracts = 0;
            for (const each of filled) {
              const then = middleOf(each.at + Number(horizon) * SECOND - 1);
              if (then === undefined) continue;
              ticks += (side === 'bid' ? then - each.priceTicks : each.priceTicks - then) * each.count;
              contracts += each.count;
            }
            const said = views.get('o')?.markouts[horizon];
            if (contracts === 0) expect(said).toBeNull();
            else expect(said).toBeCloseTo(ticks / contracts, 6);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('latency counts from the order to its first answer and to its end', () => {
    const { views, to } = drawn();
    const own = orders(() => undefined);
    const order = sent('o', 'bid');
    const event = { clientOrderId: 'o', ticker: order.order.ticker };
    own.sent(order, AT);
    own.answered({ ...event, kind: 'orderSubmitted', at: AT + 1 }, AT + 1, to);
    own.answered({ ...event, kind: 'orderResting', at: AT, remaining: count(5) }, AT + 40 * MILLISECOND, to);
    expect(own.open()).toBe(1);
    own.answered(
      { ...event, kind: 'orderDone', at: AT, state: 'cancelled', filled: count(0) },
      AT + 90 * MILLISECOND,
      to,
    );
    own.draw(to);
    expect(own.open()).toBe(0);
    expect(views.get('o')).toMatchObject({ state: 'cancelled', answeredMs: 40, endedMs: 90 });
  });

  test('a fill after the end adds to what was filled and leaves the end as it was', () => {
    const { views, to } = drawn();
    const own = orders(() => undefined);
    const order = sent('o', 'ask');
    own.sent(order, AT);
    const event = { clientOrderId: 'o', ticker: order.order.ticker, at: AT };
    own.answered({ ...event, kind: 'orderDone', state: 'filled', filled: count(100) }, AT + 1, to);
    own.answered(fillOf(order.order, { count: 100, feeCash: 170 }), AT + 2, to);
    own.draw(to);
    expect(views.get('o')).toMatchObject({
      state: 'filled',
      filled: 100,
      averageTicks: 4_000,
      feeDollars: 0.017,
    });
  });

  test('orders are bounded: those that have ended go first', () => {
    const { views, to } = drawn();
    const own = orders(() => undefined);
    own.sent(sent('resting', 'bid'), AT);
    for (let i = 0; i < 1_200; i++) {
      own.sent(sent(`o${i}`, 'bid'), AT + i);
      own.answered(
        { kind: 'orderRejected', clientOrderId: `o${i}`, ticker: 'T', at: AT, why: 'no' },
        AT + i,
        to,
      );
      if (i % 100 === 0) own.draw(to);
    }
    own.draw(to);
    expect(views.size).toBe(500);
    expect(views.has('resting') && views.has('o1199')).toBe(true);
    expect(own.open()).toBe(1);
  });
});
