import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count } from '../../src/domain/money.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { type SizingInput, sizeOf } from '../../src/pricing/sizing.ts';

const { sizing } = pricingSettings.parse({});
const base: SizingInput = {
  probability: 0.6,
  costDollars: 0.5,
  bankrollDollars: 1_000,
  heldCount: count(0),
  displayedCount: count(100_000),
};

describe('sizeOf', () => {
  test('a tenth of Kelly on 0.601 at 0.50 with a thousand dollars is forty contracts', () => {
    // f = 0.101/0.5 = 0.202; a tenth of it is $20.20, which buys 40.4 at $0.50.
    expect(sizeOf({ ...base, probability: 0.601 }, { ...sizing, maxOrderCount: 1e6 })).toBe(4_000);
  });

  test('property: held and bought together never exceed fractional Kelly, and nothing is ever negative', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        unit,
        unit,
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: -9_000, max: 9_000 }),
        fc.nat(90_000),
        fc.constantFrom(1, 100),
        (probability, costDollars, bankrollDollars, held, displayed, lotCount) => {
          const size = sizeOf(
            {
              probability,
              costDollars,
              bankrollDollars,
              heldCount: count(held),
              displayedCount: count(displayed),
            },
            { ...sizing, lotCount },
          );
          expect(size).toBeGreaterThanOrEqual(0);
          expect(size % lotCount).toBe(0);
          expect(size).toBeLessThanOrEqual(Math.min(displayed / 2, sizing.maxOrderCount));
          if (size === 0) return;
          expect(probability).toBeGreaterThan(costDollars);
          const stake = ((held + size) / 100) * costDollars;
          const kelly = ((probability - costDollars) / (1 - costDollars)) * bankrollDollars;
          expect(stake).toBeLessThanOrEqual(sizing.kellyFraction * kelly * (1 + 1e-9));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('the Kelly stake is the one whose expected log growth is greatest', () => {
    const growth = (stake: number) =>
      base.probability * Math.log(1 + (stake * (1 - base.costDollars)) / base.costDollars) +
      (1 - base.probability) * Math.log(1 - stake);
    const whole = { ...sizing, kellyFraction: 1, maxOrderCount: 1e9, displayedShare: 1, lotCount: 1 };
    const stake = (sizeOf(base, whole) / 100) * (base.costDollars / base.bankrollDollars);
    expect(growth(stake)).toBeGreaterThan(growth(stake * 1.02));
    expect(growth(stake)).toBeGreaterThan(growth(stake * 0.98));
  });

  test('without an edge, and for NaN anywhere, it is zero', () => {
    expect(sizeOf({ ...base, probability: 0.5 }, sizing)).toBe(0);
    expect(sizeOf({ ...base, probability: 0.4 }, sizing)).toBe(0);
    expect(sizeOf({ ...base, costDollars: 1 }, sizing)).toBe(0);
    expect(sizeOf({ ...base, bankrollDollars: -5 }, sizing)).toBe(0);
    for (const name of [
      'probability',
      'costDollars',
      'bankrollDollars',
      'heldCount',
      'displayedCount',
    ] as const)
      expect(sizeOf({ ...base, [name]: Number.NaN }, sizing)).toBe(0);
  });
});

describe('pricingSettings', () => {
  test('defaults are complete, and the market keeps its measured weight', () => {
    const settings = pricingSettings.parse({});
    expect(settings.edge.blend).toEqual({
      intercept: 0,
      marketWeight: 0.79,
      modelWeight: 0.21,
      modelWeightError: 0.133,
    });
    expect(settings.law.minToCloseMicros).toBe(15_000_000);
  });

  test('an unknown key is refused', () => {
    expect(pricingSettings.safeParse({ edge: { blend: { weight: 1 } } }).success).toBe(false);
  });
});
