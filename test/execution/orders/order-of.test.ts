import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Abstained, Approved } from '../../../src/domain/events/decision.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { decisionMarket } from '../../../src/execution/desk/decision-market.ts';
import type { Gateway } from '../../../src/execution/orders/gateway.ts';
import { feeBoundOf, orderOf } from '../../../src/execution/orders/order-of.ts';
import { feeOfFill, NOTHING_OVERPAID } from '../../../src/venues/kalshi/fees.ts';
import { orderOf as plainOrder } from '../../portfolio/samples.ts';
import { contextOf, NOW } from '../../risk/samples.ts';

const { proposal } = contextOf();
const judged = {
  kind: 'decision',
  id: 7,
  at: NOW,
  ticker: proposal.ticker,
  bidTicks: undefined,
  askTicks: undefined,
  market: decisionMarket(undefined, undefined),
  proposal,
  findings: [],
  failing: [],
  wouldChange: undefined,
  inputs: '00000000',
  model: undefined,
} as const;
const approved: Approved = { ...judged, verdict: 'approved' };

describe('orderOf', () => {
  test('is what was proposed, immediate or cancel, with an id that a replay makes again', () => {
    const order = orderOf(approved, 36 * SECOND, 2);
    expect(order).toEqual({
      clientOrderId: 'vlfls0-7',
      decisionId: 7,
      ticker: proposal.ticker,
      exchangeIndex: 2,
      side: proposal.side,
      limitTicks: proposal.limitTicks,
      count: proposal.count,
      timeInForce: 'ioc',
      postOnly: false,
      reduceOnly: false,
      at: NOW,
    });
    expect(orderOf(approved, 36 * SECOND, 2)).toEqual(order);
    expect(orderOf({ ...approved, id: 8 }, 36 * SECOND, 2).clientOrderId).not.toBe(order.clientOrderId);
    expect(orderOf(approved, 36 * SECOND + 1, 2).clientOrderId).not.toBe(order.clientOrderId);
  });

  test('nothing else makes an order that can be placed: an abstention and a hand-made order do not compile', () => {
    const abstained: Abstained = { ...judged, verdict: 'abstained' };
    const sent: string[] = [];
    const gateway: Gateway = { send: ({ kind }) => sent.push(kind) };
    // @ts-expect-error only an approved decision makes an order
    orderOf(abstained, 0, 2);
    // @ts-expect-error only an order that an approved decision made is placed
    gateway.send({ kind: 'place', order: plainOrder() });
    gateway.send({ kind: 'place', order: orderOf(approved, 0, 2) });
    expect(sent).toEqual(['place', 'place']);
  });
});

describe('feeBoundOf', () => {
  test('property: no order pays more in fees than its bound', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }).map((cents) => priceTicks(cents * 100)),
        fc.integer({ min: 1, max: 100_000 }).map(count),
        fc.constantFrom('bid' as const, 'ask' as const),
        (limitTicks, wanted, side) => {
          const fee = feeOfFill({
            terms: { kind: 'quadratic', multiplier: 1 },
            role: 'taker',
            side,
            priceTicks: limitTicks,
            count: wanted,
            accumulator: NOTHING_OVERPAID,
            member: 'direct',
          }).net;
          const feeDollars = fee / 1e6 / (wanted / 100);
          expect(
            feeBoundOf({ ...proposal, limitTicks, count: wanted, side, feeDollars }) * 100,
          ).toBeGreaterThanOrEqual(fee);
        },
      ),
    );
  });
});
