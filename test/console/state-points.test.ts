import { describe, expect, test } from '@jest/globals';
import type { ConsoleState, ContractView, OrderView, Payoff } from '../../src/console/state.ts';
import { statePoints } from '../../src/console/state-points.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { abstentionPoints } from '../../src/telemetry/abstention-points.ts';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { stateMeasurements } from '../../src/telemetry/state-measurements.ts';
import { decisionAt } from '../telemetry/samples.ts';
import { modelOf } from './session.ts';

const AT = 1_780_000_020_000_000;
const empty = modelOf().snapshot();
const state = (
  at: number,
  maps: Partial<ConsoleState['maps']> = {},
  values: Partial<ConsoleState['values']> = {},
): ConsoleState => ({
  ...empty,
  seq: 1,
  at,
  values: { ...empty.values, ...values },
  maps: { ...empty.maps, ...maps },
});
const contract = (floorDollars: number, closeAt: number): ContractView =>
  ({
    ticker: `KXBTC-26MAY-T${floorDollars}`,
    asset: 'BTC',
    series: 'KXBTC',
    openAt: AT - MINUTE,
    closeAt,
    floorDollars,
    capDollars: null,
    result: null,
    live: true,
    bidTicks: 4000,
    askTicks: 4200,
    fairTicks: 4100.5,
    fairErrorTicks: 80,
    position: 0,
  }) as unknown as ContractView;
const of = <T extends { readonly measurement: string }>(points: readonly T[], name: string): readonly T[] =>
  points.filter(({ measurement }) => measurement === name);

describe('statePoints', () => {
  test('a state before the first event gives nothing', () => {
    expect(statePoints()(empty)).toEqual([]);
  });

  test('contracts of the next close are ranked from the strike nearest to the index, ten to either side', () => {
    const soon = Array.from({ length: 40 }, (_, i) => contract(80_000 + 100 * i, AT + MINUTE));
    const late = contract(81_500, AT + 9 * MINUTE);
    const over = contract(81_500, AT - 1);
    const contracts = Object.fromEntries(
      [{ ...late, ticker: 'late' }, ...soon, { ...over, ticker: 'over' }].map((each) => [each.ticker, each]),
    );
    const assets = {
      BTC: { asset: 'BTC', indexDollars: 81_540, cone: [] },
    } as unknown as ConsoleState['maps']['assets'];
    const fair = of(statePoints()(state(AT, { contracts, assets })), 'fair');
    expect(fair.map(({ tags, fields }) => [tags['rank'], fields['ticker']])).toEqual(
      Array.from({ length: 21 }, (_, i) => [String(i - 10), `KXBTC-26MAY-T${80_500 + 100 * i}`]),
    );
  });

  test('a payoff curve has 41 steps, keeps its jumps and marks its worst value at exactly that value', () => {
    const points = [
      [100, 5],
      [119.99, 5],
      [120, -3],
      [130, -3],
      [130.01, 2],
      [180, 2],
    ] as const;
    const curve = (closeAt: number): Payoff => ({ asset: 'BTC', closeAt, points, worst: [120, -3] });
    const payoffs = {
      a: curve(AT + 9 * MINUTE),
      b: curve(AT + MINUTE),
      c: curve(AT + 20 * MINUTE),
      d: curve(AT - 1),
    };
    const made = of(statePoints()(state(AT, { payoffs })), 'payoff');
    expect(made.length).toBe(82);
    const next = made.filter(({ tags }) => tags['close'] === 'next');
    expect(new Set(next.map(({ fields }) => fields['closeAt']))).toEqual(new Set([AT + MINUTE]));
    expect(
      next
        .filter(({ fields }) => fields['worst'])
        .map(({ fields }) => [fields['valueDollars'], fields['pnlDollars']]),
    ).toEqual([[120, -3]]);
    for (const { fields } of next) {
      const value = Number(fields['valueDollars']);
      expect(fields['pnlDollars']).toBe(value < 120 ? 5 : value < 130.01 ? -3 : 2);
    }
  });

  test('a markout and a latency are told once, when they are known, and an order that is gone is forgotten', () => {
    const take = statePoints();
    const order = (answeredMs: number | null, one: number | null) =>
      ({
        o: {
          clientOrderId: 'o',
          ticker: 'KXBTC-A',
          side: 'bid',
          answeredMs,
          endedMs: null,
          markouts: { 1: one, 5: null, 30: null, 60: null },
        },
      }) as unknown as Readonly<Record<string, OrderView>>;
    const told = (at: number, orders: Readonly<Record<string, OrderView>>) =>
      take(state(at, { orders }))
        .filter(({ measurement }) => measurement === 'markout' || measurement === 'orderLatency')
        .map(({ measurement, tags }) => [measurement, tags['stage'] ?? tags['seconds']]);
    expect(told(AT, order(null, null))).toEqual([]);
    expect(told(AT + SECOND, order(12, null))).toEqual([['orderLatency', 'answered']]);
    expect(told(AT + 2 * SECOND, order(12, -40))).toEqual([['markout', '1']]);
    expect(told(AT + 3 * SECOND, order(12, -40))).toEqual([]);
  });

  test('the word comes when it changes and once a minute, with its number; limits come each time', () => {
    const take = statePoints();
    const limits = [
      { name: 'dayLoss', title: 'loss of the day', unit: 'dollars' as const, used: 30, limit: 40 },
    ];
    const at = (seconds: number, word: 'TRADING' | 'HALTED') =>
      take(state(AT + seconds * SECOND, {}, { limits, word: { word, reason: 'r', since: AT } })).map(
        ({ measurement, tags, fields }) => [
          measurement,
          tags['word'] ?? tags['name'],
          fields['code'] ?? fields['headroom'],
        ],
      );
    const limit = ['limit', 'dayLoss', 10];
    expect(at(0, 'TRADING')).toEqual([limit, ['state', 'TRADING', 4]]);
    expect(at(1, 'TRADING')).toEqual([limit]);
    expect(at(2, 'HALTED')).toEqual([limit, ['state', 'HALTED', 1]]);
    expect(at(62, 'HALTED')).toEqual([limit, ['state', 'HALTED', 1]]);
  });

  test('every point has the tags of the catalogue exactly, and no field that it does not know', () => {
    const catalogue: Readonly<Record<string, Measurement>> = stateMeasurements;
    const soon = contract(80_000, AT + MINUTE);
    for (const { measurement, tags, fields } of statePoints()(state(AT, { contracts: { a: soon } }))) {
      expect(Object.keys(tags).sort()).toEqual(Object.keys(catalogue[measurement]?.tags ?? {}).sort());
      expect(Object.keys(catalogue[measurement]?.fields ?? {})).toEqual(
        expect.arrayContaining(Object.keys(fields)),
      );
    }
  });
});

describe('abstentionPoints', () => {
  test('a minute that is over has one count a series and check that refused first', () => {
    const counts = abstentionPoints();
    const minute = Math.floor(AT / MINUTE) * MINUTE;
    for (const [seconds, failing] of [
      [1, ['edge', 'warm']],
      [2, ['edge']],
      [3, []],
      [4, ['spread']],
      [61, ['edge']],
    ] as const)
      counts.add(decisionAt(minute + seconds * SECOND, failing));
    expect(counts.take(minute + 59 * SECOND)).toEqual([]);
    expect(
      counts.take(minute + MINUTE).map(({ at, tags, fields }) => [at, tags['check'], fields['count']]),
    ).toEqual([
      [minute, 'edge', 2],
      [minute, 'spread', 1],
    ]);
    expect(counts.take(minute + MINUTE)).toEqual([]);
  });
});
