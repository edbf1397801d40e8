import { describe, expect, test } from '@jest/globals';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import { contractOf } from '../../portfolio/samples.ts';
import { deskBench } from './desk-bench.ts';

const [A, B] = ['KXBTCD-A', 'KXBTCD-B'] as const;
const FLOOR = contractOf().floorUnits ?? 0;

/** A ready desk that would take nothing by itself, with a second strike $10 above the first. */
function bench(bundles: Record<string, unknown> = {}) {
  const made = deskBench({ risk: { edgeMinDollars: 1 }, bundles });
  made.ready();
  made.contract({ ticker: B, floorUnits: FLOOR + 1_000 });
  return made;
}

describe('the desk reads the ladder of a close', () => {
  test('a higher strike that is dearer than a lower one is told once, with its size and findings, and again when it is gone', () => {
    const made = bench();
    made.book(3_800, 4_000, A);
    made.book(5_000, 5_200, B);
    made.pass(SECOND);
    made.delta('ask', 4_300, 200, A);
    made.pass(SECOND);
    expect(made.only('bundle')).toHaveLength(1);
    expect(made.only('bundle')[0]).toMatchObject({
      asset: 'BTC',
      closeAt: contractOf().closeAt,
      state: 'found',
      count: 10_000,
      costDollars: 100 * 0.9 + 1.68 + 1.75,
      payoffDollars: 100,
      failing: [],
      findings: [
        { check: 'bundleProfit', observed: 6.57 - 2, limit: 0.05 },
        { check: 'bundleLegs', observed: 2, limit: 6 },
      ],
    });
    expect(
      made
        .only('bundle')[0]
        ?.legs.map(({ ticker, side }) => [ticker, side])
        .sort(),
    ).toEqual([
      [A, 'bid'],
      [B, 'ask'],
    ]);
    made.delta('bid', 5_000, -10_000, B);
    made.pass(SECOND);
    const [, gone, more] = made.only('bundle');
    expect(more).toBeUndefined();
    expect(gone).toMatchObject({ state: 'gone', count: 10_000 });
    expect(Math.abs((gone?.lastedMicros ?? 0) - 2 * SECOND)).toBeLessThan(200 * MILLISECOND);
    // It is off: nothing was bought.
    expect(made.orders()).toEqual([]);
  });

  test('coherent strikes, a crossed book, a void book and a contract of another close hold no bundle', () => {
    const made = bench();
    made.book(5_000, 5_200, A);
    made.book(4_800, 5_000, B);
    made.pass(SECOND);
    made.contract({
      ticker: 'KXBTCD-C',
      floorUnits: FLOOR + 2_000,
      closeAt: contractOf().closeAt + 900 * SECOND,
    });
    made.book(9_000, 9_200, 'KXBTCD-C');
    made.contract({ ticker: 'KXBTCD-D', floorUnits: FLOOR + 2_000 });
    made.book(9_200, 9_000, 'KXBTCD-D');
    made.pass(SECOND);
    made.contract({ ticker: 'KXBTCD-E', floorUnits: FLOOR + 2_000 });
    made.book(9_000, 9_200, 'KXBTCD-E');
    made.voidBook('KXBTCD-E');
    made.pass(SECOND);
    expect(made.only('bundle')).toEqual([]);
  });

  test('what the quotes imply is told every so often, and nothing where a close has one strike', () => {
    const made = bench({ ladderEveryMicros: 5 * SECOND });
    made.book(4_500, 4_700, A);
    made.pass(SECOND);
    expect(made.only('ladder')).toEqual([]);
    made.book(3_000, 3_200, B);
    for (let second = 0; second < 12; second++) {
      made.delta('bid', 3_000, 100, B);
      made.pass(SECOND);
    }
    const told = made.only('ladder');
    expect(told.length).toBeGreaterThan(1);
    for (const [i, { at }] of told.slice(1).entries())
      expect(at - (told[i]?.at ?? 0)).toBeGreaterThanOrEqual(5 * SECOND);
    expect(told[0]).toMatchObject({ asset: 'BTC', strikes: 2, agrees: expect.any(Boolean) });
    expect(told[0]?.volatility).toBeGreaterThan(0);
    expect(told[0]?.forecastVolatility).toBeCloseTo(0.45, 1);
  });
});
