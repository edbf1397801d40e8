import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jointKelly, type KellyBet } from '../../src/pricing/joint-kelly.ts';

const growthOf = (
  weights: readonly number[],
  wealth: readonly number[],
  bets: readonly KellyBet[],
  counts: readonly number[],
): number =>
  weights.reduce((sum, weight, k) => {
    const end = bets.reduce((w, { returns }, j) => w + (counts[j] ?? 0) * (returns[k] ?? 0), wealth[k] ?? 0);
    return sum + weight * Math.log(Math.max(0, end));
  }, 0);

/** A made close: three to six outcomes, and contracts that pay in a run of them. */
const closes = fc.integer({ min: 3, max: 6 }).chain((outcomes) =>
  fc.record({
    weights: fc
      .array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: outcomes, maxLength: outcomes })
      .map((raw) => raw.map((weight) => weight / raw.reduce((a, b) => a + b, 0))),
    wealth: fc.array(fc.double({ min: 20, max: 200, noNaN: true }), {
      minLength: outcomes,
      maxLength: outcomes,
    }),
    bets: fc.array(
      fc
        .record({
          from: fc.nat(outcomes - 1),
          length: fc.integer({ min: 1, max: outcomes - 1 }),
          cost: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
          most: fc.double({ min: 0, max: 400, noNaN: true }),
        })
        .map(({ from, length, cost, most }) => ({
          most,
          returns: Array.from(
            { length: outcomes },
            (_, k) => (k >= from && k < from + length ? 1 : 0) - cost,
          ),
        })),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

/** Exhaustive search on a grid that is refined around its best point; knows nothing of slopes. */
function searched({ weights, wealth, bets }: { weights: number[]; wealth: number[]; bets: KellyBet[] }) {
  let low = bets.map(() => 0);
  let high = bets.map(({ most }) => most);
  let best = bets.map(() => 0);
  let value = growthOf(weights, wealth, bets, best);
  for (let round = 0; round < 16; round++) {
    const points = 8;
    const total = (points + 1) ** bets.length;
    for (let n = 0; n < total; n++) {
      const at = bets.map((_, j) => {
        const i = Math.floor(n / (points + 1) ** j) % (points + 1);
        return (low[j] as number) + (((high[j] as number) - (low[j] as number)) * i) / points;
      });
      const found = growthOf(weights, wealth, bets, at);
      if (found > value) [best, value] = [at, found];
    }
    const spans = bets.map((_, j) => ((high[j] as number) - (low[j] as number)) / 4);
    low = best.map((count, j) => Math.max(0, count - (spans[j] as number)));
    high = best.map((count, j) => Math.min((bets[j] as KellyBet).most, count + (spans[j] as number)));
  }
  return value;
}

describe('jointKelly', () => {
  test('property: no counts found by exhaustive search grow faster', () => {
    fc.assert(
      fc.property(closes, (close) => {
        const counts = jointKelly(close.weights, close.wealth, close.bets);
        counts.forEach((count, j) => {
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual((close.bets[j] as KellyBet).most);
        });
        const found = growthOf(close.weights, close.wealth, close.bets, counts);
        expect(found).toBeGreaterThan(searched(close) - 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('property: with many bets every slope obeys the conditions of the greatest value', () => {
    const many = fc.integer({ min: 10, max: 30 }).chain((outcomes) =>
      fc.record({
        raw: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), {
          minLength: outcomes,
          maxLength: outcomes,
        }),
        errors: fc.array(fc.double({ min: -0.06, max: 0.06, noNaN: true }), {
          minLength: outcomes - 1,
          maxLength: outcomes - 1,
        }),
        most: fc.double({ min: 1, max: 300, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(many, ({ raw, errors, most }) => {
        const total = raw.reduce((a, b) => a + b, 0);
        const weights = raw.map((weight) => weight / total);
        // One contract a strike, on the side that its mistake makes cheap.
        const bets = errors.map((error, i) => {
          const above = weights.slice(i + 1).reduce((a, b) => a + b, 0);
          const yes = error < 0;
          const cost = Math.min(0.98, Math.max(0.02, (yes ? above : 1 - above) - Math.abs(error)));
          return { most, returns: weights.map((_, k) => (k > i === yes ? 1 : 0) - cost) };
        });
        const wealth = weights.map(() => 100);
        const counts = jointKelly(weights, wealth, bets);
        const ends = weights.map((_, k) =>
          bets.reduce((sum, { returns }, j) => sum + (counts[j] as number) * (returns[k] as number), 100),
        );
        bets.forEach(({ returns }, j) => {
          const slope = returns.reduce(
            (sum, r, k) => sum + (r * (weights[k] as number)) / (ends[k] as number),
            0,
          );
          if (counts[j] === 0) expect(slope).toBeLessThan(1e-7);
          else if (counts[j] === most) expect(slope).toBeGreaterThan(-1e-7);
          else expect(Math.abs(slope)).toBeLessThan(1e-7);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('one binary bet gets the fraction that Kelly gave, and what may ruin or is NaN gets nothing', () => {
    // f = (0.6 − 0.5)/(1 − 0.5) of 100 dollars at 0.50 a contract.
    const bet = { returns: [0.5, -0.5], most: 1e9 };
    expect(jointKelly([0.6, 0.4], [100, 100], [bet])[0]).toBeCloseTo(40, 6);
    expect(jointKelly([0.6, 0.4], [100, 0], [bet])).toEqual([0]);
    expect(jointKelly([0.6, 0.4], [100, Number.NaN], [bet])).toEqual([0]);
    expect(jointKelly([0.6, Number.NaN], [100, 100], [bet])).toEqual([0]);
    expect(jointKelly([0.6, 0.4], [100, 100], [{ returns: [0.5, Number.NaN], most: 1 }])).toEqual([0]);
    expect(jointKelly([0.6, 0.4], [100, 100], [{ ...bet, most: Number.NaN }])).toEqual([0]);
  });

  test('two contracts that pay exactly alike share one stake', () => {
    const bet = { returns: [0.5, -0.5], most: 30 };
    const [a = 0, b = 0] = jointKelly([0.6, 0.4], [100, 100], [bet, bet]);
    expect(a + b).toBeCloseTo(40, 5);
  });
});
