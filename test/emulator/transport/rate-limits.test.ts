import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endpointCosts, rateLimits } from '../../../src/emulator/transport/rate-limits.ts';
import { describeData } from '../../support/data.ts';
import { demoBodies, recorded } from '../../venues/kalshi/recorded.ts';
import { request } from '../bench.ts';

const ROOT = '/trade-api/v2';
const MARKETS = request(`${ROOT}/markets`);
const CREATE = request(`${ROOT}/portfolio/events/orders`, { method: 'POST', body: '{}' });
const CANCEL = request(`${ROOT}/portfolio/events/orders/an-id`, { method: 'DELETE' });

const limits = () => {
  let millis = 1_000;
  const { take, described } = rateLimits(() => millis);
  return {
    take,
    described,
    wait: (ms: number) => {
      millis += ms;
    },
    /** How many of a call are granted at once. */
    burst: (call: typeof MARKETS): number => {
      let granted = 0;
      while (granted < 10_000 && take(call)) granted++;
      return granted;
    },
  };
};

describe('rateLimits', () => {
  test('buckets begin full: 600 tokens to read, 100 to write, ten a call and two a cancel', () => {
    expect(limits().burst(MARKETS)).toBe(60);
    expect(limits().burst(CREATE)).toBe(10);
    expect(limits().burst(CANCEL)).toBe(50);
    expect(limits().burst(request(`${ROOT}/portfolio/orders/an-id`))).toBe(300);
  });

  test('reading and writing do not use each other’s tokens', () => {
    const { burst } = limits();
    burst(MARKETS);
    expect(burst(CREATE)).toBe(10);
  });

  test('tokens come back continuously, 200 and 100 a second, and never above the bucket', () => {
    const { burst, wait, take } = limits();
    burst(MARKETS);
    wait(49);
    expect(take(MARKETS)).toBe(false);
    wait(1);
    expect(take(MARKETS)).toBe(true);
    burst(CREATE);
    wait(500);
    expect(burst(CREATE)).toBe(5);
    wait(995);
    expect(burst(CREATE)).toBe(9);
    wait(3_600_000);
    expect([burst(MARKETS), burst(CREATE)]).toEqual([60, 10]);
  });

  test('a refused call costs nothing, and a clock that goes back gives nothing', () => {
    const { burst, wait, take } = limits();
    burst(CREATE);
    for (let i = 0; i < 5; i++) expect(take(CREATE)).toBe(false);
    wait(-1_000);
    expect(take(CREATE)).toBe(false);
    wait(100);
    expect(take(CREATE)).toBe(true);
  });

  test('a batch costs what its orders cost one by one', () => {
    const batch = (method: string, body: string) =>
      request(`${ROOT}/portfolio/events/orders/batched`, { method, body });
    const orders = JSON.stringify({ orders: [{}, {}, {}] });
    expect(limits().burst(batch('POST', orders))).toBe(3);
    expect(limits().burst(batch('DELETE', orders))).toBe(16);
    // What cannot be read costs one.
    for (const body of ['', 'null', '{"orders":3}', '{"orders":[]}'])
      expect(limits().burst(batch('POST', body))).toBe(10);
  });

  describe('of several shards', () => {
    const sharded = () => rateLimits(() => 1_000, [0, 2, 3]);
    const burst = (take: (call: typeof MARKETS) => boolean, call: typeof MARKETS): number => {
      let granted = 0;
      while (granted < 1_000 && take(call)) granted++;
      return granted;
    };
    const create = (body: object) =>
      request(`${ROOT}/portfolio/events/orders`, { method: 'POST', body: JSON.stringify(body) });
    const cancel = (query: string) =>
      request(`${ROOT}/portfolio/events/orders/an-id${query}`, { method: 'DELETE' });

    test('a write that names its shard takes from that bucket alone', () => {
      const { take } = sharded();
      expect(burst(take, create({ ticker: 'T', exchange_index: 2 }))).toBe(10);
      expect(burst(take, create({ ticker: 'T', exchange_index: 3 }))).toBe(10);
      expect(burst(take, cancel('?exchange_index=2'))).toBe(0);
      expect(burst(take, cancel('?exchange_index=0'))).toBe(50);
    });

    test('a write that is routed by its market takes from all, and so does a cancel-all', () => {
      for (const call of [
        create({ ticker: 'T' }),
        create({ ticker: 'T', exchange_index: -1 }),
        cancel('?market_ticker=T'),
        request(`${ROOT}/portfolio/events/orders`, { method: 'DELETE' }),
      ]) {
        const { take } = sharded();
        burst(take, call);
        for (const shard of [0, 2, 3])
          expect(take(create({ ticker: 'T', exchange_index: shard }))).toBe(false);
      }
    });

    test('a cancel and a group that name nothing take from shard 0, where they go', () => {
      for (const call of [
        cancel(''),
        request(`${ROOT}/portfolio/order_groups/an-id/trigger`, { method: 'PUT' }),
      ]) {
        const { take } = sharded();
        burst(take, call);
        expect(take(create({ ticker: 'T', exchange_index: 0 }))).toBe(false);
        expect(take(create({ ticker: 'T', exchange_index: 2 }))).toBe(true);
      }
    });

    test('a batch takes from the bucket of each item', () => {
      const { take } = sharded();
      const orders = [
        { ticker: 'T', exchange_index: 2 },
        { ticker: 'T', exchange_index: 2 },
        { ticker: 'T', exchange_index: 3 },
      ];
      const call = request(`${ROOT}/portfolio/events/orders/batched`, {
        method: 'POST',
        body: JSON.stringify({ orders }),
      });
      expect(burst(take, call)).toBe(5);
      expect(burst(take, create({ exchange_index: 2 }))).toBe(0);
      expect(burst(take, create({ exchange_index: 3 }))).toBe(5);
      expect(burst(take, create({ exchange_index: 0 }))).toBe(10);
    });

    test('reads have one bucket, whatever shard they ask of', () => {
      const { take } = sharded();
      expect(burst(take, request(`${ROOT}/portfolio/balance?exchange_index=2`))).toBe(60);
      expect(take(request(`${ROOT}/portfolio/balance?exchange_index=3`))).toBe(false);
    });

    test('property: every shard grants no more than its own bucket, whatever is written to the others', () => {
      const index = fc.constantFrom(undefined, -1, 0, 2, 3, 9);
      fc.assert(
        fc.property(fc.array(fc.tuple(index, fc.boolean()), { maxLength: 120, size: 'max' }), (calls) => {
          const { take } = sharded();
          const left = new Map([0, 2, 3].map((shard) => [shard, 100]));
          for (const [shard, cancels] of calls) {
            const cost = cancels ? 2 : 10;
            const call = cancels
              ? cancel(shard === undefined ? '' : `?exchange_index=${shard}`)
              : create({ ticker: 'T', exchange_index: shard });
            const named = shard !== undefined && left.has(shard) ? [shard] : undefined;
            const billed = named ?? (cancels && shard === undefined ? [0] : [...left.keys()]);
            const fits = billed.every((each) => (left.get(each) ?? 0) >= cost);
            expect(take(call)).toBe(fits);
            if (fits) for (const each of billed) left.set(each, (left.get(each) ?? 0) - cost);
          }
        }),
      );
    });
  });

  test('property: over any span no more is granted than the bucket and its refill', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.boolean()), { maxLength: 200, size: 'max' }), (calls) => {
        const { take, wait } = limits();
        let elapsed = 0;
        let used = 0;
        for (const [ms, cancel] of calls) {
          wait(ms);
          elapsed += ms;
          if (take(cancel ? CANCEL : CREATE)) used += cancel ? 2 : 10;
          expect(used).toBeLessThanOrEqual(100 + elapsed / 10 + 1e-6);
        }
      }),
    );
  });
});

describeData('recorded limits', () => {
  test('are told with the keys and types of the demo’s body', () => {
    const body = demoBodies().find(({ name }) => name === 'account__limits');
    const types = (value: unknown): unknown =>
      Array.isArray(value) || typeof value !== 'object' || value === null
        ? typeof value
        : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, types(each)]));
    expect(types(limits().described())).toEqual(types(JSON.parse(body?.text ?? '')));
  });

  test('cost what the exchange said they cost', () => {
    type Costs = {
      readonly default_cost: number;
      readonly endpoint_costs: readonly {
        readonly method: string;
        readonly path: string;
        readonly cost: number;
      }[];
    };
    const told = JSON.parse(recorded('rest_account_endpoint_costs_2026-09-25.json')) as Costs;
    const ours = endpointCosts() as unknown as Costs;
    expect(ours.default_cost).toBe(told.default_cost);
    for (const row of ours.endpoint_costs)
      expect(told.endpoint_costs).toContainEqual(expect.objectContaining(row));
  });
});
