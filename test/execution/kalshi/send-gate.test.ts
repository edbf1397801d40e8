import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountAdopted } from '../../../src/domain/events/account.ts';
import { priceTicks } from '../../../src/domain/money.ts';
import { DAY, MINUTE, SECOND } from '../../../src/domain/time.ts';
import {
  type GateState,
  type SendCaps,
  type SentBefore,
  sendGate,
} from '../../../src/execution/kalshi/send-gate.ts';
import { fillOf, orderOf } from '../../portfolio/samples.ts';
import '../../support/properties.ts';

const NOW = 100 * DAY + DAY / 2;
const caps: SendCaps = {
  orderContractsMax: 10,
  openOrdersMax: 4,
  ordersPerMinuteMax: 5,
  dollarsPerDayMax: 20,
};
const WIDE: SendCaps = {
  orderContractsMax: 1e6,
  openOrdersMax: 1e6,
  ordersPerMinuteMax: 1e6,
  dollarsPerDayMax: 1e9,
};
const state = (mode: GateState['mode'], reason = 'a test'): GateState => ({
  mode,
  at: 1,
  by: 'somebody',
  reason,
});
const gateOf = (
  limits: Partial<SendCaps> = {},
  mode: GateState['mode'] = 'ARMED',
  before: readonly SentBefore[] = [],
) => {
  const gate = sendGate({ ...WIDE, ...limits }, state(mode), before);
  gate.alive(NOW);
  return gate;
};
/** Orders of one contract at 40 cents with ids of their own. */
const nth = (i: number, terms: Parameters<typeof orderOf>[0] = {}) =>
  orderOf({ clientOrderId: `o${i}`, ...terms });
const adoption = (...positions: readonly (readonly [string, number])[]): AccountAdopted =>
  ({
    kind: 'adopted',
    at: 1,
    cash: 0,
    positions: positions.map(([ticker, position]) => ({ ticker, position, paid: 0 })),
  }) as unknown as AccountAdopted;

