import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import { blendWeight } from '../../../src/research/score/blend-weight.ts';
import { calibrationOf } from '../../../src/research/score/calibration.ts';
import { clusteredMean } from '../../../src/research/score/clustered.ts';
import { scoreQuotes } from '../../../src/research/score/score-quotes.ts';
import { logistic, logit, type ScoredQuote } from '../../../src/research/score/scored-quote.ts';
import { random } from '../../support/random.ts';

const CLOSE_AT = Date.parse('2026-05-01T12:00:00Z') * 1_000;

/**
 * Markets in which YES comes with logit p = w·logit(model) + (1 − w)·logit(mid): model and mid each know a
 * part of the truth. Several rows a market share its outcome.
 */
const marketsOf = (count: number, w: number, seed: number, rowsEach = 1): readonly ScoredQuote[] => {
  const { normal, uniform } = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const [model, mid] = [logistic(1.5 * normal()), logistic(1.5 * normal())];
    const yes = uniform() < logistic(w * logit(model) + (1 - w) * logit(mid));
    const closeAt = CLOSE_AT + Math.floor(i / 96) * DAY + (i % 96) * 15 * MINUTE;
    return Array.from({ length: rowsEach }, (__, k) => ({
      at: closeAt - (k + 1) * MINUTE,
      ticker: `M-${i}`,
      closeAt,
      close: `M-${i}`,
      model,
      mid,
      yes,
    }));
  }).flat();
};
const half = { blend: (model: number, mid: number) => (model + mid) / 2, advantage: 0.001 };

describe('clusteredMean', () => {
  test('property: it is the mean of the means, and its error is that of independent means', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ cluster: fc.constantFrom('a', 'b', 'c', 'd'), x: fc.integer({ min: -9, max: 9 }) }),
          {
            minLength: 1,
            maxLength: 30,
          },
        ),
        (rows) => {
          const names = [...new Set(rows.map(({ cluster }) => cluster))];
          const means = names.map((name) => {
            const own = rows.filter(({ cluster }) => cluster === name);
            return own.reduce((sum, { x }) => sum + x, 0) / own.length;
          });
          const mean = means.reduce((sum, each) => sum + each, 0) / means.length;
          const found = clusteredMean(
            rows,
            ({ cluster }) => cluster,
            ({ x }) => x,
          );
          expect(found.clusters).toBe(names.length);
          expect(found.mean).toBeCloseTo(mean, 10);
          if (names.length < 2) expect(found.standardError).toBeNaN();
          else {
            const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
            expect(found.standardError).toBeCloseTo(
              Math.sqrt(squares / (means.length - 1) / means.length),
              10,
            );
          }
        },
      ),
    );
  });
});

describe('blendWeight', () => {
  test('finds the weight by which the outcomes were made, within its own error', () => {
    for (const [w, seed] of [
      [0, 1],
      [0.3, 2],
      [0.8, 3],
      [1, 4],
    ] as const) {
      const { value, standardError } = blendWeight(marketsOf(3_000, w, seed));
      expect(Math.abs(value - w)).toBeLessThan(4 * standardError);
      expect(standardError).toBeLessThan(0.05);
    }
  });

  test('is the most likely weight: no other on a fine grid is likelier', () => {
    const rows = marketsOf(200, 0.4, 7);
    const likelihood = (w: number): number =>
      rows.reduce((sum, { model, mid, yes }) => {
        const p = logistic(w * logit(model) + (1 - w) * logit(mid));
        return sum + Math.log(yes ? p : 1 - p);
      }, 0);
    const { value } = blendWeight(rows);
    for (let w = -1; w <= 2; w += 0.01) expect(likelihood(w)).toBeLessThanOrEqual(likelihood(value) + 1e-9);
  });

  test('its error is that of repeated samples, and rows that repeat a close add nothing', () => {
    const values = Array.from({ length: 100 }, (_, i) => blendWeight(marketsOf(300, 0.3, 100 + i)).value);
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
    const one = blendWeight(marketsOf(300, 0.3, 9));
    expect(one.standardError / spread).toBeGreaterThan(0.75);
    expect(one.standardError / spread).toBeLessThan(1.33);
    const repeated = blendWeight(marketsOf(300, 0.3, 9, 10));
    expect(repeated.value).toBeCloseTo(one.value, 8);
    expect(repeated.standardError).toBeCloseTo(one.standardError, 8);
  });

  test('is not known where model and mid never differ', () => {
    const rows = marketsOf(50, 0.5, 3).map((row) => ({ ...row, model: row.mid }));
    expect(blendWeight(rows).value).toBeNaN();
  });
});

