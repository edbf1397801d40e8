import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { neweyWest } from '../../src/maths/newey-west.ts';
import { studentT } from '../../src/maths/student-t.ts';
import { dailyMeans, lossesOf, type Scored, scoresOf } from '../../src/research/scores.ts';
import { random } from '../support/random.ts';

const zeros = (length: number): Float64Array => new Float64Array(length);
/** Origins a minute apart under the normal law, forecasting variance 1 a minute over four minutes, with nothing moved: what a case does not say. */
const scored = (
  rest: Partial<Scored>,
  length = rest.logForecast?.length ?? rest.moves?.length ?? 1,
): Scored => ({
  at: Float64Array.from({ length }, (_, i) => i * MINUTE),
  minutes: 4,
  logRealised: zeros(length),
  logForecast: zeros(length),
  moves: zeros(length),
  dayDeviation: zeros(length).fill(1),
  logSettle: 0,
  nu: Number.POSITIVE_INFINITY,
  tScale: 1,
  ...rest,
});
const scores = (rest: Partial<Scored>, baseline?: Float64Array) => {
  const model = scored(rest);
  return scoresOf(model, baseline ?? lossesOf(model));
};
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
/** Normal probabilities at 0.25, 0.5, 1, 1.5 and 2 deviations, as tables print them. */
const NORMAL = [0.598706, 0.691462, 0.841345, 0.933193, 0.97725];

describe('QLIKE', () => {
  test('by hand: rv/f − ln(rv/f) − 1', () => {
    const model = scored({
      logRealised: Float64Array.of(Math.log(2), Math.log(1), Math.log(3)),
      logForecast: Float64Array.of(Math.log(1), Math.log(2), Math.log(3)),
    });
    const losses = [2 - Math.log(2) - 1, 0.5 + Math.log(2) - 1, 0];
    for (const [i, loss] of lossesOf(model).entries()) expect(loss).toBeCloseTo(losses[i] ?? 0, 12);
    const { qlike, origins } = scoresOf(model, zeros(3));
    expect(qlike).toBeCloseTo(mean(losses), 12);
    expect(origins).toBe(3);
  });

  test('trimmed, it leaves out the worst thousandth, rounded up, wherever they stand', () => {
    const logRealised = (length: number): Float64Array => {
      const logs = zeros(length).fill(Math.log(2));
      logs[7] = 5;
      logs[600] = 6;
      return logs;
    };
    const usual = 1 - Math.log(2);
    const [five, six] = [5, 6].map((log) => Math.exp(log) - log - 1) as [number, number];
    const thousand = scores({ logRealised: logRealised(1_000), logForecast: zeros(1_000) });
    expect(thousand.qlike).toBeCloseTo((998 * usual + five + six) / 1_000, 9);
    expect(thousand.qlikeTrimmed).toBeCloseTo((998 * usual + five) / 999, 9);
    const more = scores({ logRealised: logRealised(1_001), logForecast: zeros(1_001) });
    expect(more.qlikeTrimmed).toBeCloseTo(usual, 9);
  });
});

describe('the regression of log realised variance on log forecasts', () => {
  const logForecast = Float64Array.of(-1, 0, 1, 2);

  test('by hand: y = 2x + 1 has slope 2 and R² 1, a flatter law a flatter slope', () => {
    const steep = scores({ logForecast, logRealised: logForecast.map((x) => 2 * x + 1) });
    expect([steep.mzSlope, steep.r2Log]).toEqual([2, 1]);
    const flat = scores({ logForecast, logRealised: logForecast.map((x) => 3 - x / 4) });
    expect([flat.mzSlope, flat.r2Log]).toEqual([-0.25, 1]);
  });

  test('by hand: with noise R² is the squared correlation, and the slope is of realised on forecast', () => {
    // Sxx = 5, Sxy = 3, Syy = 5.
    const { mzSlope, r2Log } = scores({ logForecast, logRealised: Float64Array.of(0, -1, 2, 1) });
    expect(mzSlope).toBeCloseTo(3 / 5, 12);
    expect(r2Log).toBeCloseTo((3 * 3) / (5 * 5), 12);
  });
});

