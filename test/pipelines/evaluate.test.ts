import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModels } from '../../pipelines/load/load-models.ts';
import { type EvaluateOptions, type EvaluateReport, evaluate } from '../../pipelines/research/evaluate.ts';
import type { MinuteBar } from '../../src/domain/bars.ts';
import { DAY, MINUTE, type Micros } from '../../src/domain/time.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';
import { minuteGrid } from '../../src/forecast/backbone/minute-grid.ts';
import { originFrom, originsOf } from '../../src/forecast/backbone/origins.ts';
import { MEMBER_MINUTES } from '../../src/forecast/members/models-manifest.ts';
import { qlike } from '../../src/maths/qlike.ts';
import { ewmaForecasts } from '../../src/research/ewma.ts';
import { harSeasonForecasts } from '../../src/research/har-season.ts';
import { harStrongForecasts } from '../../src/research/har-strong.ts';
import { handFold, handModels } from '../forecast/hand-models.ts';
import { constantly, type Linear } from '../forecast/members/linear-graphs.ts';
import { type FoldFiles, writeModels } from '../forecast/write-models.ts';
import { BTC } from '../support/btc.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { BARS_FROM, wanderingBars, writeBars } from './synthetic-bars.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));
const iso = (at: Micros): string => new Date(at / 1_000).toISOString();

const DAYS = 38;
const FROM = BARS_FROM + 34 * DAY;
const TO = FROM + 3.8 * DAY;
const TRAINED = iso(FROM - 2 * DAY);
/** An hour in the middle of the span has no bars: a sequence model abstains until its window is whole again. */
const HOLE = { from: FROM + 1.5 * DAY, until: FROM + 1.5 * DAY + 60 * MINUTE };
/** Nor have four weeks of the month between two fits of the baseline, which only cost time. */
const isMissing = ({ openAt }: MinuteBar): boolean =>
  (openAt >= HOLE.from && openAt < HOLE.until) ||
  (openAt >= BARS_FROM + 4.5 * DAY && openAt < BARS_FROM + 30 * DAY);
const bars = wanderingBars(11, DAYS * 1_440).filter((bar) => !isMissing(bar));
const csv = writeBars(join(root, 'bars.csv'), bars);

/** Trees that lean on the backbone's own forecast, which is their first input. */
const leaning: Linear = {
  picks: [0, 0, 0, 0],
  slopes: [-0.2, -0.2, -0.2, -0.2],
  biases: [-3, -3, -3, -3],
};
/** Ends that differ by horizon, before and after their constants. */
const ENDS = MEMBER_MINUTES.map((_, h) => ({
  low: -0.75 - h / 8,
  high: 0.5 + h / 8,
  add: { low: -0.25, high: h / 4 },
}));
const first: FoldFiles = {
  name: 'first',
  trainedUntil: TRAINED,
  trees: leaning,
  quantiles: constantly(ENDS.flatMap(({ low, high }) => [low, high])),
  // The band is of realised variance, so what maps that to moves that settle has no part in its coverage.
  horizons: handFold().horizons.map((horizon, h) => ({
    ...horizon,
    logSettle: 0.2,
    band: (ENDS[h] as (typeof ENDS)[number]).add,
  })),
};
/** The backbone never takes over, so there is a band at every origin. */
const guard = { ...handModels().guard, worse: 1e6 };
const modelsOf = (folds: readonly FoldFiles[] = [first]) =>
  loadModels(writeModels(room(), folds, { guard }).path);