describe('sendGate', () => {
  test('an armed gate lets an order pass that the caps allow', () => {
    expect(gateOf(caps).pass(nth(1), NOW)).toBeUndefined();
  });

  test('a halted gate lets nothing pass, not even what reduces, and says by whom and why', () => {
    const gate = gateOf({}, 'HALTED');
    gate.adopted(adoption(['KXBTCD-A', 500]));
    expect(gate.pass(nth(1, { side: 'ask' }), NOW)).toBe('the gate is shut by somebody: a test');
  });

  test('on REDUCE orders that are on their way count: together they turn no position', () => {
    const gate = gateOf({}, 'REDUCE');
    gate.adopted(adoption(['KXBTCD-A', 100]));
    const ask = (i: number, size: number) => nth(i, { side: 'ask', count: size });
    expect(gate.pass(ask(1, 60), NOW)).toBeUndefined();
    expect(gate.pass(ask(2, 50), NOW)).toMatch(/reduce a position/);
    expect(gate.pass(ask(3, 40), NOW)).toBeUndefined();
    // Of the first nothing filled, so its part is free again.
    gate.ended('o1', 0);
    expect(gate.pass(ask(4, 60), NOW)).toBeUndefined();
  });

  test('property: on REDUCE no interleaving of fills and ends, in whatever order they are told, turns a position', () => {
    const step = fc.record({
      what: fc.constantFrom('pass' as const, 'fill' as const, 'end' as const, 'tell' as const),
      size: fc.integer({ min: 1, max: 150 }),
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(step, { maxLength: 60 }), (held, steps) => {
        const gate = gateOf({}, 'REDUCE');
        gate.adopted(adoption(['KXBTCD-A', held]));
        const orders: { id: string; size: number; filled: number; told: number; ended: boolean }[] = [];
        const told = (order: (typeof orders)[number]): void => {
          const part = order.filled - order.told;
          if (part === 0) return;
          order.told = order.filled;
          gate.filled(
            fillOf(nth(0, { clientOrderId: order.id, side: 'ask', count: order.size }), { count: part }),
          );
        };
        for (const { what, size, pick } of steps) {
          const order = orders[pick % Math.max(1, orders.length)];
          if (what === 'pass') {
            const id = `o${orders.length}`;
            if (gate.pass(nth(0, { clientOrderId: id, side: 'ask', count: size }), NOW) === undefined)
              orders.push({ id, size, filled: 0, told: 0, ended: false });
          } else if (!order) continue;
          else if (what === 'fill' && !order.ended) order.filled = Math.min(order.size, order.filled + size);
          else if (what === 'end' && !order.ended) {
            order.ended = true;
            gate.ended(order.id, order.filled);
          } else if (what === 'tell') told(order);
          // Whatever is still open may fill whole at the venue.
          const most = orders.reduce((sum, each) => sum + (each.ended ? each.filled : each.size), 0);
          expect(most).toBeLessThanOrEqual(held);
        }
      }),
    );
  });

  test('property: on REDUCE exactly those orders pass that take from a position without turning it', () => {
    const change = fc.oneof(
      fc.record({
        kind: fc.constant('fill' as const),
        side: fc.constantFrom('bid' as const, 'ask' as const),
        count: fc.integer({ min: 1, max: 500 }),
      }),
      fc.record({ kind: fc.constant('adopt' as const), position: fc.integer({ min: -500, max: 500 }) }),
      fc.record({ kind: fc.constant('settle' as const) }),
    );
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.constantFrom('bid' as const, 'ask' as const),
        fc.integer({ min: 1, max: 600 }),
        (changes, side, size) => {
          const gate = gateOf({}, 'REDUCE');
          let held = 0;
          for (const each of changes) {
            if (each.kind === 'fill') {
              gate.filled(fillOf(orderOf({ side: each.side, count: each.count })));
              held += each.side === 'bid' ? each.count : -each.count;
            } else if (each.kind === 'adopt') {
              gate.adopted(adoption(['KXBTCD-A', each.position]));
              held = each.position;
            } else {
              gate.settled('KXBTCD-A');
              held = 0;
            }
          }
          const after = held + (side === 'bid' ? size : -size);
          const reduces = Math.abs(after) < Math.abs(held) && after * held >= 0;
          expect(gate.pass(nth(1, { side, count: size }), NOW) === undefined).toBe(reduces);
        },
      ),
    );
  });

  test('an adoption that does not name a contract ends its position', () => {
    const gate = gateOf({}, 'REDUCE');
    gate.adopted(adoption(['KXBTCD-A', 500]));
    gate.adopted(adoption(['KXBTCD-B', 500]));
    expect(gate.pass(nth(1, { side: 'ask' }), NOW)).toContain('only orders that reduce');
  });

  test('without a sign of life in the last second nothing passes', () => {
    const gate = gateOf();
    expect(gate.pass(nth(1), NOW + SECOND)).toBeUndefined();
    expect(gate.pass(nth(2), NOW + SECOND + 1)).toContain('no sign of life');
    gate.alive(NOW + SECOND + 1);
    expect(gate.pass(nth(2), NOW + SECOND + 1)).toBeUndefined();
    expect(sendGate(caps, state('ARMED')).pass(nth(1), NOW)).toContain('no sign of life');
  });

  test('an order whose shard is not known stays', () => {
    expect(gateOf().pass(nth(1, { exchangeIndex: undefined }), NOW)).toBe(
      'the shard of KXBTCD-A is not known',
    );
  });

  test('an id that comes twice stays and halts the gate, the ids of earlier runs included', () => {
    const gate = gateOf();
    gate.pass(nth(1), NOW);
    gate.ended('o1');
    expect(gate.pass(nth(1), NOW)).toBe('the id o1 was used before');
    expect(gate.state()).toEqual({
      mode: 'HALTED',
      at: NOW,
      by: 'the send gate',
      reason: 'id o1 came twice',
    });
    const again = gateOf({}, 'ARMED', [nth(1, { at: NOW - 2 * DAY })]);
    expect(again.pass(nth(1), NOW)).toBe('the id o1 was used before');
    expect(again.state().mode).toBe('HALTED');
  });

  test('property: an order above the size cap, of nothing, or of no number stays', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -200, max: 3_000 }), fc.constant(Number.NaN)), (size) => {
        const passes =
          gateOf(caps).pass({ ...nth(1), count: size as never, limitTicks: priceTicks(100) }, NOW) ===
          undefined;
        expect(passes).toBe(size > 0 && size <= 1_000);
      }),
    );
  });

  test('property: never are more orders open than may be, and an order that ended makes room', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (steps) => {
        const gate = gateOf({ openOrdersMax: 3 });
        const open: string[] = [];
        for (const [i, step] of steps.entries()) {
          if (step < 4 && open.length > 0) {
            const [id] = open.splice(step % open.length, 1);
            gate.ended(id as string);
          } else if (gate.pass(nth(i), NOW) === undefined) {
            open.push(`o${i}`);
            expect(open.length).toBeLessThanOrEqual(3);
          } else expect(open.length).toBe(3);
          expect(gate.use(NOW).openOrders).toBe(open.length);
        }
      }),
    );
  });

  test('property: one order more than a minute may have stays and halts the gate until a resume', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 30 }), (gaps) => {
        const gate = gateOf({ ordersPerMinuteMax: 5 });
        let now = NOW;
        let times: number[] = [];
        for (const [i, gap] of gaps.entries()) {
          now += gap * SECOND;
          gate.alive(now);
          times = times.filter((time) => time > now - MINUTE);
          const passes = gate.pass(nth(i), now) === undefined;
          expect(passes).toBe(times.length < 5);
          if (passes) {
            times.push(now);
            continue;
          }
          expect(gate.state().mode).toBe('HALTED');
          gate.resume({ at: now, by: 'the operator', reason: 'seen' });
        }
      }),
    );
  });

  test('property: the orders of a UTC day never cost more than the cap, those of earlier runs included; the next day is new', () => {
    const order = fc.record({
      side: fc.constantFrom('bid' as const, 'ask' as const),
      limitTicks: fc.integer({ min: 1, max: 99 }).map((cents) => cents * 100),
      count: fc.integer({ min: 1, max: 1_000 }),
      afterHours: fc.nat({ max: 6 }),
    });
    // In $0.0001 for 0.01 contracts, so that the oracle has no rounding.
    const units = ({
      side,
      limitTicks,
      count: size,
    }: {
      side: string;
      limitTicks: number;
      count: number;
    }): number => size * (side === 'bid' ? limitTicks : 10_000 - limitTicks);
    fc.assert(
      fc.property(fc.array(order, { maxLength: 30 }), fc.nat({ max: 30 }), (orders, restored) => {
        let now = NOW;
        const stamped = orders.map(({ afterHours, ...terms }, i) => {
          now += (afterHours * DAY) / 24;
          return { ...nth(i, terms), at: now };
        });
        const before = stamped.slice(0, restored);
        const gate = sendGate({ ...WIDE, dollarsPerDayMax: 20 }, state('ARMED'), before);
        const spent = new Map<number, number>();
        const dayOf = (at: number) => Math.floor(at / DAY);
        for (const each of before) spent.set(dayOf(each.at), (spent.get(dayOf(each.at)) ?? 0) + units(each));
        for (const each of stamped.slice(restored)) {
          gate.alive(each.at);
          const today = spent.get(dayOf(each.at)) ?? 0;
          const passes = gate.pass(each, each.at) === undefined;
          const room = 20 * 1_000_000 - today - units(each);
          // A float may fall on either side of a cap that is met exactly.
          if (room !== 0) expect(passes).toBe(room > 0);
          if (passes) spent.set(dayOf(each.at), today + units(each));
        }
      }),
    );
  });

  test('orders of earlier runs count for the minute and the dollars, and are not open', () => {
    const before = [nth(1, { at: NOW - 30 * SECOND }), nth(2, { at: NOW - 2 * MINUTE })];
    expect(gateOf({}, 'ARMED', before).use(NOW)).toEqual({
      openOrders: 0,
      ordersThisMinute: 1,
      dollarsToday: 0.8,
    });
    expect(gateOf({}, 'ARMED', before).use(NOW + DAY).dollarsToday).toBe(0);
  });

  test('an order that stays is not counted', () => {
    const gate = gateOf({ orderContractsMax: 1 });
    gate.pass(nth(1, { count: 200 }), NOW);
    expect(gate.use(NOW)).toEqual({ openOrders: 0, ordersThisMinute: 0, dollarsToday: 0 });
    expect(gate.pass(nth(1), NOW)).toBeUndefined();
  });

  test('property: a cap is only ever lowered, and holds from then on', () => {
    const names = ['orderContractsMax', 'openOrdersMax', 'ordersPerMinuteMax', 'dollarsPerDayMax'] as const;
    const wish = fc.tuple(
      fc.constantFrom(...names, 'constructor', 'dayLossMaxDollars'),
      fc.oneof(fc.integer({ min: -2, max: 30 }), fc.double({ min: 0, max: 30 }), fc.constant(Number.NaN)),
    );
    fc.assert(
      fc.property(fc.array(wish), (wishes) => {
        const gate = gateOf(caps);
        let known: Record<string, number> = { ...caps };
        for (const [name, value] of wishes) {
          const before = known[name];
          const whole = name === 'openOrdersMax' || name === 'ordersPerMinuteMax';
          const lowers =
            Object.hasOwn(known, name) &&
            value > 0 &&
            value < Number(before) &&
            (!whole || Number.isInteger(value));
          expect(gate.lower(name, value) === undefined).toBe(lowers);
          if (lowers) known = { ...known, [name]: value };
          expect(gate.caps()).toEqual(known);
        }
      }),
    );
  });

  test('a cap that was lowered stops what was allowed before, and passing it is no reason to halt', () => {
    const gate = gateOf({ ...caps, ordersPerMinuteMax: 5, openOrdersMax: 5 });
    expect(gate.lower('ordersPerMinuteMax', 2)).toBeUndefined();
    expect([1, 2, 3].map((i) => gate.pass(nth(i), NOW) === undefined)).toEqual([true, true, false]);
    expect(gate.state().mode).toBe('ARMED');
    const open = gateOf({ openOrdersMax: 5 });
    open.lower('openOrdersMax', 1);
    expect([open.pass(nth(1), NOW), open.pass(nth(2), NOW)]).toEqual([
      undefined,
      '1 orders are open, and 1 may be',
    ]);
    const size = gateOf({ orderContractsMax: 5 });
    size.lower('orderContractsMax', 0.5);
    expect(size.pass(nth(1), NOW)).toContain('0.5 contracts at most');
    const dollars = gateOf({ dollarsPerDayMax: 5 });
    dollars.lower('dollarsPerDayMax', 0.3);
    expect(dollars.pass(nth(1), NOW)).toContain('cap of $0.3');
  });

  test('property: a halt and its first reason stay through every move, and only a resume ends it', () => {
    const mode = fc.constantFrom('ARMED' as const, 'REDUCE' as const, 'HALTED' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(mode, fc.constantFrom('x', 'y'))), (moves) => {
        const gate = gateOf();
        let expected = gate.state();
        for (const [to, reason] of moves) {
          const next = state(to, reason);
          const changes = expected.mode !== 'HALTED' && (expected.mode !== to || expected.reason !== reason);
          expect(gate.move(next)).toBe(changes);
          if (changes) expected = next;
          expect(gate.state()).toEqual(expected);
        }
        gate.resume({ at: 2, by: 'the operator', reason: 'looked at' });
        expect(gate.state()).toEqual({ mode: 'ARMED', at: 2, by: 'the operator', reason: 'looked at' });
        gate.resume({ at: 3, by: 'the operator', reason: 'flatten' }, 'REDUCE');
        expect(gate.state().mode).toBe('REDUCE');
      }),
    );
  });
});