describe('log-loss and Brier score of strikes', () => {
  test('by hand: nothing moved, and strikes are set by the deviation that is forecast', () => {
    const { logLoss, brier } = scores({});
    expect(logLoss).toBeCloseTo(mean(NORMAL.map((p) => -Math.log(p))), 6);
    expect(brier).toBeCloseTo(mean(NORMAL.map((p) => (1 - p) ** 2)), 6);
  });

  test('by hand: a move past every strike makes those above it dear', () => {
    const { logLoss, brier } = scores({ moves: Float64Array.of(100) });
    expect(logLoss).toBeCloseTo(mean(NORMAL.flatMap((p) => [-Math.log(p), -Math.log(1 - p)])), 5);
    expect(brier).toBeCloseTo(mean(NORMAL.flatMap((p) => [(1 - p) ** 2, p ** 2])), 6);
  });

  test('by hand: a move between strikes has come for those below it alone; at a strike it has not passed it', () => {
    // Deviation over four minutes is 2: strikes at ±0.5, 1, 2, 3, 4.
    const past = new Set([-4, -3, -2, -1, -0.5, 0.5]);
    const expected = [-4, -3, -2, -1, -0.5, 0.5, 1, 2, 3, 4].map((strike) => {
      const above = 1 - studentT(Number.POSITIVE_INFINITY).cdf(strike / 2);
      return -Math.log(past.has(strike) ? above : 1 - above);
    });
    expect(scores({ moves: Float64Array.of(0.7) }).logLoss).toBeCloseTo(mean(expected), 9);
    expect(scores({ moves: Float64Array.of(1) }).logLoss).toBeCloseTo(mean(expected), 9);
  });

  test('by hand: the law’s scale, degrees and settlement ratio say what a strike is worth, the day’s deviation where it is', () => {
    // Cauchy: F(x) = ½ + atan(x)/π. Forecast e¹ with settlement ratio e⁻¹: variance 4; scale 3: unit 6; strikes at z · 0.5 · 2.
    const { logLoss, brier } = scores({
      nu: 1,
      tScale: 3,
      logForecast: Float64Array.of(1),
      logSettle: -1,
      dayDeviation: Float64Array.of(0.5),
    });
    const below = [0.25, 0.5, 1, 1.5, 2].map((z) => 0.5 + Math.atan(z / 6) / Math.PI);
    expect(logLoss).toBeCloseTo(mean(below.map((p) => -Math.log(p))), 9);
    expect(brier).toBeCloseTo(mean(below.map((p) => (1 - p) ** 2)), 9);
  });

  test('a certainty that was wrong costs the log of a millionth, no more', () => {
    const { logLoss } = scores({ moves: Float64Array.of(1e6), logForecast: Float64Array.of(-60) });
    // Five strikes below were sure and right, five above sure and wrong.
    expect(logLoss).toBeCloseTo((-Math.log(1e-6) - Math.log(1 - 1e-6)) / 2, 9);
  });

  test('an origin without a move has no part in them', () => {
    const one = scores({});
    const two = scores({ moves: Float64Array.of(Number.NaN, 0), logForecast: Float64Array.of(5, 0) });
    expect(two).toMatchObject({ origins: 2, logLoss: one.logLoss, brier: one.brier, pitKs: one.pitKs });
  });
});

