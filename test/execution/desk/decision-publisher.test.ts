import { describe, expect, test } from '@jest/globals';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { decisionMarket } from '../../../src/execution/desk/decision-market.ts';
import { decisionPublisher } from '../../../src/execution/desk/decision-publisher.ts';
import { emptyMarket } from '../../../src/execution/desk/market-state.ts';
import { emptySlot, type Slot } from '../../../src/execution/desk/slot.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { unpriced } from '../../../src/pricing/close-moments.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { contextOf } from '../../risk/samples.ts';
import { BTC } from '../../support/assets.ts';

const { proposal } = contextOf();
const evaluation = (failing: readonly string[], limitTicks = 5_000, side: 'bid' | 'ask' = 'bid') => ({
  proposal: { ...proposal, side, limitTicks: priceTicks(limitTicks) },
  moments: unpriced('noForecast'),
  judgement: {
    verdict: failing.length === 0 ? ('approved' as const) : ('abstained' as const),
    findings: [],
    failing,
  },
});
const market = emptyMarket(BTC, executionSettings.parse({}).desk, pricingSettings.parse({}).twin);
const slotOf = (ticker: string): Slot => emptySlot(ticker, market, 0);
const details = () => ({
  market: decisionMarket(undefined, undefined),
  model: undefined,
  wouldChange: undefined,
  inputs: '00000000',
});

describe('decisionPublisher', () => {
  test('tells the first verdict, every change of what refuses, of side or of price, and nothing between', () => {
    const decisionOf = decisionPublisher(60 * SECOND);
    const slot = slotOf('A');
    const steps = [
      [evaluation(['edge']), true],
      [evaluation(['edge']), false],
      [evaluation(['edge', 'spread']), true],
      [evaluation(['edge', 'spread'], 5_100), true],
      [evaluation(['edge', 'spread'], 5_100, 'ask'), true],
      [evaluation(['edge', 'spread'], 5_100, 'ask'), false],
      [evaluation(['edge']), true],
    ] as const;
    const told = steps.map(([step], i) => decisionOf(slot, step, i * SECOND, details));
    expect(told.map((decision) => decision !== undefined)).toEqual(steps.map(([, wanted]) => wanted));
    expect(told.flatMap((decision) => decision?.id ?? [])).toEqual([1, 2, 3, 4, 5]);
  });

  test('numbers that moved without changing the verdict are not told', () => {
    const decisionOf = decisionPublisher(60 * SECOND);
    const slot = slotOf('A');
    decisionOf(slot, evaluation(['edge']), 0, details);
    const { proposal: same, ...rest } = evaluation(['edge']);
    const moved = { ...rest, proposal: { ...same, edgeDollars: -1, count: count(7) } };
    expect(decisionOf(slot, moved, SECOND, details)).toBeUndefined();
  });

  test('an unchanged refusal is told again once its span has passed since it was told', () => {
    const decisionOf = decisionPublisher(10 * SECOND);
    const slot = slotOf('A');
    const told = [0, 5, 9.999999, 10, 15, 19.999999, 20].filter((seconds) =>
      decisionOf(slot, evaluation(['edge']), seconds * SECOND, details),
    );
    expect(told).toEqual([0, 10, 20]);
  });

  test('an approval is always told, even one like the last', () => {
    const decisionOf = decisionPublisher(60 * SECOND);
    const slot = slotOf('A');
    expect(decisionOf(slot, evaluation([]), 0, details)?.verdict).toBe('approved');
    expect(decisionOf(slot, evaluation([]), 1, details)?.verdict).toBe('approved');
  });

  test('what is not a number is told as not known, so that a decision survives JSON', () => {
    const { proposal: priced, ...rest } = evaluation(['priced']);
    const unknown = {
      ...rest,
      proposal: { ...priced, modelProbability: Number.NaN, edgeDollars: Number.NEGATIVE_INFINITY },
      judgement: {
        ...rest.judgement,
        findings: [{ check: 'priced', observed: Number.NaN, limit: 1, headroom: Number.NaN }],
      },
    };
    const decision = decisionPublisher(60 * SECOND)(slotOf('A'), unknown, 0, details);
    expect(decision?.proposal).toEqual({ ...priced, modelProbability: null, edgeDollars: null });
    expect(decision?.findings).toEqual([{ check: 'priced', observed: null, limit: 1, headroom: null }]);
    expect(JSON.parse(JSON.stringify(decision))).toEqual(
      Object.fromEntries(Object.entries(decision ?? {}).filter(([, value]) => value !== undefined)),
    );
  });

  test('details are asked for only when something is told', () => {
    const decisionOf = decisionPublisher(60 * SECOND);
    const slot = slotOf('A');
    let asked = 0;
    const counted = () => {
      asked++;
      return details();
    };
    for (let i = 0; i < 5; i++) decisionOf(slot, evaluation(['edge']), i, counted);
    expect(asked).toBe(1);
  });

  test('contracts are told apart, and numbered in one row', () => {
    const decisionOf = decisionPublisher(60 * SECOND);
    const ids = ['A', 'B', 'C'].map(
      (ticker) => decisionOf(slotOf(ticker), evaluation(['edge']), 0, details)?.id,
    );
    expect(ids).toEqual([1, 2, 3]);
  });
});
