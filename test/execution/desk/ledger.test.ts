import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GatewayEvent } from '../../../src/domain/events/order.ts';
import { cash, count } from '../../../src/domain/money.ts';
import { ledger } from '../../../src/execution/desk/ledger.ts';
import { contractOf, fillOf, orderOf } from '../../portfolio/samples.ts';

describe('ledger', () => {
  const contract = contractOf({});
  const order = orderOf({ ticker: contract.ticker });
  const about = { clientOrderId: order.clientOrderId, ticker: contract.ticker, at: order.at };
  const fill = fillOf(order);
  const events: Readonly<Record<'fill' | 'done' | 'rejected' | 'unknown', GatewayEvent>> = {
    fill,
    done: { kind: 'orderDone', ...about, state: 'filled', filled: count(order.count) },
    rejected: { kind: 'orderRejected', ...about, why: 'no' },
    unknown: { kind: 'orderUnknown', ...about, why: '503' },
  };

  test('property: an order whose end was booked, or all of whose count has filled, never becomes unknown again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('fill' as const, 'done' as const, 'rejected' as const, 'unknown' as const), {
          maxLength: 6,
        }),
        (names) => {
          const books = ledger(1_000);
          books.sent(order, contract, cash(0));
          let isOver = false;
          for (const name of names) {
            const { entered } = books.answered(events[name]);
            if (name === 'unknown') expect(entered).toBe(!isOver);
            else isOver = true;
          }
        },
      ),
    );
  });
});
