import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { GatewayEvent } from '../../src/domain/events/order.ts';
import { count, DOLLAR_TICKS } from '../../src/domain/money.ts';
import { replica } from '../../src/domain/replica.ts';
import { bookTeller } from '../support/book-events.ts';

const STAMP = { at: 1, receivedAt: 1 };
const HEAD = { clientOrderId: 'v1-1', ticker: 'KXBTCD-A', at: 1 };

/** A replica that was given these events, numbered. */
const replicaOf = (...events: readonly AuditEvent[]) => {
  const run = replica();
  events.forEach((event, i) => {
    expect(run.add({ seq: i + 1, event })).toBeUndefined();
  });
  return run;
};
const sent = {
  kind: 'orderSent',
  at: 1,
  order: {
    ...HEAD,
    decisionId: 1,
    side: 'bid',
    limitTicks: 5_000,
    count: 100,
    timeInForce: 'ioc',
    postOnly: false,
  },
} as unknown as AuditEvent;

describe('replica', () => {
  test('property: a book is what its changes made it, whatever came in between', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('load' as const), levels: fc.array(fc.integer({ min: 1, max: 40 })) }),
      fc.record({
        kind: fc.constant('change' as const),
        side: fc.constantFrom('bid' as const, 'ask' as const),
        cents: fc.integer({ min: 1, max: 99 }),
        by: fc.integer({ min: 1, max: 500 }),
      }),
      fc.constant({ kind: 'void' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const teller = bookTeller('KXBTCD-A');
        const events = steps.map((each) => {
          switch (each.kind) {
            case 'load':
              return teller.load(
                STAMP,
                [...new Set(each.levels)].flatMap((cents) => [cents * 100, cents]),
                [...new Set(each.levels)].flatMap((cents) => [DOLLAR_TICKS - cents * 100, cents]),
              );
            case 'change':
              return teller.change(STAMP, each.side, each.cents * 100, each.by);
            default:
              return teller.void(STAMP);
          }
        });
        const book = replicaOf(...events)
          .state()
          .books.get('KXBTCD-A');
        const walked = (side: 'bid' | 'ask') => {
          const levels: [number, number][] = [];
          teller.book.walk(side, (ticks, shown) => levels.push([ticks, shown]) > 0);
          return new Map(levels);
        };
        expect([book?.live ?? false, book?.bids ?? new Map(), book?.asks ?? new Map()]).toEqual([
          teller.book.live,
          walked('bid'),
          walked('ask'),
        ]);
      }),
    );
  });

  test('an order is known from its sending to its end, unknown in between if nobody knows', () => {
    const stateAfter = (...events: readonly GatewayEvent[]) =>
      replicaOf(sent, ...events)
        .state()
        .orders.get('v1-1')?.state;
    expect(stateAfter()).toBe('sent');
    expect(stateAfter({ kind: 'orderSubmitted', ...HEAD })).toBe('submitted');
    expect(stateAfter({ kind: 'orderUnknown', ...HEAD, why: 'timed out' })).toBe('unknown');
    expect(stateAfter({ kind: 'orderResting', ...HEAD, remaining: count(100) })).toBe('resting');
    expect(stateAfter({ kind: 'orderDone', ...HEAD, state: 'cancelled', filled: count(0) })).toBeUndefined();
    expect(stateAfter({ kind: 'orderRejected', ...HEAD, why: 'no' })).toBeUndefined();
  });

  test('the kill switch is on from a halt to a resume, with its reason', () => {
    const halt = { kind: 'command', at: 1, command: 'halt', reason: 'lunch' } as const;
    expect(replicaOf(halt).state().halted).toBe('lunch');
    expect(replicaOf(halt, { ...halt, command: 'resume' }).state().halted).toBeUndefined();
  });

  test('differences stand until they are resolved, which leaves the kill switch as it is', () => {
    const halt = { kind: 'command', at: 1, command: 'halt', reason: 'lunch' } as const;
    const difference = {
      kind: 'difference',
      at: 1,
      ticker: 'A',
      clientOrderId: 'o1',
      about: 'fill',
      entered: false,
      why: 'fill f1 has count 0',
    } as const;
    const before = replicaOf(halt, difference, difference, { ...difference, ticker: 'B' }).state();
    expect([...before.differences]).toEqual([
      ['A', 2],
      ['B', 1],
    ]);
    const resolve = { kind: 'command', at: 2, command: 'resolve', reason: 'A looked at' } as const;
    const after = replicaOf(halt, difference, { ...difference, ticker: 'B' }, resolve).state();
    expect([[...after.differences], after.halted]).toEqual([[['B', 1]], 'lunch']);
  });

  test('a number that is not the next one changes nothing', () => {
    const run = replica();
    const event = { kind: 'command', at: 1, command: 'halt', reason: '' } as const;
    expect(run.add({ seq: 2, event })).toEqual({ kind: 'outOfOrder', expected: 1, was: 2 });
    expect(run.state()).toMatchObject({ seq: 0, halted: undefined });
    expect(run.add({ seq: 1, event })).toBeUndefined();
    expect(run.add({ seq: 1, event })).toEqual({ kind: 'outOfOrder', expected: 2, was: 1 });
  });

  test('property: an adoption replaces every position, and fills count on from there', () => {
    const positions = fc.uniqueArray(
      fc.record({ ticker: fc.constantFrom('A', 'B', 'C'), position: fc.integer({ min: -500, max: 500 }) }),
      { selector: ({ ticker }) => ticker },
    );
    fc.assert(
      fc.property(positions, positions, fc.integer({ min: 1, max: 500 }), (first, second, bought) => {
        const adopted = (all: typeof first): AuditEvent =>
          ({
            kind: 'adopted',
            at: 1,
            cash: 0,
            positions: all.map((each) => ({ ...each, paid: 0 })),
          }) as never;
        const fill = {
          kind: 'fill',
          ...HEAD,
          ticker: 'A',
          side: 'ask',
          count: bought,
        } as unknown as AuditEvent;
        const { positions: held } = replicaOf(adopted(first), fill, adopted(second), fill).state();
        const expected = new Map(second.map(({ ticker, position }) => [ticker, position]));
        expected.set('A', (expected.get('A') ?? 0) - bought);
        expect(held).toEqual(expected);
      }),
    );
  });
});
