import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keptFraction } from '../../src/pricing/drawdown.ts';

describe('keptFraction', () => {
  const limits = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  test('property: it is one at the peak, none at the limit, and falls all the way between them', () => {
    fc.assert(
      fc.property(limits, fc.double({ min: 1, max: 1e9, noNaN: true }), fc.nat(99), (limit, peak, step) => {
        const at = (drawn: number): number => keptFraction({ peak, equity: peak * (1 - drawn) }, limit);
        expect(at(0)).toBe(1);
        expect(at(limit + 1e-9)).toBe(0);
        expect(at((limit * step) / 100)).toBeGreaterThan(at((limit * (step + 1)) / 100));
      }),
    );
  });

  test('property: bets of the fraction that is kept never bring the account below its floor', () => {
    fc.assert(
      fc.property(
        limits,
        fc.array(fc.double({ min: 0, max: 0.9, noNaN: true }), { maxLength: 200 }),
        (limit, losses) => {
          let equity = 1_000;
          // A bet of the whole stake that loses a part of it, as a fraction of the bankroll no larger than the limit.
          for (const loss of losses)
            equity -= equity * limit * loss * keptFraction({ peak: 1_000, equity }, limit);
          expect(equity).toBeGreaterThanOrEqual(1_000 * (1 - limit) * (1 - 1e-9));
        },
      ),
    );
  });

  test('a limit of one keeps nothing back, and what is worth nothing or is NaN buys nothing', () => {
    expect(keptFraction({ peak: 1_000, equity: 10 }, 1)).toBe(1);
    expect(keptFraction({ peak: 0, equity: 0 }, 1)).toBe(0);
    expect(keptFraction({ peak: 1_000, equity: Number.NaN }, 0.5)).toBe(0);
    expect(keptFraction({ peak: Number.NaN, equity: 10 }, 0.5)).toBe(0);
  });
});
