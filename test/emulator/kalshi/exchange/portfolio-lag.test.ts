import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND, SECOND } from '../../../../src/domain/time.ts';
import { exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const LAG = 2 * SECOND;

const desk = (readLag = 0) => {
  const bench = exchangeBench(10_000, { readLag });
  bench.open([[48, 1_000]], [[52, 1_000]]);
  const orders = () => bench.call('GET', '/portfolio/orders').json['orders'] as { status: string }[];
  return {
    ...bench,
    statuses: () => orders().map(({ status }) => status),
    asOf: () =>
      Date.parse(String(bench.call('GET', '/exchange/user_data_timestamp').json['as_of_time'])) * 1_000,
    lag: (lag: number, contradict = false) => bench.exchange.strike({ kind: 'readLag', lag, contradict }),
    cancel: (id: unknown) => bench.call('DELETE', `/portfolio/events/orders/${String(id)}?exchange_index=2`),
  };
};

describe('portfolio reads', () => {
  test('are current when nothing was asked for', () => {
    const { order, statuses, asOf, now } = desk();
    order();
    expect([statuses(), asOf()]).toEqual([['resting'], now()]);
  });

  test('that lag show what was, a cancelled order at rest too, and the timestamp says until when they are right', () => {
    const { order, cancel, statuses, asOf, now, pass } = desk(LAG);
    pass(MILLISECOND);
    const { json } = order();
    expect(statuses()).toEqual([]);
    pass(LAG);
    expect(statuses()).toEqual(['resting']);
    cancel(json['order_id']);
    pass(LAG - 1_000);
    expect([statuses(), asOf()]).toEqual([['resting'], now() - LAG]);
    pass(1_000);
    expect(statuses()).toEqual(['canceled']);
  });

  test('that begin to lag never show anything older than that beginning', () => {
    const { order, statuses, lag, asOf, now, pass } = desk();
    order();
    pass(MILLISECOND);
    const began = now();
    lag(60 * SECOND);
    expect([statuses(), asOf()]).toEqual([['resting'], began]);
    pass(MILLISECOND);
    order();
    pass(SECOND);
    expect([statuses(), asOf()]).toEqual([['resting'], began]);
    lag(0);
    expect([statuses(), asOf()]).toEqual([['resting', 'resting'], now()]);
  });

  test('that contradict each other are late and current by turns, and the timestamp is that of the late ones', () => {
    const { order, statuses, lag, asOf, now, pass } = desk();
    lag(LAG, true);
    pass(LAG);
    order();
    pass(SECOND);
    expect([statuses(), statuses(), statuses()]).toEqual([[], ['resting'], []]);
    expect(asOf()).toBe(now() - LAG);
  });

  test('property: every read is the portfolio as it was at the timestamp, or is now when reads contradict', () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('take' as const), value: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant('wait' as const), value: fc.integer({ min: 0, max: 3_000 }) }),
      fc.record({ kind: fc.constant('lag' as const), value: fc.integer({ min: 0, max: 4_000 }) }),
      fc.record({ kind: fc.constant('deposit' as const), value: fc.integer({ min: 1, max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.boolean(), fc.array(act, { maxLength: 30, size: 'max' }), (contradict, acts) => {
        const { order, exchange, lag, pass, now, asOf, position, call } = desk();
        const log: { readonly at: number; readonly position: number }[] = [{ at: now(), position: 0 }];
        let held = 0;
        let current = 0;
        for (const { kind, value } of acts) {
          if (kind === 'take') {
            order({ price: '0.5200', count: `${value}.00`, time_in_force: 'immediate_or_cancel' });
            held += value;
            log.push({ at: now(), position: held });
          }
          if (kind === 'wait') pass(value * MILLISECOND);
          if (kind === 'lag') {
            current = value * MILLISECOND;
            lag(current, contradict);
          }
          if (kind === 'deposit')
            exchange.strike({ kind: 'deposit', cents: value, span: value * MILLISECOND });
          const told = asOf();
          expect(told).toBeLessThanOrEqual(now());
          expect(told).toBeGreaterThanOrEqual(now() - current);
          const then = log.findLast(({ at }) => at <= told)?.position;
          const allowed = contradict ? [then, held] : [then];
          expect(allowed).toContain(position());
          expect(call('GET', '/portfolio/balance').status).toBe(200);
        }
      }),
    );
  });
});