const report = (over: Partial<EvaluateOptions> = {}) =>
  evaluate({
    asset: BTC,
    bars: [csv],
    volume: [],
    labels: [],
    from: FROM,
    to: TO,
    models: modelsOf(),
    ...over,
  });
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('evaluate', () => {
  const steps = new Set<string>();
  let base: EvaluateReport;
  beforeAll(async () => {
    base = await report({ progress: (step) => steps.add(step) });
  });

  test('scores every model at every horizon against the baseline, and tells how far it is', () => {
    expect(base).toMatchObject({
      from: iso(FROM),
      to: iso(TO),
      folds: [`first, trained until ${TRAINED}`],
      baseline: 'harSeason',
    });
    expect(Object.keys(base.scores)).toEqual(MEMBER_MINUTES.map(String));
    for (const scores of Object.values(base.scores)) {
      expect(Object.keys(scores)).toEqual([
        'ewma',
        'harSeason',
        'harStrong',
        'harX',
        'lightgbm',
        'patchtst',
        'ensemble',
      ]);
      for (const [model, score] of Object.entries(scores)) {
        const { qlike: loss, r2Log, mzSlope, logLoss, brier, dmT } = score;
        for (const value of [loss, mzSlope]) expect(Number.isFinite(value)).toBe(true);
        for (const share of [r2Log, logLoss, brier]) {
          expect(share).toBeGreaterThan(0);
          expect(share).toBeLessThan(1);
        }
        // The baseline does not differ from itself.
        expect(Number.isFinite(dmT)).toBe(model !== 'harSeason');
      }
    }
    const told = ['features', 'members', '5 minutes', '15 minutes', '30 minutes', '60 minutes'];
    expect([...steps]).toEqual(told);
  });

  test('baselines are scaled by windows that had ended when the span began, and by no other; a member is scored where it spoke', () => {
    const grid = minuteGrid(bars, BTC.floors.variance);
    const origins = originsOf(bars, grid, BTC);
    const [start, end] = [originFrom(origins, FROM), originFrom(origins, TO)];
    expect(base.origins).toBe(end - start);
    for (const minutes of MEMBER_MINUTES) {
      const h = HORIZON_MINUTES.indexOf(minutes);
      const realised = (i: number): number => origins.logVariance[i * HORIZON_MINUTES.length + h] as number;
      const byModel = {
        ewma: ewmaForecasts(grid, origins.at.subarray(0, end)),
        harSeason: harSeasonForecasts(origins, h, 0, end),
        harStrong: harStrongForecasts(origins, h, 0, end),
      };
      for (const [model, forecasts] of Object.entries(byModel)) {
        const indices = Array.from({ length: end }, (_, i) => i);
        const completed = indices.filter(
          (i) => (origins.at[i] as number) + minutes * MINUTE <= FROM && !Number.isNaN(forecasts[i]),
        );
        // The strong baseline has more to fit, and begins later.
        expect(completed.length).toBeGreaterThan(model === 'harStrong' ? 400 : 800);
        const scale = mean(completed.map((i) => Math.exp(realised(i) - (forecasts[i] as number))));
        const losses = indices
          .slice(start)
          .map((i) => qlike(realised(i), (forecasts[i] as number) + Math.log(scale)));
        expect(base.scores[minutes]?.[model as 'ewma']?.qlike).toBeCloseTo(mean(losses), 10);
      }
      // The minute after the hole has no return either.
      const lost = (at: number): number =>
        Math.max(0, Math.min(at, HOLE.until + MINUTE) - Math.max(at - 512 * MINUTE, HOLE.from)) / MINUTE;
      const spoke = [...origins.at.subarray(start, end)].filter((at) => 512 - lost(at) >= 480).length;
      expect(spoke).toBeLessThan(end - start - 50);
      expect(base.scores[minutes]?.patchtst?.origins).toBe(spoke);
      expect(base.scores[minutes]?.lightgbm?.origins).toBe(end - start);
    }
  });

  test('bands are held against what came: shares, width and losses are those of a naive list', () => {
    const origins = originsOf(bars, minuteGrid(bars, BTC.floors.variance), BTC);
    const [start, end] = [originFrom(origins, FROM), originFrom(origins, TO)];
    const columns = ['variance60', 'variance1440'].map((name) =>
      barFeatures.findIndex((feature) => feature.name === name),
    );
    expect(Object.keys(base.bands)).toEqual(MEMBER_MINUTES.map(String));
    for (const [m, minutes] of MEMBER_MINUTES.entries()) {
      const { low, high, add } = ENDS[m] as (typeof ENDS)[number];
      const h = HORIZON_MINUTES.indexOf(minutes);
      const outcomes = Array.from({ length: end - start }, (_, k) => {
        const i = start + k;
        const features = origins.values.subarray(i * barFeatures.length);
        const harX = mean(columns.map((column) => features[column] as number));
        const came = (origins.logVariance[i * HORIZON_MINUTES.length + h] as number) - harX;
        return { below: came - (low + add.low), above: came - (high + add.high) };
      });
      const share = (of: (outcome: (typeof outcomes)[number]) => boolean): number =>
        outcomes.filter(of).length / outcomes.length;
      const found = base.bands[minutes];
      expect(found?.origins).toBe(outcomes.length);
      expect(found?.below).toBe(share(({ below }) => below < 0));
      expect(found?.above).toBe(share(({ above }) => above > 0));
      expect(found?.inside).toBeCloseTo(
        share(({ below, above }) => below >= 0 && above <= 0),
        12,
      );
      for (const part of [found?.below, found?.inside, found?.above]) expect(part).toBeGreaterThan(0.01);
      expect(found?.widthLog).toBeCloseTo(high + add.high - low - add.low, 6);
      const loss = (level: number, misses: readonly number[]): number =>
        mean(misses.map((miss) => (miss < 0 ? (level - 1) * miss : level * miss)));
      const [lows, highs] = [outcomes.map(({ below }) => below), outcomes.map(({ above }) => above)];
      expect(found?.pinballLow).toBeCloseTo(loss(0.1, lows), 6);
      expect(found?.pinballHigh).toBeCloseTo(loss(0.9, highs), 6);
    }
  });

  test('no look at the future: bars from the end of the span on do not change a score, bars before it do', async () => {
    const wild = (from: Micros): string =>
      writeBars(
        join(room(), 'wild.csv'),
        bars.map((bar, i) => {
          if (bar.openAt < from) return bar;
          const close = bar.close * (i % 2 === 0 ? 1.01 : 0.99);
          return { ...bar, close, high: Math.max(bar.high, close), low: Math.min(bar.low, close) };
        }),
      );
    const outcomes = { labels: [csv] };
    expect(await report({ bars: [wild(TO)], ...outcomes })).toEqual(base);
    const sooner = await report({ bars: [wild(TO - DAY)], ...outcomes });
    for (const minutes of MEMBER_MINUTES) {
      const [before, after] = [base.scores[minutes], sooner.scores[minutes]];
      expect(after?.harSeason).toEqual(before?.harSeason);
      expect(after?.ewma).toEqual(before?.ewma);
      expect(after?.ensemble?.qlike).toBeGreaterThan(2 * (before?.ensemble?.qlike ?? 0));
    }
  });

  test('a fold trained inside the span forecasts from then on, and its calibration, which has seen some of it, is not used', async () => {
    const absurd = handFold().horizons.map((horizon) => ({
      ...horizon,
      logSettle: 4,
      nu: 2.01,
      tScale: 9,
    }));
    const second = iso(FROM + 2 * DAY);
    const both = await report({
      models: modelsOf([
        first,
        {
          name: 'second',
          trainedUntil: second,
          trees: { ...leaning, slopes: [0.3, 0.3, 0.3, 0.3], biases: [4.8, 4.8, 4.8, 4.8] },
          horizons: absurd,
        },
      ]),
    });
    expect(both.folds).toEqual([`first, trained until ${TRAINED}`, `second, trained until ${second}`]);
    for (const minutes of MEMBER_MINUTES) {
      const [one, two] = [base.scores[minutes], both.scores[minutes]];
      expect(Math.abs((two?.harX?.logLoss ?? 0) - (one?.harX?.logLoss ?? 0))).toBeLessThan(0.01);
      expect(two?.lightgbm?.qlike).not.toBeCloseTo(one?.lightgbm?.qlike ?? 0, 3);
      // The second fold has no constants, so it serves no band.
      const served = both.bands[minutes]?.origins ?? 0;
      expect(served).toBeGreaterThan(0);
      expect(served).toBeLessThan(0.6 * (base.bands[minutes]?.origins ?? 0));
    }
  });

  test('refuses a span that every fold has seen, even by a microsecond, and one that is too short', async () => {
    const seen = modelsOf([{ ...first, trainedUntil: iso(FROM + 1_000) }]);
    await expect(report({ models: seen })).rejects.toThrow(
      `evaluate: every fold of the models has seen data after ${iso(FROM)}; choose a later --from, or train a fold until then`,
    );
    await expect(report({ to: FROM + 3 * DAY })).rejects.toThrow(
      /^evaluate: needs at least 1,000 origins in the span and in the 90 days before it, was 8\d\d and \d+$/,
    );
  });
});