describe('calibrationOf', () => {
  test('gives slope one to probabilities that are right, and less to those that are too sure', () => {
    const rows = marketsOf(4_000, 1, 11);
    const right = calibrationOf(rows, ({ model }) => model);
    expect(Math.abs(right.slope - 1)).toBeLessThan(0.1);
    expect(right.ece).toBeLessThan(0.03);
    const sure = calibrationOf(rows, ({ model }) => logistic(2 * logit(model)));
    expect(sure.slope).toBeCloseTo(right.slope / 2, 6);
    expect(sure.ece).toBeGreaterThan(right.ece);
    expect(right.bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
    for (const { from, to, meanProbability } of right.bins) {
      expect(meanProbability).toBeGreaterThanOrEqual(from);
      expect(meanProbability).toBeLessThanOrEqual(to);
    }
  });
});

describe('scoreQuotes', () => {
  test('equals a reckoning by hand on three markets', () => {
    const row = (ticker: string, minutes: number, model: number, mid: number, yes: boolean): ScoredQuote => ({
      at: CLOSE_AT - minutes * MINUTE,
      ticker,
      closeAt: CLOSE_AT,
      close: ticker,
      model,
      mid,
      yes,
    });
    const score = scoreQuotes(
      [
        row('A', 2, 0.9, 0.8, true),
        row('A', 4, 0.7, 0.5, true),
        row('B', 2, 0.4, 0.6, false),
        row('C', 10, 0.2, 0.3, true),
      ],
      half,
    );
    const l = Math.log;
    const mids = [(-l(0.8) - l(0.5)) / 2, -l(0.4), -l(0.3)];
    const blends = [(-l(0.85) - l(0.6)) / 2, -l(0.5), -l(0.25)];
    const gains = blends.map((loss, i) => loss - (mids[i] as number));
    const mean = gains.reduce((sum, each) => sum + each, 0) / 3;
    const deviation = Math.sqrt(gains.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 2);
    expect(score.markets).toBe(3);
    expect(score.overall.logLoss.mid).toBeCloseTo(mids.reduce((sum, each) => sum + each, 0) / 3, 12);
    expect(score.overall.blendMinusMid).toBeCloseTo(mean, 12);
    expect(score.overall.standardError).toBeCloseTo(deviation / Math.sqrt(3), 12);
    expect(score.marketsNeeded).toBe(Math.ceil(((2 * deviation) / 0.001) ** 2));
    expect(
      score.buckets.map(({ fromMinutes, toMinutes, markets }) => [fromMinutes, toMinutes, markets]),
    ).toEqual([
      [0, 3, 2],
      [3, 7, 1],
      [7, 15, 1],
    ]);
    expect(score.buckets[1]?.logLoss.model).toBeCloseTo(-l(0.7), 12);
    expect(score.bands.reduce((sum, { rows }) => sum + rows, 0)).toBe(4);
  });

  test('says yes, no or not yet, as the interval lies', () => {
    const choice = (blend: (model: number, mid: number) => number, advantage = 0.01) => ({
      blend,
      advantage,
    });
    const rows = marketsOf(1_000, 1, 5);
    expect(
      scoreQuotes(
        rows,
        choice((model) => model),
      ).sentence,
    ).toMatch(/^yes: blend minus mid is −/);
    const worse = marketsOf(1_000, 0, 5);
    expect(
      scoreQuotes(
        worse,
        choice((model) => model),
      ).sentence,
    ).toMatch(/^no: the mid is better/);
    const few = scoreQuotes(marketsOf(20, 0.5, 5), half);
    expect(few.sentence).toMatch(/^not yet: .* covers zero; an advantage of 0\.001 shows after \d+ more$/);
    expect(few.marketsNeeded).toBeGreaterThan(20);
    expect(scoreQuotes(marketsOf(1, 0.5, 5), half).sentence).toBe(
      'not yet: 1 closes, too few to say anything',
    );
    // The same probabilities: the difference is nothing, however many markets there are.
    expect(
      scoreQuotes(
        rows,
        choice((_, mid) => mid),
      ).overall.blendMinusMid,
    ).toBe(0);
  });

  test('a certain probability that is wrong costs much, and not without bound', () => {
    const [first] = marketsOf(1, 0.5, 5);
    const wrong = { ...(first as ScoredQuote), model: 0, mid: 0.5, yes: true };
    const score = scoreQuotes([wrong], { blend: (model) => model, advantage: 0.001 });
    expect(score.overall.logLoss.model).toBeCloseTo(-Math.log(0.0005), 10);
  });

  test('strikes of one close are one observation: to say a close twice says nothing more', () => {
    const rows = marketsOf(300, 0.3, 12);
    const twice = rows.flatMap((row) => [row, { ...row, ticker: `${row.ticker}-B` }]);
    const [one, two] = [scoreQuotes(rows, half), scoreQuotes(twice, half)];
    expect([two.markets, two.closes]).toEqual([2 * one.markets, one.closes]);
    expect(two.overall.standardError).toBeCloseTo(one.overall.standardError, 12);
    expect(two.weight.standardError).toBeCloseTo(one.weight.standardError, 10);
  });

  test('refuses to score nothing', () => {
    expect(() => scoreQuotes([], half)).toThrow('there is no quote');
  });
});
