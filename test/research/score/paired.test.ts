import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/domain/time.ts';
import { pairedScore } from '../../../src/research/score/paired.ts';
import type { ScoredQuote } from '../../../src/research/score/scored-quote.ts';

const CLOSE_AT = Date.parse('2026-05-01T12:00:00Z') * 1_000;
const row = (close: number, minutesLeft: number, model: number, yes = true, late = 0): ScoredQuote => ({
  at: CLOSE_AT + close * 15 * MINUTE - minutesLeft * MINUTE + late,
  ticker: `M-${close}`,
  closeAt: CLOSE_AT + close * 15 * MINUTE,
  close: `M-${close}`,
  model,
  mid: 0.5,
  blend: (model + 0.5) / 2,
  yes,
});

describe('pairedScore', () => {
  test('property: it is the mean over closes of the mean difference in each, and swapping turns its sign', () => {
    const probability = fc.integer({ min: 5, max: 95 }).map((n) => n / 100);
    const closes = fc.array(
      fc.record({
        yes: fc.boolean(),
        pairs: fc.array(fc.tuple(probability, probability), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 2, maxLength: 8 },
    );
    fc.assert(
      fc.property(closes, (given) => {
        const rows = (which: 0 | 1): readonly ScoredQuote[] =>
          given.flatMap(({ yes, pairs }, c) => pairs.map((pair, m) => row(c, m + 1, pair[which], yes)));
        const loss = (p: number, yes: boolean): number => -Math.log(yes ? p : 1 - p);
        const means = given.map(
          ({ yes, pairs }) =>
            pairs.reduce((sum, [a, b]) => sum + loss(a, yes) - loss(b, yes), 0) / pairs.length,
        );
        const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
        const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
        const found = pairedScore(rows(0), rows(1));
        expect(found.closes).toBe(given.length);
        expect(found.unpaired).toEqual([0, 0]);
        expect(found.model.mean).toBeCloseTo(mean, 10);
        expect(found.model.standardError).toBeCloseTo(
          Math.sqrt(squares / (means.length - 1) / means.length),
          10,
        );
        expect(pairedScore(rows(1), rows(0)).model.mean).toBeCloseTo(-mean, 10);
      }),
    );
  });

  test('only the minutes that both runs have are compared, however late in the minute each decided', () => {
    const found = pairedScore(
      [row(0, 5, 0.6), row(0, 4, 0.1), row(1, 5, 0.6)],
      [row(0, 5, 0.5, true, 9_000_000), row(1, 5, 0.5), row(2, 5, 0.1)],
    );
    expect([found.rows, found.closes, found.unpaired]).toEqual([2, 2, [1, 1]]);
    expect(found.model.mean).toBeCloseTo(Math.log(0.5 / 0.6), 12);
    expect(found.blend.mean).toBeCloseTo(Math.log(0.5 / 0.55), 12);
    expect(() => pairedScore([row(0, 5, 0.5)], [row(1, 5, 0.5)])).toThrow(/share no minute/);
  });

  test('the sentence names the better run only where two standard errors do not cover zero', () => {
    const many = (model: (i: number) => number) => Array.from({ length: 20 }, (_, i) => row(i, 5, model(i)));
    const even = many(() => 0.5);
    expect(
      pairedScore(
        many((i) => 0.6 + i / 1_000),
        even,
      ).sentence,
    ).toMatch(/^the first run's model is better: −/);
    expect(
      pairedScore(
        even,
        many((i) => 0.6 + i / 1_000),
      ).sentence,
    ).toMatch(/^the second run's model is better: \+/);
    expect(
      pairedScore(
        many((i) => (i % 2 ? 0.7 : 0.35)),
        even,
      ).sentence,
    ).toMatch(/covers zero$/);
    expect(pairedScore([row(0, 5, 0.6)], [row(0, 5, 0.5)]).sentence).toMatch(/1 closes are too few/);
  });
});
