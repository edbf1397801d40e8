import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../../src/domain/events/audit.ts';
import type { ApprovedOrder } from '../../../src/domain/events/order.ts';
import { commandOf } from '../../../src/execution/orders/command-of.ts';
import { orderOf } from '../../portfolio/samples.ts';

describe('commandOf', () => {
  test('an order that was sent is placed as it is, and a cancel that was asked for is sent under its id', () => {
    const order = orderOf() as ApprovedOrder;
    expect(commandOf({ kind: 'orderSent', at: 7, order })).toEqual({ kind: 'place', order });
    expect(
      commandOf({ kind: 'cancelAsked', at: 7, clientOrderId: 'o1', ticker: 'KXBTCD-A', why: 'the test' }),
    ).toEqual({ kind: 'cancel', clientOrderId: 'o1', at: 7 });
  });

  test('what tells of an order asks nothing of the gateway', () => {
    const about = { clientOrderId: 'o1', ticker: 'KXBTCD-A', at: 7 };
    const events: readonly AuditEvent[] = [
      { kind: 'orderSubmitted', ...about },
      { kind: 'orderUnknown', ...about, why: 'no answer' },
      { kind: 'orderRejected', ...about, why: 'no' },
    ];
    for (const event of events) expect(commandOf(event)).toBeUndefined();
  });
});