describe('uniformity of the probability integral transform', () => {
  test('by hand: one move in the middle is half away, moves at the middles of n parts half of one part', () => {
    expect(scores({}).pitKs).toBe(0.5);
    // Cauchy over one minute of variance 1: quantiles are tan(π(u − ½)).
    const middles = [3, 0, 4, 1, 2].map((i) => (i + 0.5) / 5);
    const moves = Float64Array.from(middles, (u) => Math.tan(Math.PI * (u - 0.5)));
    expect(scores({ nu: 1, minutes: 1, moves }).pitKs).toBeCloseTo(0.1, 9);
  });

  test('by hand: a law too wide or too narrow shows as a distance', () => {
    const moves = Float64Array.of(-1, 1);
    // F(−1) = ¼ and F(1) = ¾ under the Cauchy law are uniform; all in the middle or at the ends they are not.
    expect(scores({ nu: 1, minutes: 1, moves }).pitKs).toBeCloseTo(0.25, 9);
    const wide = 0.5 - Math.atan(1 / 3) / Math.PI;
    expect(scores({ nu: 1, minutes: 1, moves, tScale: 3 }).pitKs).toBeCloseTo(wide, 9);
    const narrow = Math.atan(3) / Math.PI;
    expect(scores({ nu: 1, minutes: 1, moves, tScale: 1 / 3 }).pitKs).toBeCloseTo(narrow, 9);
  });

  test('moves drawn from the law itself are near uniform', () => {
    const { studentT: draw } = random(91);
    const moves = Float64Array.from({ length: 4_000 }, () => 2 * 0.7 * draw(5));
    expect(scores({ nu: 5, tScale: 0.7, moves }).pitKs).toBeLessThan(1.63 / Math.sqrt(4_000));
  });
});

describe('the test against the baseline', () => {
  test('daily means are by UTC day, in order, of the days that have values', () => {
    const at = [0, DAY - 1, DAY, 3 * DAY, 3 * DAY + 5, 4 * DAY];
    expect(dailyMeans(at, [1, 3, 5, 10, 20, 7])).toEqual([2, 5, 15, 7]);
    expect(dailyMeans([], [])).toEqual([]);
  });

  test('is the HAC t of daily means of the loss less the baseline’s: negative where the model is better', () => {
    const { normal } = random(92);
    const length = 60;
    const at = Float64Array.from({ length }, (_, i) => (i * DAY) / 2);
    const logForecast = Float64Array.from({ length }, () => 0.3 * normal());
    const losses = lossesOf(scored({ logForecast }));
    const worse = losses.map((loss) => loss + 0.1 + 0.02 * normal());
    const { dmT } = scores({ at, logForecast }, worse);
    const days = Array.from({ length: 30 }, (_, day) =>
      mean([0, 1].map((half) => (losses[2 * day + half] ?? 0) - (worse[2 * day + half] ?? 0))),
    );
    expect(dmT).toBeCloseTo(neweyWest(days).t, 9);
    expect(dmT).toBeLessThan(-20);
    expect(scores({ at, logForecast }, losses).dmT).toBeNaN();
    expect(scores({ at, logForecast }, worse).baselineQlike).toBeCloseTo(mean([...worse]), 12);
  });

  test('property: the order of losses within a day does not matter, and swapping the two models swaps the sign', () => {
    fc.assert(
      fc.property(fc.nat(1_000), (seed) => {
        const { normal } = random(seed);
        const draw = () => Float64Array.from({ length: 48 }, () => 0.3 * normal());
        const at = Float64Array.from({ length: 48 }, (_, i) => (i * DAY) / 4);
        const [one, other] = [draw(), draw()];
        const [forward, back] = [
          scores({ at, logForecast: one }, lossesOf(scored({ logForecast: other }))).dmT,
          scores({ at, logForecast: other }, lossesOf(scored({ logForecast: one }))).dmT,
        ];
        expect(back).toBeCloseTo(-forward, 9);
        const swapped = (values: Float64Array): Float64Array =>
          values.map((_, i) => values[4 * Math.floor(i / 4) + (3 - (i % 4))] as number);
        const reordered = lossesOf(scored({ logForecast: swapped(other) }));
        expect(scores({ at, logForecast: swapped(one) }, reordered).dmT).toBeCloseTo(forward, 9);
      }),
      { numRuns: 50 },
    );
  });
});
