import { describe, expect, test } from '@jest/globals';
import type { Decision } from '../../../src/domain/events/decision.ts';
import { priceTicks } from '../../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { counterfactual, nearestChange } from '../../../src/research/report/nearest-change.ts';
import { nearestRecord } from '../../../src/research/report/nearest-record.ts';
import { decisionAt } from '../../telemetry/samples.ts';

const AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;

const refused = (
  failing: readonly string[],
  wouldChange: Partial<NonNullable<Decision['wouldChange']>>,
  { at = AT, ticker = 'T' } = {},
): Decision => {
  const made = decisionAt(at, failing);
  return {
    ...made,
    ticker,
    verdict: 'abstained',
    proposal: { ...made.proposal, ticker, side: 'bid', limitTicks: priceTicks(4_300), feeDollars: 0.02 },
    wouldChange: { priceTicks: undefined, volatilityFactor: undefined, at: undefined, ...wouldChange },
  };
};

describe('nearestChange', () => {
  test('is the nearer of price and volatility where the edge alone refused, a cent as near as a per cent', () => {
    const price = { priceTicks: priceTicks(4_100) };
    expect(nearestChange(refused(['edge'], { ...price, volatilityFactor: 1.03 }))).toMatchObject({
      kind: 'price',
      amount: expect.closeTo(2, 9),
    });
    expect(nearestChange(refused(['edge'], { ...price, volatilityFactor: 0.99 }))).toMatchObject({
      kind: 'volatility',
      amount: expect.closeTo(1, 9),
    });
  });

  test('time turns what time alone ends, and nothing turns two reasons of different kinds', () => {
    const at = AT + 30 * SECOND;
    expect(nearestChange(refused(['cooldown'], { at }))).toMatchObject({ kind: 'time', amount: 30 });
    expect(
      nearestChange(refused(['edge', 'cooldown'], { at, priceTicks: priceTicks(4_100) })),
    ).toBeUndefined();
    expect(nearestChange(refused(['cooldown', 'spread'], { at }))).toBeUndefined();
    expect(nearestChange(refused(['spread'], { priceTicks: priceTicks(4_100) }))).toBeUndefined();
  });

  test('a refused proposal is valued by its result at its price after the fee, where those are known', () => {
    expect(counterfactual(refused(['edge'], {}), 'yes')).toBeCloseTo(1 - 0.43 - 0.02, 9);
    expect(counterfactual(refused(['edge'], {}), 'no')).toBeCloseTo(-0.43 - 0.02, 9);
    expect(counterfactual(refused(['edge'], {}), undefined)).toBeUndefined();
    const { proposal } = refused(['edge'], {});
    expect(counterfactual({ proposal: { ...proposal, side: 'ask' } }, 'no')).toBeCloseTo(0.43 - 0.02, 9);
    expect(counterfactual({ proposal: { ...proposal, feeDollars: null } }, 'yes')).toBeUndefined();
  });
});

describe('nearestRecord', () => {
  test('a contract counts once a minute for a reason, and its nearest refusal is the one that is told', () => {
    const record = nearestRecord((ticker) => (ticker === 'T' ? 'yes' : undefined));
    const priced = (ticks: number, at: number, ticker = 'T') =>
      record.add(refused(['edge'], { priceTicks: priceTicks(ticks) }, { at, ticker }));
    priced(4_000, AT);
    priced(4_290, AT + SECOND);
    priced(4_200, AT + MINUTE);
    priced(3_800, AT + MINUTE, 'U');
    record.add(refused(['spread'], {}));
    record.add({ ...refused([], {}), verdict: 'approved' });
    const { rows, nearest } = record.read();
    expect(rows).toEqual([
      {
        reason: 'edge',
        refused: 3,
        turnedBy: { price: 3, volatility: 0, time: 0 },
        cents: expect.closeTo(3, 9),
        percent: undefined,
        seconds: undefined,
      },
      expect.objectContaining({
        reason: 'spread',
        refused: 1,
        turnedBy: { price: 0, volatility: 0, time: 0 },
      }),
    ]);
    expect(nearest.map(({ ticker, amount, wouldDollars }) => [ticker, amount, wouldDollars])).toEqual([
      ['T', expect.closeTo(1, 9), expect.closeTo(0.55, 9)],
      ['U', expect.closeTo(5, 9), undefined],
    ]);
  });

  test('of many contracts the twenty nearest are told', () => {
    const record = nearestRecord(() => undefined);
    for (let i = 0; i < 300; i++)
      record.add(refused(['edge'], { volatilityFactor: 1 + ((i * 37) % 300) / 1_000 }, { ticker: `T${i}` }));
    const { nearest } = record.read();
    expect(nearest.map(({ amount }) => Math.round(10 * amount))).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  });
});
