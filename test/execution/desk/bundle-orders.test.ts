import { describe, expect, test } from '@jest/globals';
import { count } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { contractOf } from '../../portfolio/samples.ts';
import { deskBench } from './desk-bench.ts';

const [A, B] = ['KXBTCD-A', 'KXBTCD-B'] as const;
const FLOOR = contractOf().floorUnits ?? 0;

/** A ready desk that takes no single contract, on two strikes of which the higher is dearer. */
function bench(
  bundles: Record<string, unknown> = {},
  risk: Record<string, number> = {},
  orders: 'venue' | 'paper' = 'venue',
) {
  const made = deskBench({
    risk: { edgeMinDollars: 1, orderCooldownMicros: 60 * SECOND, ...risk },
    bundles: { enabled: true, maxCount: 500, ...bundles },
    orders,
  });
  made.ready();
  made.contract({ ticker: B, floorUnits: FLOOR + 1_000 });
  made.book(4_300, 4_500, A);
  made.book(5_500, 5_700, B);
  return made;
}

const states = (made: ReturnType<typeof bench>) => made.only('bundle').map(({ state }) => state);

describe('the desk buys a bundle whole or not at all', () => {
  test('every leg leaves in one go, with the count of the bundle, each from an approved decision', () => {
    const made = bench();
    made.pass(SECOND);
    const orders = made.orders();
    expect(
      orders.map(({ ticker, side, limitTicks, count: size }) => [ticker, side, limitTicks, size]).sort(),
    ).toEqual([
      [A, 'bid', 4_500, 500],
      [B, 'ask', 5_500, 500],
    ]);
    expect(new Set(orders.map(({ at }) => at)).size).toBe(1);
    expect(new Set(orders.map(({ bundle }) => bundle?.id)).size).toBe(1);
    expect(orders[0]?.bundle?.legs).toBe(2);
    const approved = made.decisions().filter(({ verdict }) => verdict === 'approved');
    expect(approved.map(({ id }) => id).sort()).toEqual(orders.map(({ decisionId }) => decisionId).sort());
  });

  test('nothing leaves while it is off, if one leg is refused by a check, or if the leg risk eats what it leaves', () => {
    const off = bench({ enabled: false });
    off.pass(SECOND);
    expect(off.orders()).toEqual([]);
    const risky = bench({ legRiskDollars: 0.1 });
    risky.pass(SECOND);
    expect(risky.orders()).toEqual([]);
    expect(risky.only('bundle')[0]?.failing).toEqual(['bundleProfit']);
    // The first leg alone is within the limit; the second counts it as open.
    const poor = bench({}, { ordersOpenMax: 1 });
    poor.pass(SECOND);
    expect(poor.orders()).toEqual([]);
    expect(states(poor)).toEqual(['found', 'refused']);
    expect(poor.only('bundle')[1]?.failing).toEqual(['ordersOpen']);
  });

  test('at a venue, what one leg has beyond the others is sold once at the best price shown', () => {
    const made = bench();
    made.pass(SECOND);
    const [a, b] = [A, B].map((ticker) => made.orders().find((order) => order.ticker === ticker));
    if (!a || !b) throw new Error('test: two legs must have been sent, were not');
    made.answer(...made.filled(a));
    expect(made.orders()).toHaveLength(2);
    const [fill] = made.filled(b, { count: 200 });
    if (!fill) throw new Error('test: a fill must be there, was none');
    made.answer(fill, {
      kind: 'orderDone',
      clientOrderId: b.clientOrderId,
      ticker: b.ticker,
      at: made.clock.at,
      state: 'cancelled',
      filled: count(200),
    });
    const [, , closing, more] = made.orders();
    expect(more).toBeUndefined();
    expect(closing).toMatchObject({
      ticker: A,
      side: 'ask',
      limitTicks: 4_300,
      count: 300,
      reduceOnly: true,
    });
    expect(made.only('bundle').at(-1)).toMatchObject({ state: 'broken', count: 200 });
  });

  test('on paper both legs fill, or neither where one of them is gone when the orders arrive', () => {
    const whole = bench({}, {}, 'paper');
    whole.pass(2 * SECOND);
    expect(
      whole
        .only('fill')
        .map(({ ticker, count: size }) => [ticker, size])
        .sort(),
    ).toEqual([
      [A, 500],
      [B, 500],
    ]);
    expect(states(whole)).toContain('bought');
    const gone = bench({}, {}, 'paper');
    gone.pass();
    expect(gone.orders()).toHaveLength(2);
    gone.delta('bid', 5_500, -9_700, B);
    gone.pass(2 * SECOND);
    expect(gone.only('fill')).toEqual([]);
    expect(states(gone)).toContain('missed');
    expect(gone.orders()).toHaveLength(2);
  });
});
