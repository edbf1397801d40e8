import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { map } from 'rxjs';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import {
  type Cancelled,
  type Cancelling,
  cancelEverything,
} from '../../../src/execution/kalshi/cancel-everything.ts';
import type { UrgentCall } from '../../../src/execution/kalshi/urgent-calls.ts';
import { after } from '../../../src/operators/after.ts';
import { type TapeScheduler, tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { forbidWallClock } from '../../support/no-wall-clock.ts';

interface ModelOrder {
  readonly id: string;
  readonly shard: number;
  readonly subaccount: number;
  readonly groupId: string | undefined;
}

interface Asked {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
}

/** What a cancel of everything reaches at a venue whose documents do not say it. */
type Reach = 'everything' | 'shard 0' | 'nothing';
/** What becomes of one call. `lost` is done and not answered. */
type Fate = 'done' | 'refused' | 'tooMany' | 'doneAndRefused' | 'lost';

interface ModelOptions {
  readonly reach?: Reach;
  readonly pageSize?: number;
  readonly lagMs?: number;
  readonly takesMs?: number;
  readonly fates?: readonly Fate[];
}

const answered = (status: number, body: unknown = ''): HttpAnswer => ({
  kind: 'answered',
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

/** A venue that knows its own truth, in a few lines: the oracle. */
function modelVenue(clock: TapeScheduler, options: ModelOptions = {}) {
  const { reach = 'everything', pageSize = 1_000, lagMs = 0, takesMs = 10, fates = [] } = options;
  const orders = new Map<string, ModelOrder>();
  const triggered = new Set<string>();
  const asked: Asked[] = [];
  const past: { readonly atMs: number; readonly orders: readonly ModelOrder[] }[] = [];
  let calls = 0;
  const note = (): void => {
    past.push({ atMs: clock.now(), orders: [...orders.values()] });
  };
  const seen = (): readonly ModelOrder[] =>
    past.findLast(({ atMs }) => atMs <= clock.now() - lagMs)?.orders ?? past[0]?.orders ?? [];
  const drop = (which: (order: ModelOrder) => boolean): void => {
    for (const order of [...orders.values()]) if (which(order)) orders.delete(order.id);
    note();
  };
  const act = (method: string, path: string, body: string | undefined): HttpAnswer => {
    const url = new URL(path, 'http://venue');
    if (method === 'GET') {
      const from = Number(url.searchParams.get('cursor') || 0);
      const all = seen();
      const next = from + pageSize < all.length ? String(from + pageSize) : '';
      return answered(200, {
        cursor: next,
        orders: all.slice(from, from + pageSize).map(({ id, shard, subaccount }) => ({
          order_id: id,
          ticker: `T-${id}`,
          exchange_index: shard,
          subaccount_number: subaccount,
          status: 'resting',
        })),
      });
    }
    const [, group] = /order_groups\/(.+)\/trigger/.exec(url.pathname) ?? [];
    if (group !== undefined) {
      if (url.searchParams.get('exchange_index') !== '2') return answered(404);
      triggered.add(group);
      drop(({ groupId }) => groupId === group);
      return answered(200, {});
    }
    if (url.pathname.endsWith('/batched')) {
      const { orders: items } = JSON.parse(body ?? '') as {
        orders: { order_id: string; exchange_index?: number; subaccount?: number }[];
      };
      for (const { order_id: id, exchange_index: shard = 0, subaccount = 0 } of items)
        drop((order) => order.id === id && order.shard === shard && order.subaccount === subaccount);
      return answered(200, { orders: [] });
    }
    drop(({ shard }) => reach === 'everything' || (reach === 'shard 0' && shard === 0));
    return answered(204);
  };
  const call: UrgentCall = (method, path, withinMs, body) => {
    asked.push({ atMs: clock.now(), method, path, body });
    const fate = fates[calls++] ?? 'done';
    const answer: HttpAnswer =
      fate === 'refused'
        ? answered(503, 'service unavailable')
        : fate === 'tooMany'
          ? answered(429, { error: 'too many requests' })
          : act(method, path, body);
    if (fate === 'lost')
      return after(withinMs, clock).pipe(
        map(() => ({ kind: 'failed', why: `no answer within ${withinMs} ms`, arrived: true })),
      );
    return after(takesMs, clock).pipe(map(() => (fate === 'doneAndRefused' ? answered(503) : answer)));
  };
  note();
  return {
    call,
    asked,
    resting: () => [...orders.keys()],
    isTriggered: (id: string) => triggered.has(id),
    arrive: (order: ModelOrder) => {
      if (order.groupId !== undefined && triggered.has(order.groupId)) return;
      orders.set(order.id, order);
      note();
    },
  };
}

const within = (clock: TapeScheduler, millis: number, answer: HttpAnswer) =>
  after(millis, clock).pipe(map(() => answer));

const order = (id: string, shard = 2, rest: Partial<ModelOrder> = {}): ModelOrder => ({
  id,
  shard,
  subaccount: 0,
  groupId: undefined,
  ...rest,
});

const pull = (
  orders: readonly ModelOrder[],
  options: ModelOptions = {},
  cancelling: Cancelling = {},
  late: readonly { readonly order: ModelOrder; readonly atMs: number }[] = [],
) => {
  const clock = tapeScheduler(0);
  const venue = modelVenue(clock, options);
  for (const each of orders) venue.arrive(each);
  for (const { order: each, atMs } of late) after(atMs, clock).subscribe(() => venue.arrive(each));
  let told: Cancelled | undefined;
  let tookMs = Number.NaN;
  let restingThen: readonly string[] = [];
  cancelEverything(venue.call, clock, cancelling).subscribe((result) => {
    told = result;
    tookMs = clock.now();
    restingThen = venue.resting();
  });
  return {
    venue,
    run: (millis: number) => clock.runTo(clock.at + millis * MILLISECOND),
    told: () => told,
    tookMs: () => tookMs,
    restingThen: () => restingThen,
    pending: () => clock.pending(),
  };
};

const methods = (asked: readonly Asked[]): readonly string[] =>
  asked.map(({ method, path }) => `${method} ${path.split('?', 1)[0]}`);
const ALL = 'DELETE /portfolio/events/orders';
const LIST = 'GET /portfolio/orders';

describe('cancelEverything', () => {
  forbidWallClock();

  test('believes a list without orders only after a second cancel and a second list, 300 ms later', () => {
    const { venue, run, told, tookMs, pending } = pull([order('a')]);
    run(60_000);
    expect(told()).toEqual({ kind: 'clear', tries: 2 });
    expect(methods(venue.asked)).toEqual([ALL, LIST, ALL, LIST]);
    expect(tookMs()).toBe(340);
    expect(pending()).toBe(0);
  });

  test('finds the order that was under way while the first list was made', () => {
    const { venue, run, told } = pull([order('a')], {}, {}, [{ order: order('late'), atMs: 15 }]);
    run(60_000);
    expect(told()).toEqual({ kind: 'clear', tries: 2 });
    expect(venue.resting()).toEqual([]);
  });

  test('cancels what a cancel of everything leaves, on its own shard, market and subaccount', () => {
    const { venue, run, told } = pull([order('a', 0), order('b', 2), order('c', 3, { subaccount: 7 })], {
      reach: 'shard 0',
    });
    run(60_000);
    expect(told()).toMatchObject({ kind: 'clear' });
    expect(venue.resting()).toEqual([]);
    const batch = venue.asked.find(({ path }) => path.endsWith('/batched'));
    expect(JSON.parse(batch?.body ?? '')).toEqual({
      orders: [
        { order_id: 'b', market_ticker: 'T-b', exchange_index: 2 },
        { order_id: 'c', market_ticker: 'T-c', exchange_index: 3, subaccount: 7 },
      ],
    });
  });

  test('reads every page of the list: an order on the last one keeps it from being clear', () => {
    const many = Array.from({ length: 45 }, (_, i) => order(`o${i}`));
    const { venue, run, told } = pull(many, { reach: 'nothing', pageSize: 10 });
    run(60);
    // Five pages of the first list.
    expect(methods(venue.asked).filter((each) => each === LIST)).toHaveLength(5);
    run(60_000);
    expect(told()).toMatchObject({ kind: 'clear' });
    expect(venue.resting()).toEqual([]);
  });

  test('a list that cannot be had or read is no sign that nothing rests', () => {
    for (const text of ['', '[]', '{"orders":[{}]}', '{"cursor":"","positions":[]}', 'null']) {
      const clock = tapeScheduler(0);
      const told: Cancelled[] = [];
      const call: UrgentCall = (method) => within(clock, 5, answered(method === 'GET' ? 200 : 204, text));
      cancelEverything(call, clock, { patienceMs: 5_000 }).subscribe((result) => told.push(result));
      clock.runTo(60 * SECOND);
      expect(told).toEqual([
        { kind: 'notClear', resting: undefined, why: 'the list of orders could not be read' },
      ]);
    }
  });

  test('a list whose cursor leads in a circle ends, and is no sign that nothing rests', () => {
    const clock = tapeScheduler(0);
    const told: Cancelled[] = [];
    const call: UrgentCall = (method) =>
      within(clock, 5, answered(method === 'GET' ? 200 : 204, '{"orders":[],"cursor":"x"}'));
    cancelEverything(call, clock, { patienceMs: 1_000 }).subscribe((result) => told.push(result));
    clock.runTo(60 * SECOND);
    expect(told).toEqual([
      {
        kind: 'notClear',
        resting: undefined,
        why: 'the list of orders repeats its cursor and has no end',
      },
    ]);
  });

  test('a venue that takes no cancel is asked until patience ends, and what rests is told', () => {
    const clock = tapeScheduler(0);
    const told: Cancelled[] = [];
    let cancels = 0;
    const call: UrgentCall = (method, path) => {
      if (path === '/portfolio/events/orders') cancels++;
      const answer = method === 'GET' ? answered(200, { orders: [{ order_id: 'a' }] }) : answered(503);
      return within(clock, 5, answer);
    };
    cancelEverything(call, clock, { patienceMs: 4_000 }).subscribe((result) => told.push(result));
    clock.runTo(3 * SECOND);
    expect(told).toEqual([]);
    clock.runTo(60 * SECOND);
    expect(told).toEqual([
      {
        kind: 'notClear',
        resting: 1,
        why: '1 order still rests, a; the last cancel of everything: the answer was 503',
      },
    ]);
    expect(cancels).toBeGreaterThan(40);
  });

  test('a refused cancel is sent again before anything is listed', () => {
    const { venue, run, tookMs } = pull([order('a')], { fates: ['refused', 'tooMany', 'refused'] });
    run(60_000);
    expect(methods(venue.asked)).toEqual([ALL, ALL, ALL, ALL, LIST, ALL, LIST]);
    expect(tookMs()).toBe(445);
  });

  test('where no cancel is taken and nothing is listed, it takes three seconds to say that nothing rests', () => {
    const clock = tapeScheduler(0);
    let tookMs = Number.NaN;
    const call: UrgentCall = (method) =>
      within(clock, 5, method === 'GET' ? answered(200, '{"orders":[]}') : answered(409));
    cancelEverything(call, clock).subscribe(({ kind }) => {
      if (kind === 'clear') tookMs = clock.now();
    });
    clock.runTo(60 * SECOND);
    expect(tookMs).toBeGreaterThanOrEqual(3_000);
    expect(tookMs).toBeLessThan(3_500);
  });

  test('triggers every group on its shard before it says that nothing rests, a few at a time', () => {
    const groups = Array.from({ length: 11 }, (_, i) => ({ id: `g${i}`, shard: 2 }));
    const { venue, run, told } = pull([order('a', 2, { groupId: 'g10' })], {}, { groups });
    run(60_000);
    expect(told()).toEqual({ kind: 'clear', tries: 3 });
    for (const { id } of groups) expect(venue.isTriggered(id)).toBe(true);
  });

  test('leaves no timer and asks nothing more after it is left', () => {
    const clock = tapeScheduler(0);
    const venue = modelVenue(clock, { reach: 'nothing' });
    venue.arrive(order('a'));
    const running = cancelEverything(venue.call, clock).subscribe();
    clock.runTo(500 * MILLISECOND);
    running.unsubscribe();
    const asked = venue.asked.length;
    expect(clock.pending()).toBe(0);
    clock.runTo(60 * SECOND);
    expect(venue.asked).toHaveLength(asked);
  });

  test('under any faults of the venue that end, what is called clear is clear, and stays so', () => {
    const fate = fc.constantFrom<Fate>('done', 'refused', 'tooMany', 'doneAndRefused', 'lost');
    const placed = fc.record({
      shard: fc.constantFrom(0, 2, 3),
      subaccount: fc.constantFrom(0, 0, 5),
      grouped: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(placed, { maxLength: 60 }),
        fc.array(fc.tuple(placed, fc.integer({ min: 1, max: 250 })), { maxLength: 10 }),
        fc.record({
          reach: fc.constantFrom<Reach>('everything', 'everything', 'shard 0', 'nothing'),
          pageSize: fc.integer({ min: 1, max: 30 }),
          // What a taken cancel leaves is known by lists alone, and a list that lags cannot show it in time.
          lagMs: fc.integer({ min: 0, max: 1_500 }),
          takesMs: fc.integer({ min: 1, max: 80 }),
          fates: fc.array(fate, { maxLength: 15 }),
        }),
        (resting, late, options) => {
          const of = (each: (typeof resting)[number], id: string): ModelOrder => ({
            id,
            shard: each.shard,
            subaccount: each.subaccount,
            groupId: each.grouped && each.shard === 2 ? 'g' : undefined,
          });
          const lagMs = options.reach === 'everything' ? options.lagMs : 0;
          const pulled = pull(
            resting.map((each, i) => of(each, `r${i}`)),
            { ...options, lagMs },
            { groups: [{ id: 'g', shard: 2 }], patienceMs: 120_000 },
            late.map(([each, atMs], i) => ({ order: of(each, `l${i}`), atMs })),
          );
          pulled.run(150_000);
          expect(pulled.told()).toMatchObject({ kind: 'clear' });
          expect(pulled.restingThen()).toEqual([]);
          expect(pulled.venue.resting()).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
