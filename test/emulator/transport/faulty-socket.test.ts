import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND } from '../../../src/domain/time.ts';
import { DATA_CHANNELS } from '../../../src/emulator/transport/data-channel.ts';
import { type Fault, faultSchema } from '../../../src/emulator/transport/fault.ts';
import { faults } from '../../../src/emulator/transport/faults.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import { bench, request } from '../bench.ts';
import '../../support/properties.ts';

const TYPES = {
  orderbook_delta: 'orderbook_delta',
  fill: 'fill',
  user_orders: 'user_order',
  market_positions: 'market_position',
  order_group_updates: 'order_group_updates',
} as const;
type Channel = keyof typeof TYPES;
const CHANNELS = Object.keys(TYPES) as Channel[];
/** The n-th text of a channel, as Kalshi writes it. */
const text = (channel: Channel, n: number): string =>
  `{"type":"${TYPES[channel]}","sid":3,"msg":{"n":${n}}}\n`;
const named = (said: string): string => {
  const { type, msg } = JSON.parse(said) as { type: string; msg: { n: number } };
  return `${CHANNELS.find((channel) => TYPES[channel] === type)} ${msg.n}`;
};

const desk = () => {
  const clock = tapeScheduler(0);
  const under = faults(clock, () => {
    throw new Error('no fault of this test reaches a venue');
  });
  const heard: string[] = [];
  const { say } = under.socket('kalshi', { say: (said) => heard.push(named(said)), end: () => {} });
  return {
    heard,
    say: (channel: Channel, n: number) => say(text(channel, n)),
    to: (ms: number) => clock.runTo(ms * MILLISECOND),
    inject: (fault: Partial<Fault>) => under.inject(faultSchema.parse({ venue: 'kalshi', ...fault })),
  };
};

describe('faults of the member’s own frames, which have no sequence', () => {
  test.each(['fill', 'user_orders', 'market_positions'] as const)(
    'a hole, a duplicate and a swap reach %s',
    (channel) => {
      const { heard, say, inject } = desk();
      inject({ kind: 'hole' });
      say(channel, 1);
      inject({ kind: 'duplicate' });
      say(channel, 2);
      inject({ kind: 'reorder' });
      say(channel, 3);
      say(channel, 4);
      expect(heard).toEqual([2, 2, 4, 3].map((n) => `${channel} ${n}`));
    },
  );

  test('one channel alone is struck if it is named, and the strike waits for it', () => {
    const { heard, say, inject } = desk();
    inject({ kind: 'hole', only: 'fill', value: 2 });
    inject({ kind: 'duplicate', only: 'market_positions' });
    for (const channel of CHANNELS) say(channel, 1);
    for (const channel of CHANNELS) say(channel, 2);
    say('fill', 3);
    expect(heard).toEqual([
      'orderbook_delta 1',
      'user_orders 1',
      'market_positions 1',
      'market_positions 1',
      'order_group_updates 1',
      'orderbook_delta 2',
      'user_orders 2',
      'market_positions 2',
      'order_group_updates 2',
      'fill 3',
    ]);
  });

  test('fills alone can be late: other channels overtake them, and fills keep their order', () => {
    const { heard, say, inject, to } = desk();
    inject({ kind: 'delay', only: 'fill', spanMs: 100, value: 500 });
    say('fill', 1);
    say('user_orders', 1);
    to(50);
    say('fill', 2);
    to(200);
    say('fill', 3);
    expect(heard).toEqual(['user_orders 1']);
    to(1_000);
    expect(heard).toEqual(['user_orders 1', 'fill 1', 'fill 2', 'fill 3']);
  });

  test('every channel with data has texts that are struck', () => {
    for (const channel of CHANNELS) expect(DATA_CHANNELS).toContain(channel);
  });

  test('property: each channel loses, doubles and delays exactly what was asked of it, and keeps its order', () => {
    const channel = fc.constantFrom(...CHANNELS);
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('say' as const), channel }) },
      fc.record({
        kind: fc.constantFrom('hole' as const, 'duplicate' as const),
        channel,
        value: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ kind: fc.constant('delay' as const), channel, value: fc.integer({ min: 0, max: 300 }) }),
      fc.record({ kind: fc.constant('wait' as const), value: fc.integer({ min: 1, max: 200 }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60, size: 'max' }), (acts) => {
        const { heard, say, inject, to } = desk();
        const expected = new Map<Channel, string[]>(CHANNELS.map((each) => [each, []]));
        const armed = new Map<string, number>();
        let at = 0;
        acts.forEach((each, n) => {
          if (each.kind === 'wait') {
            at += each.value;
            to(at);
          } else if (each.kind === 'delay')
            inject({ kind: 'delay', only: each.channel, value: each.value, spanMs: 100 });
          else if (each.kind !== 'say') {
            inject({ kind: each.kind, only: each.channel, value: each.value });
            const key = `${each.kind} ${each.channel}`;
            armed.set(key, (armed.get(key) ?? 0) + each.value);
          } else {
            say(each.channel, n);
            const use = (kind: string): boolean => {
              const left = armed.get(`${kind} ${each.channel}`) ?? 0;
              armed.set(`${kind} ${each.channel}`, Math.max(0, left - 1));
              return left > 0;
            };
            if (use('hole')) return;
            const copies = use('duplicate') ? 2 : 1;
            for (let i = 0; i < copies; i++) expected.get(each.channel)?.push(`${each.channel} ${n}`);
          }
        });
        to(at + 100_000);
        for (const each of CHANNELS)
          expect(heard.filter((said) => said.startsWith(`${each} `))).toEqual(expected.get(each));
      }),
    );
  });
});

describe('faults of one kind of call', () => {
  test('a value is how many calls are struck, and only those that are named', () => {
    const { venues } = bench();
    const { faults: under } = venues;
    const cancel = request('/trade-api/v2/portfolio/events/orders/an-id', { method: 'DELETE' });
    const create = request('/trade-api/v2/portfolio/events/orders', { method: 'POST' });
    under.inject(faultSchema.parse({ kind: 'serverError', venue: 'kalshi', value: 1, only: 'cancel' }));
    expect([create, cancel, cancel].map((call) => under.http('kalshi', call))).toEqual([
      'answer',
      'serverError',
      'answer',
    ]);
  });
});
