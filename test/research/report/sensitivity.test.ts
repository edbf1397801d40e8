import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR, MINUTE } from '../../../src/domain/time.ts';
import { sensitivityOf } from '../../../src/research/report/sensitivity.ts';
import type { Traded } from '../../../src/research/report/traded.ts';
import '../../support/properties.ts';

const CLOSE_AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;

const traded = (of: Partial<Traded> = {}): Traded => ({
  ticker: 'T',
  at: CLOSE_AT - 5 * MINUTE,
  closeAt: CLOSE_AT,
  close: 'KX 1',
  side: 'bid',
  taker: true,
  price: 0.4,
  contracts: 2,
  feeDollars: 0.04,
  mids: {},
  settled: 1,
  edgeDollars: 0.03,
  modelProbability: 0.5,
  mid: 0.4,
  ...of,
});
const rowOf = (fills: readonly Traded[], what: string) =>
  sensitivityOf(fills).find((row) => row.what === what);

const made = fc.record({
  side: fc.constantFrom<'bid' | 'ask'>('bid', 'ask'),
  taker: fc.boolean(),
  price: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  contracts: fc.integer({ min: 1, max: 20 }),
  feeDollars: fc.double({ min: 0, max: 0.2, noNaN: true }),
  settled: fc.constantFrom<0 | 1 | undefined>(0, 1, undefined),
  edgeDollars: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
  hour: fc.nat(5),
});

describe('sensitivityOf', () => {
  test('property: fees, thresholds and fills of resting orders, as written out', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 12 }), (list) => {
        const fills = list.map(({ hour, ...of }) => traded({ ...of, closeAt: CLOSE_AT + hour * HOUR }));
        const total = (kept: readonly Traded[], fees = 1): number =>
          kept.reduce(
            (sum, { side, price, contracts, feeDollars, settled }) =>
              settled === undefined
                ? sum
                : sum + (side === 'bid' ? settled - price : price - settled) * contracts - fees * feeDollars,
            0,
          );
        expect(rowOf(fills, 'as it was')?.totalDollars).toBeCloseTo(total(fills), 9);
        expect(rowOf(fills, 'no fees')?.totalDollars).toBeCloseTo(total(fills, 0), 9);
        expect(rowOf(fills, 'fees × 2')?.totalDollars).toBeCloseTo(total(fills, 2), 9);
        const sure = fills.filter(({ edgeDollars }) => (edgeDollars ?? -1) >= 0.05);
        expect(rowOf(fills, 'edge of at least 5 ¢')?.totalDollars).toBeCloseTo(total(sure), 9);
        const takers = fills.filter(({ taker }) => taker);
        const queue = rowOf(fills, 'no fill of a resting order');
        if (takers.length === fills.length) expect(queue).toBeUndefined();
        else expect(queue?.totalDollars).toBeCloseTo(total(takers), 9);
      }),
    );
  });

  test('a taker that comes later pays what the middle moved against it, and keeps no gain; a maker pays nothing', () => {
    const against = traded({ mids: { 1: 0.45 } });
    const wanted = traded({ mids: { 1: 0.3 } });
    const sold = traded({ side: 'ask', settled: 0, mids: { 1: 0.35 } });
    const whole = (fills: readonly Traded[]): number => rowOf(fills, 'as it was')?.totalDollars ?? Number.NaN;
    const later = (fills: readonly Traded[]): number =>
      rowOf(fills, 'takers 1 s later')?.totalDollars ?? Number.NaN;
    expect(whole([against]) - later([against])).toBeCloseTo(2 * 0.05, 9);
    expect(later([wanted])).toBeCloseTo(whole([wanted]), 9);
    expect(whole([sold]) - later([sold])).toBeCloseTo(2 * 0.05, 9);
    const maker = traded({ taker: false, mids: { 1: 0.45 } });
    expect(later([maker])).toBeCloseTo(whole([maker]), 9);
  });

  test('where the model weighs less, an order that only the model wanted is left out', () => {
    // Of the middle at 40 ¢ and a model at 60 %: a tenth of it is worth 42 ¢, half of it 50 ¢.
    const fills = [traded({ modelProbability: 0.6, price: 0.45, contracts: 1, feeDollars: 0.01 })];
    expect(rowOf(fills, 'edge left where the model weighs 0.1')?.fills).toBe(0);
    expect(rowOf(fills, 'edge left where the model weighs 0.5')?.fills).toBe(1);
    expect(rowOf([traded({ modelProbability: null })], 'edge left where the model weighs 0.5')?.fills).toBe(
      0,
    );
  });
});
