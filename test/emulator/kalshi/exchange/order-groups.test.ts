import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../../../src/domain/time.ts';
import { orderGroups } from '../../../../src/emulator/kalshi/exchange/order-groups.ts';
import { exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const GROUPS = '/portfolio/order_groups';
const TAKE = { price: '0.5200', time_in_force: 'immediate_or_cancel' };

/** A deep book, a group of shard 2 with an order of it that rests. */
const grouped = (limit: number, trigger: 'hit' | 'exceeded' = 'hit') => {
  const bench = exchangeBench(10_000, { groupTrigger: trigger });
  bench.open([[48, 1_000]], [[52, 1_000]]);
  const { json } = bench.call('POST', `${GROUPS}/create`, { contracts_limit: limit, exchange_index: 2 });
  const group = String(json['order_group_id']);
  const rests = String(bench.order({ price: '0.1000', order_group_id: group }).json['order_id']);
  return {
    ...bench,
    group,
    take: (contracts: number) => bench.order({ ...TAKE, count: contracts.toFixed(2), order_group_id: group }),
    triggered: () => bench.call('GET', `${GROUPS}/${group}`).json['is_auto_cancel_enabled'] === false,
    rests: () =>
      (bench.call('GET', `/portfolio/orders/${rests}`).json['order'] as { status: string }).status ===
      'resting',
    limit: (contracts: number) =>
      bench.call('PUT', `${GROUPS}/${group}/limit?exchange_index=2`, { contracts_limit: contracts }),
  };
};

describe('an order group', () => {
  test.each([
    ['hit', 5, true],
    ['hit', 4, false],
    ['exceeded', 5, false],
    ['exceeded', 6, true],
  ] as const)(
    'with %s and a limit of 5: %i matched contracts trigger it: %s',
    (trigger, contracts, expected) => {
      const { take, triggered, rests } = grouped(5, trigger);
      take(contracts);
      expect([triggered(), rests()]).toEqual([expected, !expected]);
    },
  );

  test('triggers at once when its limit is set below what has matched in the window, and not once that is over', () => {
    const { take, limit, triggered, rests, pass } = grouped(10);
    take(5);
    pass(15 * SECOND);
    expect(limit(3).status).toBe(200);
    expect(triggered()).toBe(false);
    take(2);
    pass(14 * SECOND);
    expect(limit(2).status).toBe(200);
    expect([triggered(), rests()]).toEqual([true, false]);
  });

  test('is changed on its own shard and in its own subaccount alone', () => {
    const { call, group, triggered } = grouped(5);
    for (const query of ['', '?exchange_index=0', '?exchange_index=2&subaccount=1'])
      expect(call('PUT', `${GROUPS}/${group}/trigger${query}`).status).toBe(404);
    expect(triggered()).toBe(false);
    expect(call('PUT', `${GROUPS}/${group}/trigger?exchange_index=2`).status).toBe(200);
    expect(triggered()).toBe(true);
  });

  test('takes no orders of another shard or another subaccount: without a shard a group is on 0', () => {
    const { call, order, group } = grouped(5);
    const { json } = call('POST', `${GROUPS}/create`, { contracts_limit: 5 });
    expect(json['exchange_index']).toBe(0);
    expect(order({ order_group_id: json['order_group_id'] }).status).toBe(404);
    expect(order({ order_group_id: group, subaccount: 1 }).status).toBe(404);
    expect(order({ order_group_id: group }).status).toBe(201);
  });

  test('property: it triggers at the first match or new limit that the rolling window has reached', () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('match' as const), count: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ kind: fc.constant('limit' as const), count: fc.integer({ min: 1, max: 1_500 }) }),
      fc.record({ kind: fc.constant('wait' as const), count: fc.integer({ min: 0, max: 20 * SECOND }) }),
      fc.record({ kind: fc.constant('reset' as const), count: fc.constant(0) }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('hit' as const, 'exceeded' as const),
        fc.array(act, { maxLength: 40, size: 'max' }),
        (trigger, acts) => {
          const groups = orderGroups(trigger);
          const { id } = groups.create({ limit: 1_000, exchangeIndex: 2, subaccount: 0 }, 0, []);
          let at = 0;
          let limit = 1_000;
          let triggered = false;
          let log: { readonly at: number; readonly count: number }[] = [];
          for (const { kind, count } of acts) {
            if (kind === 'wait') at += count;
            if (kind === 'reset') {
              groups.reset(id, at, []);
              [triggered, log] = [false, []];
            }
            if (kind === 'match') {
              log.push({ at, count });
              groups.matched(id, count, at, []);
            }
            if (kind === 'limit') {
              limit = count;
              groups.setLimit(id, count, at, []);
            }
            if (kind === 'match' || kind === 'limit') {
              const now = at;
              const sum = log
                .filter((each) => now - each.at < 15 * SECOND)
                .reduce((n, each) => n + each.count, 0);
              if (sum > 0 && (trigger === 'hit' ? sum >= limit : sum > limit)) triggered = true;
            }
            expect(groups.get(id)?.triggered).toBe(triggered);
          }
        },
      ),
    );
  });
});
